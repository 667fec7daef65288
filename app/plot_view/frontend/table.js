/** The numbers behind a chart: a real table, made when it is opened, and copied to the last bit. */

import { copy, el } from "../../frontend/dom.js";
import { plain, short } from "../../frontend/format.js";
import { matrix } from "./arrays.js";
import { subscripted } from "./symbols.js";

const SHOWN_DIGITS = 6;
const EXACT_DIGITS = 17;

export class NumbersTable {
  /** @param {string} title of the chart */
  constructor(title) {
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

  /** @param {object[]} tables as Python made them */
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
    const notes = this.tables.map(({ note }) => note).filter(Boolean);
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

function scrolled(table) {
  const numbers = numbersOf(table);
  const heads = table.head.map((name) => el("th", { scope: "col" }, ...subscripted(name)));
  const rows = listed(table).map(([name, row]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      ...cells(table, numbers, row).map((value) => el("td", {}, short(value, SHOWN_DIGITS))),
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

function lines(table) {
  const numbers = numbersOf(table);
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

/** The cells from Python, or the one column that a choice in the browser has made of them. */
function numbersOf({ cells: sent, values }) {
  return values ? { columns: 1, at: (row) => values[row] } : matrix(sent);
}

/** The rows with their places; those of time steps before `since`, where there is one, left out. */
function listed({ rows, since = 0 }) {
  const all = rows.map((name, row) => [name, row]);
  return since > 0 ? all.filter(([name]) => Number.parseInt(name, 10) >= since) : all;
}

/** The numbers of a row below the heads, which may be fewer than there are. */
function cells({ head }, numbers, row) {
  const length = Math.min(numbers.columns, head.length - 1);
  return Array.from({ length }, (_, column) => numbers.at(row, column));
}
