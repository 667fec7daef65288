/** Above the graph: what is held at a value, what the loss is then, and how to let go. */

import { el } from "../../shared/frontend/dom.js";
import { number, short } from "../../shared/frontend/numbers.js";

/** @import { Model } from "./model.js" */

export class HeldBar {
  /** @param {{free: (place: string) => void, freeAll: () => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.element = el("div", { class: "ur-held-bar", role: "status", hidden: true });
    /** @type {Model["held"]} */
    this.shown = null;
    this.whole = true;
  }

  /**
   * @param {Model} model
   * @param {boolean} holds whether numbers can be held at all
   * @param {boolean} whole whether the loss may be seen
   */
  show(model, holds, whole) {
    const held = holds ? model.held : null;
    if (held === this.shown && whole === this.whole) return;
    this.shown = held;
    this.whole = whole;
    this.element.hidden = !held;
    if (!held) return;
    const loss = model.loss;
    const before = loss && whole ? short(model.valueOf(loss)[0]) : "";
    const parts = held.at.map(({ place, value }) =>
      el(
        "span",
        { class: "ur-held-number", translate: "no" },
        `${place} = ${short(value, 6)}`,
        el(
          "button",
          {
            type: "button",
            class: "ur-link",
            "aria-label": `Let go of ${place}`,
            title: "Let go: it is computed again",
            onclick: () => this.hooks.free(place),
          },
          "let go",
        ),
      ),
    );
    this.element.replaceChildren(
      held.loss === null || !before
        ? ""
        : el("strong", { translate: "no" }, `L ${before} → ${short(number(held.loss))}`),
      parts.length ? el("span", {}, "held:") : "",
      ...parts,
      held.said ? el("span", {}, held.said) : "",
      parts.length === 1 && !held.said
        ? ""
        : el(
            "button",
            { type: "button", class: "ur-link", onclick: () => this.hooks.freeAll() },
            "let go of all",
          ),
    );
  }
}
