/** The nodes on the canvas as a table: for screen readers, and to copy. */

import { copy, el } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";

/** @import { GraphNode } from "./model.js" */

/** @typedef {{node: GraphNode, value: ?Float64Array, grad: ?Float64Array,
 *   beside: ?{kind: string, value: ?Float64Array, grad: ?Float64Array}}} Row null: not reached, or
 *   the same in the run beside */

export class NodesTable {
  /** @param {{rows: () => Row[], select: (id: string) => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.body = el("tbody");
    this.heads = el("tr");
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
        el("thead", {}, this.heads),
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
    const rows = this.hooks.rows();
    const heads = headsOf(rows);
    this.heads.replaceChildren(...heads.map((name) => el("th", { scope: "col" }, name)));
    this.body.replaceChildren(
      ...rows.map((row) =>
        el(
          "tr",
          {},
          el(
            "th",
            { scope: "row" },
            el(
              "button",
              { type: "button", class: "ur-link", onclick: () => this.hooks.select(row.node.id) },
              row.node.symbol,
            ),
          ),
          ...numbersOf(row, heads, short).map((text) => el("td", {}, text)),
        ),
      ),
    );
  }

  async copy() {
    const rows = this.hooks.rows();
    const heads = headsOf(rows);
    const lines = rows.map((row) => [row.node.symbol, ...numbersOf(row, heads, exact)].join("\t"));
    const done = await copy([heads.join("\t"), ...lines].join("\n"));
    this.copied.textContent = done ? "Copied" : "Copying was refused by the browser";
    setTimeout(() => this.copied.replaceChildren(), 2000);
  }
}

const HEADS = ["symbol", "value", "gradient"];

/** Two more columns where there is a run beside. @param {Row[]} rows */
function headsOf(rows) {
  const kind = rows.find((row) => row.beside)?.beside?.kind;
  return kind ? [...HEADS, `value, ${kind}`, `gradient, ${kind}`] : HEADS;
}

/**
 * @param {Row} row
 * @param {string[]} heads
 * @param {(value: number) => string} write
 */
function numbersOf({ node, value, grad, beside }, heads, write) {
  const all = [value, grad, beside?.value ?? value, beside?.grad ?? grad];
  return all.slice(0, heads.length - 1).map((numbers) => listed(node, numbers, write));
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
