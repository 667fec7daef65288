/** The nodes on the canvas as a table: for screen readers, and to copy. */

import { copy, el } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";

/** @import { GraphNode } from "./model.js" */

/** @typedef {{node: GraphNode, value: ?Float64Array, grad: ?Float64Array}} Row null: not reached */

export class NodesTable {
  /** @param {{rows: () => Row[], select: (id: string) => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.body = el("tbody");
    this.copied = el("span", { class: "ur-note", role: "status" });
    this.scroll = el(
      "div",
      {
        class: "ur-scroll",
        tabindex: 0,
        role: "region",
        "aria-label": "Nodes of the graph as a table",
      },
      el(
        "table",
        { class: "ur-table" },
        el("caption", { class: "ur-hidden" }, "Nodes shown in the graph"),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ...["symbol", "value", "gradient"].map((name) => el("th", { scope: "col" }, name)),
          ),
        ),
        this.body,
      ),
    );
    this.element = el(
      "details",
      { class: "ur-details", ontoggle: () => this.show() },
      el("summary", {}, "The graph as a table"),
      el(
        "div",
        { class: "ur-row" },
        el(
          "button",
          { type: "button", class: "ur-button", onclick: () => this.copy() },
          "Copy table",
        ),
        this.copied,
      ),
      this.scroll,
    );
  }

  /** Filled only while it is open: a step must stay cheap. */
  show() {
    if (!this.element.open) return;
    this.body.replaceChildren(
      ...this.hooks
        .rows()
        .map(({ node, value, grad }) =>
          el(
            "tr",
            {},
            el(
              "th",
              { scope: "row" },
              el(
                "button",
                { type: "button", class: "ur-link", onclick: () => this.hooks.select(node.id) },
                node.symbol,
              ),
            ),
            el("td", {}, listed(node, value, short)),
            el("td", {}, listed(node, grad, short)),
          ),
        ),
    );
  }

  async copy() {
    const lines = this.hooks
      .rows()
      .map(({ node, value, grad }) =>
        [node.symbol, listed(node, value, exact), listed(node, grad, exact)].join("\t"),
      );
    const done = await copy(["symbol\tvalue\tgradient", ...lines].join("\n"));
    this.copied.textContent = done ? "Copied" : "Copying was refused by the browser";
    setTimeout(() => this.copied.replaceChildren(), 2000);
  }
}

/** @param {number} value */
const exact = (value) => plain(value, 17);

/**
 * @param {GraphNode} node
 * @param {?Float64Array} numbers
 * @param {(value: number) => string} write
 */
function listed(node, numbers, write) {
  if (!numbers) return "–";
  if (node.shape.length === 0) return write(numbers[0]);
  const columns = node.shape[1] ?? numbers.length;
  /** @type {string[]} */
  const rows = [];
  for (let k = 0; k < numbers.length; k += columns) {
    rows.push(`[${Array.from(numbers.slice(k, k + columns), (value) => write(value)).join(", ")}]`);
  }
  return rows.length > 1 ? `[${rows.join(", ")}]` : rows[0];
}
