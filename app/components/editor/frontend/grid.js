/** A matrix or sequence edited in place; of a long one only the rows in sight are elements. */

import { copy, el, setText } from "../../shared/frontend/dom.js";
import { grip, isVertical, nudged } from "../../shared/frontend/grip.js";
import { hand } from "../../shared/frontend/hand.js";
import { notationName, writtenRefusal } from "../../shared/frontend/notation/notation.js";
import { inFull } from "../../shared/frontend/numbers.js";
import { Said } from "./said.js";
import { selectOnClick } from "./selecting.js";
import { symbol } from "./symbol.js";
import { common } from "../../shared/frontend/common.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { FieldData, Fault } from "./data.d.ts" */

const ROW_HEIGHT = 24;
const ROWS_IN_SIGHT = 9;
const ROWS_BEYOND = 4;
const LONGEST_TEXT = 200;
const HINT = "Drag up or down, or Alt + ↑ ↓, to change it (Shift: finer)";
const CELL_CHARACTERS = 7;
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

/** The cell that an event is about. @param {Event} event */
const cellOf = ({ target }) =>
  target instanceof HTMLInputElement && target.dataset.row !== undefined ? target : null;

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
    /** @type {Map<number, HTMLElement>} the elements of the rows in sight */
    this.rows = new Map();
    /** @type {Map<string, {text: string, n: number}>} cells whose text is on its way */
    this.pending = new Map();
    this.body = el("div", { class: "ur-e-grid-body", role: "rowgroup" });
    this.head = el("div", { class: "ur-e-grid-head", role: "row" });
    this.scroller = el("div", { class: "ur-e-grid-scroller" }, this.head, this.body);
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
    this.table = el("div", { role: "table", "aria-keyshortcuts": "Alt+C" }, this.scroller);
    this.root = el(
      "div",
      { class: "ur-e-field", "data-field": name },
      el("div", { class: "ur-e-field-title" }, this.title, this.size, this.copyButton),
      this.table,
      this.alert,
      this.said.root,
    );
    this.copyButton.addEventListener("click", () => this.#copy());
    this.scroller.addEventListener("scroll", () => this.#render(), { passive: true });
    selectOnClick(this.root);
    this.root.addEventListener("focusin", (event) => this.#focused(event));
    this.root.addEventListener("focusout", (event) => this.#left(event));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.root.addEventListener("keyup", ({ key }) => key === "Alt" && hand.release());
    this.root.addEventListener("pointerdown", (event) => this.#pressed(event));
    // The browser would carry the selected text away, and the number would be let go.
    this.root.addEventListener("dragstart", (event) => cellOf(event) && event.preventDefault());
    this.root.addEventListener("paste", (event) => this.#pasted(event));
  }

  /**
   * @param {FieldData} field
   * @param {?Fault} fault the refused command, if it was one of this grid
   * @param {(n: number) => boolean} isDone
   * @param {Labels} labels
   */
  update(field, fault, isDone, labels) {
    const reshaped = this.field === NO_FIELD || this.field.columns !== field.columns;
    this.field = field;
    this.fault = fault;
    this.labels = labels;
    for (const [key, { n }] of this.pending) if (isDone(n)) this.pending.delete(key);
    if (reshaped) this.#rebuild();
    this.#name();
    setText(this.size, `${field.rows} × ${field.columns}`);
    this.table.setAttribute("aria-rowcount", String(field.rows));
    const long = field.rows > ROWS_IN_SIGHT + 3;
    this.scroller.style.maxHeight = long ? `${(ROWS_IN_SIGHT + 0.5) * ROW_HEIGHT}px` : "";
    this.root.classList.toggle("ur-e-long", long);
    this.body.style.height = `${field.rows * ROW_HEIGHT}px`;
    this.alert.hidden = !fault;
    setText(this.alert, fault ? writtenRefusal(fault.sentence) : "");
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

  #rebuild() {
    this.rows.clear();
    this.body.replaceChildren();
    const { columns } = this.field;
    this.scroller.style.setProperty("--ur-columns", String(columns));
    const heads = Array.from({ length: columns }, (_, column) =>
      el("span", { role: "columnheader" }, String(column + 1)),
    );
    this.head.replaceChildren(el("span", { role: "cell" }), ...heads);
    this.head.hidden = columns === 1;
  }

  #render() {
    const { rows, first, values } = this.field;
    const top = Math.floor(this.scroller.scrollTop / ROW_HEIGHT);
    const from = rows > ROWS_IN_SIGHT + 3 ? Math.max(0, top - ROWS_BEYOND) : 0;
    const to = Math.min(
      rows,
      Math.max(from + ROWS_IN_SIGHT + 3, top + ROWS_IN_SIGHT + ROWS_BEYOND),
    );
    const { activeElement } = document;
    const focused = Number(activeElement?.getAttribute("data-row") ?? -1);
    for (const [index, row] of this.rows) {
      const kept = index >= from && index < to;
      if (kept || (index === focused && index < rows && row.contains(activeElement))) {
        continue;
      }
      row.remove();
      this.rows.delete(index);
    }
    for (let index = from; index < to; index += 1) this.#row(index);
    for (const [index, row] of this.rows) this.#fill(index, row);
    if (from < first || to > first + values.length) {
      this.wishes.rows(this.name, Math.max(0, from - 50));
    }
  }

  /** @param {number} index */
  #row(index) {
    if (this.rows.has(index)) return;
    const cells = Array.from({ length: this.field.columns }, (_, column) =>
      el(
        "span",
        { role: "cell" },
        el("input", {
          type: "text",
          inputmode: "decimal",
          autocomplete: "off",
          spellcheck: "false",
          maxlength: LONGEST_TEXT,
          "data-row": index,
          "data-column": column,
        }),
      ),
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
    this.rows.set(index, row);
    const after = [...this.rows.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.body.insertBefore(row, this.rows.get(after) ?? null);
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
    const row = Number(input.dataset.row);
    const column = Number(input.dataset.column);
    const { fault } = this;
    const refused = fault?.do === "cell" && fault.row === row && fault.column === column;
    const value = this.#value(row, column);
    input.setAttribute("aria-label", this.#label(row, column));
    input.toggleAttribute("aria-invalid", false);
    if (refused) input.setAttribute("aria-invalid", "true");
    input.disabled = value === undefined;
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
    input.dataset.shown = text;
    input.title = value === undefined ? "" : `${full(value)}\n${HINT}`;
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
    const { row, column } = input.dataset;
    const value = this.#value(Number(row), Number(column));
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
    if (this.rows.has(Number(input.dataset.row))) this.#show(input);
  }

  /** @param {HTMLInputElement} input */
  #commit(input) {
    const text = input.value;
    if (text === input.dataset.shown) return;
    const row = Number(input.dataset.row);
    const column = Number(input.dataset.column);
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
    const input = this.#input(row, column);
    if (!input) return;
    input.value = input === document.activeElement ? full(value) : brief(value);
    input.classList.add("ur-e-held");
  }

  /** Send a number that was held. @param {Change} change @returns {number} of the command */
  enter({ row, column, value }) {
    const input = this.#input(row, column);
    if (input) input.dataset.shown = input.value;
    input?.classList.remove("ur-e-held");
    return this.#send(row, column, full(value));
  }

  /** Show a number as it was before it was held. @param {Change} change */
  restore({ row, column }) {
    const input = this.#input(row, column);
    if (!input) return;
    input.value = input.dataset.shown ?? "";
    input.classList.remove("ur-e-held");
    this.#show(input);
  }

  /** @param {number} row @param {number} column the cell, if it is in sight */
  #input(row, column) {
    return this.rows.get(row)?.querySelectorAll("input")[column];
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
    const [row, column] = [Number(input.dataset.row), Number(input.dataset.column)];
    const waiting = this.pending.get(`${row},${column}`);
    const typed = input.value !== input.dataset.shown;
    const now = this.#value(row, column);
    const text = typed ? input.value : waiting?.text;
    const value = text === undefined ? now : Number(text);
    if (value === undefined || !Number.isFinite(value)) return null;
    return { field: this.name, row, column, value };
  }

  /** A press that moves up or down takes hold of the number. @param {PointerEvent} pressed */
  #pressed(pressed) {
    const input = cellOf(pressed);
    if (!input || pressed.button !== 0) return;
    const start = this.#held(input);
    if (!start) return;
    /** @param {PointerEvent} event */
    const moved = (event) => {
      const [dx, dy] = [event.clientX - pressed.clientX, event.clientY - pressed.clientY];
      if (event.pointerId !== pressed.pointerId || !isVertical(dx, dy)) return;
      done();
      input.focus({ preventScroll: true });
      grip(event, start, () => input.select());
    };
    const done = () => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", done);
      window.removeEventListener("pointercancel", done);
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", done);
    window.addEventListener("pointercancel", done);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const input = cellOf(event);
    if (!input) return;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const atStart = whole || input.selectionEnd === 0;
    const atEnd = whole || input.selectionStart === input.value.length;
    const { code, key, shiftKey, altKey } = event;
    if (event.ctrlKey || event.metaKey) return;
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      const start = this.#held(input);
      if (start) {
        const sign = key === "ArrowUp" ? 1 : -1;
        hand.move({ ...start, value: nudged(start.value, sign, shiftKey) });
        input.select();
      }
    } else if (altKey && code === "KeyC") this.#copy();
    else if (key === "Enter") this.#move(input, shiftKey ? -1 : 1, 0);
    else if (key === "ArrowUp") this.#move(input, -1, 0);
    else if (key === "ArrowDown") this.#move(input, 1, 0);
    else if (key === "ArrowLeft" && atStart && !shiftKey) this.#move(input, 0, -1);
    else if (key === "ArrowRight" && atEnd && !shiftKey) this.#move(input, 0, 1);
    else if (key === "Escape") this.#revert(input);
    else return;
    event.preventDefault();
  }

  /** @param {HTMLInputElement} input */
  #revert(input) {
    const row = Number(input.dataset.row);
    const value = this.#value(row, Number(input.dataset.column));
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
    const row = Number(input.dataset.row) + down;
    const column = Number(input.dataset.column) + right;
    if (row < 0 || row >= this.field.rows || column < 0 || column >= this.field.columns) {
      input.select();
      return;
    }
    const { scrollTop, clientHeight } = this.scroller;
    if (this.root.classList.contains("ur-e-long")) {
      const top = row * ROW_HEIGHT;
      if (top < scrollTop) this.scroller.scrollTop = top;
      if (top + 2 * ROW_HEIGHT > scrollTop + clientHeight) {
        this.scroller.scrollTop = top + 2 * ROW_HEIGHT - clientHeight;
      }
      this.#render();
    }
    this.rows.get(row)?.querySelectorAll("input")[column]?.focus();
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const input = cellOf(event);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input || !MANY_NUMBERS.test(text.trim())) return;
    event.preventDefault();
    const { row, column, shown = "" } = input.dataset;
    input.value = shown;
    this.wishes.paste(
      this.name,
      Number(row),
      Number(column),
      text.slice(0, common().limits.paste + 1),
    );
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

/**
 * As many of four significant digits as fit into a cell.
 * @param {number} value
 */
function brief(value) {
  for (let count = 4; count > 1; count -= 1) {
    const text = inFull(value, count);
    if (text.length <= CELL_CHARACTERS) return text;
  }
  return inFull(value, 1);
}

/**
 * A number with all its digits: the shortest text that reads back to the same bits.
 * @param {number} value
 */
function full(value) {
  return Object.is(value, -0) ? "-0" : String(value);
}
