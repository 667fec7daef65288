/** Below the graphs: one node of each, the same thing, with what both know of it. */

import { pinButton } from "../../graph_view/frontend/parts.js";
import { el } from "../../frontend/dom.js";

export class Details {
  /** @param {{select: (pane: number, id: string) => void, pin: () => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.element = el("div", { class: "ur-autograd-details" });
  }

  /**
   * @param {?{pane: number, id: string, node: object, pinned: boolean}} subject
   * @param {import("./pane.js").Pane[]} panes
   */
  show(subject, panes, reached, data) {
    const linked = subject?.node.links.map((id) => panes[1 - subject.pane].byId.get(id));
    const key = subject
      ? `${subject.pane}|${subject.id}|${subject.pinned}|${[subject.node, ...linked].map((each) => each.felt <= reached)}`
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
    const canPin = (pane) => pane === subject.pane && data.frames.length > 0;
    const held = this.element.querySelector(".ur-pin") === document.activeElement;
    const sides = [];
    sides[subject.pane] = [subject.node];
    sides[1 - subject.pane] = linked;
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
    if (held) this.element.querySelector(".ur-pin")?.focus(); // it was pressed
  }

  card(node, pane, reached) {
    const facts =
      node.felt !== null && node.felt <= reached ? [...node.facts, ...node.later] : node.facts;
    return el(
      "div",
      { class: "ur-autograd-card" },
      el(
        "button",
        { type: "button", class: "ur-link", onclick: () => this.hooks.select(pane, node.id) },
        node.name ? `${node.name} of ${node.symbol}` : node.symbol,
      ),
      el(
        "dl",
        { class: "ur-autograd-facts" },
        ...facts.flatMap(([name, text]) => [
          el("dt", {}, name),
          el("dd", {}, el("code", {}, text)),
        ]),
      ),
    );
  }
}
