/** Below the graphs: one node of each, the same thing, with what both know of it. */

import { pinButton } from "../../graph_view/frontend/parts.js";
import { el } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { calledOf } from "./pane.js";

/** @import { Frame } from "./data.d.ts" */
/** @import { Node, Pane } from "./pane.js" */

/** @typedef {{pane: number, id: string, node: Node, pinned: boolean}} Subject of the texts */

export class Pair {
  /** @param {{select: (pane: number, id: string) => void, pin: () => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.key = "";
    /** @type {?{frames: Frame[]}} */
    this.data = null;
    this.element = el("div", { class: "ur-autograd-details" });
  }

  /** All that is written is to be written anew. */
  forget() {
    this.key = "";
  }

  /**
   * @param {?Subject} subject
   * @param {Pane[]} panes
   * @param {number} reached
   * @param {{frames: Frame[]}} data
   */
  show(subject, panes, reached, data) {
    const linked = subject ? panes[1 - subject.pane].nodesOf(subject.node.links) : [];
    const key = subject
      ? `${subject.pane}|${subject.id}|${subject.pinned}|${[subject.node, ...linked].map((each) => (each.felt ?? 0) <= reached)}`
      : "";
    if (this.key === key && this.data === data) return;
    this.key = key;
    this.data = data;
    if (!subject) {
      this.element.replaceChildren(
        el(
          "p",
          { class: "ur-note" },
          "Point at a node, or select one: its counterpart in the other graph is framed too.",
        ),
      );
      return;
    }
    /** @param {number} pane */
    const canPin = (pane) => pane === subject.pane && data.frames.length > 0;
    const held = this.pin() === document.activeElement;
    const own = [subject.node];
    const sides = subject.pane === 0 ? [own, linked] : [linked, own];
    this.element.replaceChildren(
      ...sides.map((nodes, pane) =>
        el(
          "section",
          { class: "ur-autograd-side", "aria-label": `${panes[pane].data.title}: node` },
          el(
            "div",
            { class: "ur-autograd-about" },
            el("h3", {}, panes[pane].data.title),
            canPin(pane) ? pinButton(subject.pinned, this.hooks.pin) : null,
          ),
          ...(nodes.length
            ? nodes.map((node) => this.card(node, pane, reached))
            : [el("p", { class: "ur-note" }, "no counterpart")]),
        ),
      ),
    );
    if (held) this.pin()?.focus(); // it was pressed
  }

  /** @returns {?HTMLElement} */
  pin() {
    return this.element.querySelector(".ur-pin");
  }

  /** @param {Node} node @param {number} pane @param {number} reached */
  card(node, pane, reached) {
    const facts =
      node.felt !== null && node.felt <= reached ? [...node.facts, ...node.later] : node.facts;
    return el(
      "div",
      { class: "ur-autograd-card" },
      el(
        "button",
        { type: "button", class: "ur-link", onclick: () => this.hooks.select(pane, node.id) },
        calledOf(node),
      ),
      el(
        "dl",
        { class: "ur-autograd-facts" },
        ...facts.flatMap(([name, text]) => [
          el("dt", {}, name),
          el("dd", {}, el("code", {}, writtenText(text))),
        ]),
      ),
    );
  }
}
