/** The nodes as a table: for screen readers, and for whoever would rather read than point. */

import { el } from "../../shared/frontend/dom.js";

/** @import { Pane, PaneState } from "./pane.js" */

export class PairsTable {
  /** @param {(id: string) => void} select */
  constructor(select) {
    this.select = select;
    this.body = el("tbody");
    /** @type {Pane[]} */
    this.panes = [];
    this.reached = 0;
    this.key = "";
    /** @type {?PaneState} */
    this.data = null;
    this.element = el(
      "details",
      { class: "ur-details", ontoggle: () => this.fill() },
      el("summary", {}, "Nodes as a table"),
      el(
        "div",
        { class: "ur-scroll", tabindex: 0, role: "region", "aria-label": "Nodes as a table" },
        el(
          "table",
          { class: "ur-table ur-autograd-table" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              ...["PyTorch", "made by", "ours", "next_functions"].map((name) =>
                el("th", { scope: "col" }, name),
              ),
            ),
          ),
          this.body,
        ),
      ),
    );
  }

  /** @param {Pane[]} panes @param {number} reached */
  show(panes, reached) {
    this.panes = panes;
    this.reached = reached;
    if (this.element.open) this.fill();
  }

  fill() {
    if (!this.element.open || !this.panes.length) return;
    const [theirs, ours] = this.panes;
    const rows = theirs.data.nodes.filter((node) => node.born <= this.reached);
    const key = `${rows.length}`;
    if (this.key === key && this.data === theirs.data) return;
    this.key = key;
    this.data = theirs.data;
    /** @type {Map<string, string[]>} */
    const next = new Map();
    for (const { from, to } of theirs.edgeList) {
      next.set(from.id, [...(next.get(from.id) ?? []), to.symbol]);
    }
    this.body.replaceChildren(
      ...rows.map((node) =>
        el(
          "tr",
          {},
          el(
            "th",
            { scope: "row" },
            el(
              "button",
              { type: "button", class: "ur-link", onclick: () => this.select(node.id) },
              `${node.name} of ${node.symbol}`,
            ),
          ),
          el("td", {}, el("code", {}, node.facts[0][1])),
          el("td", {}, node.links.map((id) => ours.byId.get(id)?.symbol ?? id).join(", ") || "—"),
          el("td", {}, (next.get(node.id) ?? []).join(", ") || "—"),
        ),
      ),
    );
  }
}
