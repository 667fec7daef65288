/** Below the graphs: one node of each, the same thing, with what both know of it. */

import { el } from "../shared/dom.js";

export class Details {
  /** @param {(pane: number, id: string) => void} select */
  constructor(select) {
    this.select = select;
    this.element = el("div", { class: "ur-autograd-details" });
  }

  /**
   * @param {?{pane: number, id: string, node: object}} subject
   * @param {import("./pane.js").Pane[]} panes
   */
  show(subject, panes, reached, data) {
    const linked = subject?.node.links.map((id) => panes[1 - subject.pane].byId.get(id));
    const key = subject
      ? `${subject.pane}|${subject.id}|${[subject.node, ...linked].map((each) => each.felt <= reached)}`
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
    const sides = [];
    sides[subject.pane] = [subject.node];
    sides[1 - subject.pane] = linked;
    this.element.replaceChildren(
      ...sides.map((nodes, pane) =>
        el(
          "section",
          { class: "ur-autograd-side", "aria-label": `${panes[pane].data.title}: node` },
          el("h3", {}, panes[pane].data.title),
          ...(nodes.length
            ? nodes.map((node) => this.card(node, pane, reached))
            : [el("p", { class: "ur-note" }, "no counterpart")]),
        ),
      ),
    );
  }

  card(node, pane, reached) {
    const facts = node.felt !== null && node.felt <= reached ? [...node.facts, ...node.later] : node.facts;
    return el(
      "div",
      { class: "ur-autograd-card" },
      el(
        "button",
        { type: "button", class: "ur-link", onclick: () => this.select(pane, node.id) },
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
