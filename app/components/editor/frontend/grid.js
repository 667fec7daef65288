/** A matrix or sequence edited in place. */

import { copy, el, setAttribute, setText } from "../../shared/frontend/dom.js";
import { hand } from "../../shared/frontend/hand.js";
import { notationName, writtenRefusal } from "../../shared/frontend/notation/notation.js";
import { common } from "../../shared/frontend/common.js";
import { brief, cellOf, full, placeOf } from "./cell.js";
import { listenInCells } from "./cell_hands.js";
import { Rows } from "./rows.js";
import { Said } from "./said.js";
import { selectOnClick } from "./selecting.js";
import { symbol } from "./symbol.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { FieldData, Fault } from "./data.d.ts" */

const HINT = "Drag up or down, or Alt + ↑ ↓, to change it (Shift: finer)";
const MANY_NUMBERS = /[\t\n;[({\\&=]|[^\s,/^]\s+[^\s/^]|,[^,]*,|,\s/;

/**
 * What a grid asks of its editor; most return the number of the command.
 * @typedef {object} Wishes
 * @property {(field: string, row: number, column: number, text: string) => number} cell
 * @property {(field: string, row: number, column: number, text: string) => number} paste
 * @property {(field: string, row: number) => number} rows  which are not here
 * @property {(label: string) => number} reread
 * @property {(text: string) => void} announce
 *
 * @typedef {object} Labels
 * @property {string} name      as it is written
 * @property {boolean} vector
 * @property {boolean} isMatrix  of weights
 * @property {boolean} sequence
 * @property {(row: number) => number} step
 */

/** Until the first data arrive. @type {FieldData} */
const NO_FIELD = { name: "", vector: false, group: "", rows: 0, columns: 0, first: 0, values: [] };

export class Grid {
  /** @param {string} name @param {Wishes} wishes */
  constructor(name, wishes) {
    this.name = name;
    this.wishes = wishes;
    this.field = NO_FIELD;
    /** @type {?Fault} */
    this.fault = null;
    /** @type {Labels} */
    this.labels = { name, vector: false, isMatrix: false, sequence: false, step: (row) => row + 1 };
    /** @type {Map<string, {text: string, n: number}>} cells whose text is on its way */
    this.pending = new Map();
    this.rows = new Rows(() => this.#render());
    this.title = el("span");
    this.size = el("span", { class: "ur-e-grid-size" });
    this.copyButton = el(
      "button",
      // Not in the order of Tab, which leads from the last cell of a field to the first of the next.
      { type: "button", class: "ur-e-copy", title: "Copy for a spreadsheet (Alt+C)", tabindex: -1 },
      "Copy",
    );
    this.alert = el("p", { class: "ur-alert", role: "alert", hidden: true });
    this.said = new Said(wishes.reread);
    this.table = el("div", { role: "table", "aria-keyshortcuts": "Alt+C" }, this.rows.root);
    this.root = el(
      "div",
      { class: "ur-e-field", "data-field": name },
      el("div", { class: "ur-e-field-title" }, this.title, this.size, this.copyButton),
      this.table,
      this.alert,
      this.said.root,
    );
    this.copyButton.addEventListener("click", () => this.#copy());
    selectOnClick(this.root);
    this.root.addEventListener("focusin", (event) => this.#focused(event));
    this.root.addEventListener("focusout", (event) => this.#left(event));
    listenInCells(this.root, {
      held: (input) => this.#held(input),
      move: (...way) => this.#move(...way),
      revert: (input) => this.#revert(input),
      copy: () => this.#copy(),
    });
    this.root.addEventListener("paste", (event) => this.#pasted(event));
  }

  /**
   * @param {FieldData} field
   * @param {?Fault} fault the refused command, if it was one of this grid
   * @param {(n: number) => boolean} isDone
   * @param {Labels} labels
   */
  update(field, fault, isDone, labels) {
    this.field = field;
    this.fault = fault;
    this.labels = labels;
    for (const [key, { n }] of this.pending) if (isDone(n)) this.pending.delete(key);
    this.rows.resize(field.rows, field.columns);
    this.#name();
    setText(this.size, `${field.rows} × ${field.columns}`);
    this.table.setAttribute("aria-rowcount", String(field.rows));
    this.root.classList.toggle("ur-e-long", this.rows.isLong);
    const said = fault ? writtenRefusal(fault.sentence) : "";
    const isNew = said !== "" && (this.alert.hidden || this.alert.textContent !== said);
    this.alert.hidden = !fault;
    setText(this.alert, said);
    // Once the fields above have their numbers, too.
    if (isNew) requestAnimationFrame(() => this.alert.scrollIntoView({ block: "nearest" }));
    this.#render();
  }

  /** Its title and labels, where they are other ones than before. */
  #name() {
    const { name, isMatrix } = this.labels;
    const key = `${notationName()} ${name}`;
    if (this.title.dataset.key === key) return;
    this.title.dataset.key = key;
    this.title.replaceChildren(symbol(this.name, isMatrix));
    this.table.setAttribute("aria-label", name);
    this.copyButton.setAttribute("aria-label", `Copy ${name}`);
  }

  #render() {
    const { first, values } = this.field;
    const [from, to] = this.rows.render();
    for (const [index, row] of this.rows.elements) this.#fill(index, row);
    if (from < first || to > first + values.length) {
      this.wishes.rows(this.name, Math.max(0, from - 50));
    }
  }

  /** @param {number} index @param {HTMLElement} row */
  #fill(index, row) {
    if (row.firstElementChild) setText(row.firstElementChild, String(this.labels.step(index)));
    for (const input of row.querySelectorAll("input")) this.#show(input);
  }

  /**
   * Show a cell as it is now: what was refused, what is on its way, or the number.
   * @param {HTMLInputElement} input
   */
  #show(input) {
    const [row, column] = placeOf(input);
    const { fault } = this;
    const refused = fault?.do === "cell" && fault.row === row && fault.column === column;
    const value = this.#value(row, column);
    setAttribute(input, "aria-label", this.#label(row, column));
    if (refused) setAttribute(input, "aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (input.disabled !== (value === undefined)) input.disabled = value === undefined;
    const isFocused = input === document.activeElement;
    if (isFocused && input.value !== input.dataset.shown) return; // being typed
    const waiting = this.pending.get(`${row},${column}`);
    let text = value === undefined ? "…" : isFocused ? full(value) : brief(value);
    if (refused) text = fault.text;
    if (waiting) text = waiting.text;
    if (input.value !== text) {
      input.value = text;
      if (isFocused) input.select();
    }
    setAttribute(input, "data-shown", text);
    setAttribute(input, "title", value === undefined ? "" : `${full(value)}\n${HINT}`);
  }

  /** @param {number} row @param {number} column @returns {number|undefined} of a row that is here */
  #value(row, column) {
    return this.field.values[row - this.field.first]?.[column];
  }

  /** @param {number} row @param {number} column */
  #label(row, column) {
    const { name, vector, sequence } = this.labels;
    const place = sequence ? `step ${this.labels.step(row)}` : `row ${row + 1}`;
    return vector ? `${name} ${place}` : `${name} ${place} column ${column + 1}`;
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const input = cellOf(event);
    if (!input || input.getAttribute("aria-invalid")) return;
    const [row, column] = placeOf(input);
    const value = this.#value(row, column);
    const waiting = this.pending.has(`${row},${column}`);
    if (value !== undefined && !waiting) input.value = full(value);
    input.dataset.shown = input.value;
    input.select();
  }

  /** @param {FocusEvent} event */
  #left(event) {
    const input = cellOf(event);
    if (!input) return;
    if (hand.holds()) hand.release(); // stepped by keys
    this.#commit(input);
    if (this.rows.elements.has(placeOf(input)[0])) this.#show(input);
  }

  /** @param {HTMLInputElement} input */
  #commit(input) {
    const text = input.value;
    if (text === input.dataset.shown) return;
    const [row, column] = placeOf(input);
    input.dataset.shown = text;
    this.#send(row, column, text);
  }

  /** @param {number} row @param {number} column @param {string} text */
  #send(row, column, text) {
    const n = this.wishes.cell(this.name, row, column, text);
    this.pending.set(`${row},${column}`, { text, n });
    return n;
  }

  /**
   * Show a number that is held, here or in the graph.
   * @param {Change} change
   */
  follow({ row, column, value }) {
    const input = this.rows.cell(row, column);
    if (!input) return;
    input.value = input === document.activeElement ? full(value) : brief(value);
    input.classList.add("ur-e-held");
  }

  /** Send a number that was held. @param {Change} change @returns {number} of the command */
  enter({ row, column, value }) {
    const input = this.rows.cell(row, column);
    if (input) input.dataset.shown = input.value;
    input?.classList.remove("ur-e-held");
    return this.#send(row, column, full(value));
  }

  /** Show a number as it was before it was held. @param {Change} change */
  restore({ row, column }) {
    const input = this.rows.cell(row, column);
    if (!input) return;
    input.value = input.dataset.shown ?? "";
    input.classList.remove("ur-e-held");
    this.#show(input);
  }

  /**
   * What the hand would change at a cell; null where it has no number, or is being typed.
   * @param {HTMLInputElement} input
   * @returns {?Change}
   */
  #held(input) {
    if (input.disabled || !Number.isFinite(Number(input.value.replaceAll("\u2212", "-")))) {
      return null;
    }
    const [row, column] = placeOf(input);
    const waiting = this.pending.get(`${row},${column}`);
    const typed = input.value !== input.dataset.shown;
    const now = this.#value(row, column);
    const text = typed ? input.value : waiting?.text;
    const value = text === undefined ? now : Number(text);
    if (value === undefined || !Number.isFinite(value)) return null;
    return { field: this.name, row, column, value };
  }

  /** @param {HTMLInputElement} input */
  #revert(input) {
    const value = this.#value(...placeOf(input));
    if (value === undefined) return;
    hand.cancel();
    this.fault = null;
    this.alert.hidden = true;
    input.removeAttribute("aria-invalid");
    input.value = full(value);
    input.dataset.shown = input.value;
    input.select();
  }

  /** @param {HTMLInputElement} input @param {number} down @param {number} right */
  #move(input, down, right) {
    this.#commit(input);
    const place = placeOf(input);
    const [row, column] = [place[0] + down, place[1] + right];
    if (row < 0 || row >= this.field.rows || column < 0 || column >= this.field.columns) {
      input.select();
      return;
    }
    this.rows.reveal(row);
    if (this.rows.isLong) this.#render();
    this.rows.cell(row, column)?.focus();
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const input = cellOf(event);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input || !MANY_NUMBERS.test(text.trim())) return;
    event.preventDefault();
    input.value = input.dataset.shown ?? "";
    this.wishes.paste(this.name, ...placeOf(input), text.slice(0, common().limits.paste + 1));
  }

  async #copy() {
    const text = this.field.values.map((row) => row.map(full).join("\t")).join("\n");
    const all = this.field.values.length === this.field.rows;
    const done = await copy(text);
    const { name } = this.labels;
    const what = all ? name : `the ${this.field.values.length} rows of ${name} in sight`;
    this.wishes.announce(done ? `Copied ${what}.` : "The browser did not allow copying.");
  }
}
