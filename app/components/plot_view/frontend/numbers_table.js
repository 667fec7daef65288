/** The numbers behind a chart: a real table, made when it is opened, and copied to the last bit. */

import { copy, el } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";
import { matrix } from "./arrays.js";
import { subscripted } from "./symbols.js";

/** @import { Matrix } from "./arrays.js" */
/** @import { TableData } from "./data.d.ts" */

const EXACT_DIGITS = 17;

/**
 * @typedef {TableData & {values?: ArrayLike<number>, since?: number}} Table with numbers that a choice
 *   in the browser has made, and the first time step that is shown
 */

export class NumbersTable {
  /** @param {string} title of the chart */
  constructor(title) {
    /** @type {Table[]} */
    this.tables = [];
    this.body = el("div", { class: "ur-plots-tables" });
    this.said = el("span", { class: "ur-plots-note", role: "status" });
    this.element = el(
      "details",
      { class: "ur-plots-details", ontoggle: () => this.fill() },
      el("summary", {}, "Numbers: ", ...subscripted(title)),
      this.body,
    );
  }

  /** @param {Table[]} tables */
  show(tables) {
    this.tables = tables;
    this.element.hidden = tables.length === 0;
    this.fill();
  }

  fill() {
    if (!this.element.open) {
      this.body.replaceChildren();
      return;
    }
    const button = el(
      "button",
      { type: "button", class: "ur-plots-button", onclick: () => this.copy() },
      "Copy as TSV",
    );
    const notes = this.tables.flatMap(({ note }) => note || []);
    this.body.replaceChildren(
      el("div", { class: "ur-plots-row" }, button, this.said),
      ...notes.map((note) => el("p", { class: "ur-plots-note" }, ...subscripted(note))),
      ...this.tables.map((table) => scrolled(table)),
    );
  }

  async copy() {
    const text = this.tables.map((table) => lines(table).join("\n")).join("\n\n");
    const done = await copy(text);
    this.said.textContent = done ? "Copied, all digits" : "Copying was refused by the browser";
    setTimeout(() => this.said.replaceChildren(), 2000);
  }
}

/** @param {Table} table */
function scrolled(table) {
  const numbers = numbersOf(table);
  const heads = table.head.map((name) => el("th", { scope: "col" }, ...subscripted(name)));
  const rows = listed(table).map(([name, row]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      ...cells(table, numbers, row).map((value) => el("td", {}, short(value))),
    ),
  );
  return el(
    "div",
    {
      class: "ur-plots-scroll",
      tabindex: 0,
      role: "region",
      "aria-label": `Table of ${table.head.join(", ")}`,
    },
    el(
      "table",
      { class: "ur-plots-table" },
      el("thead", {}, el("tr", {}, ...heads)),
      el("tbody", {}, ...rows),
    ),
  );
}

/** @param {Table} table */
function lines(table) {
  const numbers = numbersOf(table);
  /** @param {string} text */
  const clean = (text) => text.replace(/[\t\r\n]/g, " ");
  return [
    table.head.map(clean).join("\t"),
    ...listed(table).map(([name, row]) =>
      [clean(name), ...cells(table, numbers, row).map((value) => plain(value, EXACT_DIGITS))].join(
        "\t",
      ),
    ),
  ];
}

/**
 * The cells from Python, or the one column that a choice in the browser has made of them.
 * @param {Table} table
 * @returns {Matrix}
 */
function numbersOf({ cells: sent, rows, values }) {
  return values ? { rows: rows.length, columns: 1, at: (row) => values[row] } : matrix(sent);
}

/**
 * The rows with their places; those of time steps before `since`, where there is one, left out.
 * @param {Table} table
 */
function listed({ rows, since = 0 }) {
  const all = rows.map(placed);
  return since > 0 ? all.filter(([name]) => Number.parseInt(name, 10) >= since) : all;
}

/** @param {string} name @param {number} row @returns {[name: string, row: number]} */
const placed = (name, row) => [name, row];

/**
 * The numbers of a row below the heads, which may be fewer than there are.
 * @param {Table} table
 * @param {Matrix} numbers
 * @param {number} row
 */
function cells({ head }, numbers, row) {
  const length = Math.min(numbers.columns, head.length - 1);
  return Array.from({ length }, (_, column) => numbers.at(row, column));
}
