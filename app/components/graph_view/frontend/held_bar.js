/** Above the graph: what is held at a value, or pinned, what the loss is then, and how to let go. */

import { el } from "../../shared/frontend/dom.js";
import { notationName, writtenText } from "../../shared/frontend/notation/notation.js";
import { inFull, number, short } from "../../shared/frontend/numbers.js";

/** @import { Held } from "./data.d.ts" */
/** @import { Model } from "./model.js" */

/** @typedef {{free: (place: string) => void, freeAll: () => void, unpin: () => void}} Hooks */

export class HeldBar {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.element = el("div", { class: "ur-held-bar", role: "status", hidden: true });
    /** @type {unknown[]} */
    this.shown = [];
  }

  /**
   * @param {Model} model
   * @param {boolean} holds whether numbers can be held at all
   * @param {boolean} whole whether the loss may be seen
   */
  show(model, holds, whole) {
    const held = holds ? model.held : null;
    const loss = model.loss && whole ? model.valueOf(model.loss)[0] : null;
    const shown = [held, loss, notationName()];
    if (shown.every((each, i) => each === this.shown[i])) return;
    this.shown = shown;
    this.element.hidden = !held;
    if (!held) return;
    const parts =
      held.kind === "held" ? heldParts(held, this.hooks) : pinnedParts(held, this.hooks);
    this.element.replaceChildren(lossOf(held, loss), ...parts);
  }
}

/**
 * The loss before and after what is held, or was changed.
 * @param {Held} held
 * @param {?number} shown
 */
function lossOf(held, shown) {
  if (held.loss === null || shown === null) return "";
  const other = number(held.loss);
  const [before, after] = held.kind === "held" ? [shown, other] : [other, shown];
  return el(
    "strong",
    { translate: "no" },
    `${writtenText("L")} ${short(before)} → ${short(after)}`,
  );
}

/** @param {Held} held @param {Hooks} hooks */
function heldParts(held, hooks) {
  const parts = held.at.map(({ place, value }) =>
    el(
      "span",
      { class: "ur-held-number", translate: "no" },
      `${writtenText(place)} = ${inFull(value)}`,
      link("let go", () => hooks.free(place), {
        "aria-label": `Let go of ${writtenText(place)}`,
        title: "Let go: it is computed again",
      }),
    ),
  );
  return [
    parts.length ? el("span", {}, "held:") : "",
    ...parts,
    held.said ? el("span", {}, writtenText(held.said)) : "",
    parts.length === 1 && !held.said ? "" : link("let go of all", () => hooks.freeAll()),
  ];
}

/** @param {Held} held @param {Hooks} hooks */
const pinnedParts = (held, hooks) => [
  el("span", {}, "beside the pinned run:"),
  el("span", {}, writtenText(held.said)),
  link("unpin", () => hooks.unpin()),
];

/** @param {string} text @param {() => void} onclick @param {Record<string, string>} [more] */
const link = (text, onclick, more = {}) =>
  el("button", { type: "button", class: "ur-link", onclick, ...more }, text);
