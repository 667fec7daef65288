/** The rows of a grid: of a long one only those in sight are elements. */

import { el } from "../../shared/frontend/dom.js";
import { newCell } from "./cell.js";

const ROW_HEIGHT = 24;
const ROWS_IN_SIGHT = 9;
const ROWS_BEYOND = 4;

export class Rows {
  #count = 0;
  #columns = -1; // until the first numbers arrive

  /** @param {() => void} scrolled */
  constructor(scrolled) {
    /** @type {Map<number, HTMLElement>} the elements of the rows in sight */
    this.elements = new Map();
    this.body = el("div", { class: "ur-e-grid-body", role: "rowgroup" });
    this.head = el("div", { class: "ur-e-grid-head", role: "row" });
    this.root = el("div", { class: "ur-e-grid-scroller" }, this.head, this.body);
    this.root.addEventListener("scroll", scrolled, { passive: true });
  }

  /** Whether there are more than are shown at once. */
  get isLong() {
    return this.#count > ROWS_IN_SIGHT + 3;
  }

  /** @param {number} count @param {number} columns */
  resize(count, columns) {
    this.#count = count;
    if (columns !== this.#columns) this.#rebuild(columns);
    this.root.style.maxHeight = this.isLong ? `${(ROWS_IN_SIGHT + 0.5) * ROW_HEIGHT}px` : "";
    this.body.style.height = `${count * ROW_HEIGHT}px`;
  }

  /** @param {number} columns */
  #rebuild(columns) {
    this.#columns = columns;
    this.elements.clear();
    this.body.replaceChildren();
    this.root.style.setProperty("--ur-columns", String(columns));
    const heads = Array.from({ length: columns }, (_, column) =>
      el("span", { role: "columnheader" }, String(column + 1)),
    );
    this.head.replaceChildren(el("span", { role: "cell" }), ...heads);
    this.head.hidden = columns === 1;
  }

  /**
   * Make the elements of the rows in sight, and take away the others.
   * @returns {[from: number, to: number]} the rows in sight, and some around them
   */
  render() {
    // To ask how far it is scrolled costs a layout: what is not long does not scroll.
    const top = this.isLong ? Math.floor(this.root.scrollTop / ROW_HEIGHT) : 0;
    const from = Math.max(0, top - ROWS_BEYOND);
    const to = Math.min(
      this.#count,
      Math.max(from + ROWS_IN_SIGHT + 3, top + ROWS_IN_SIGHT + ROWS_BEYOND),
    );
    const { activeElement } = document;
    const focused = Number(activeElement?.getAttribute("data-row") ?? -1);
    for (const [index, row] of this.elements) {
      const kept = index >= from && index < to;
      if (kept || (index === focused && index < this.#count && row.contains(activeElement))) {
        continue;
      }
      row.remove();
      this.elements.delete(index);
    }
    for (let index = from; index < to; index += 1) this.#make(index);
    return [from, to];
  }

  /** @param {number} index */
  #make(index) {
    if (this.elements.has(index)) return;
    const cells = Array.from({ length: this.#columns }, (_, column) =>
      el("span", { role: "cell" }, newCell(index, column)),
    );
    const row = el(
      "div",
      {
        class: "ur-e-grid-row",
        role: "row",
        "aria-rowindex": index + 1,
        style: `top:${index * ROW_HEIGHT}px`,
      },
      el("span", { role: "rowheader" }),
      ...cells,
    );
    this.elements.set(index, row);
    const after = [...this.elements.keys()].filter((other) => other > index).sort((a, b) => a - b);
    this.body.insertBefore(row, this.elements.get(after[0]) ?? null);
  }

  /** The cell of a place, if it is in sight. @param {number} row @param {number} column */
  cell(row, column) {
    return this.elements.get(row)?.querySelectorAll("input")[column];
  }

  /** Scroll a row into sight. @param {number} row */
  reveal(row) {
    if (!this.isLong) return;
    const { scrollTop, clientHeight } = this.root;
    const top = row * ROW_HEIGHT;
    if (top < scrollTop) this.root.scrollTop = top;
    if (top + 2 * ROW_HEIGHT > scrollTop + clientHeight) {
      this.root.scrollTop = top + 2 * ROW_HEIGHT - clientHeight;
    }
  }
}
