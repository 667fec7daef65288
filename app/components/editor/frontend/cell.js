/** A cell of a grid: its element, its place, and the text of its number. */

import { el } from "../../shared/frontend/dom.js";
import { inFull } from "../../shared/frontend/numbers.js";

const LONGEST_TEXT = 200;
const CELL_CHARACTERS = 7;

/** @param {number} row @param {number} column */
export const newCell = (row, column) =>
  el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: LONGEST_TEXT,
    "data-row": row,
    "data-column": column,
  });

/** The cell that an event is about. @param {Event} event */
export const cellOf = ({ target }) =>
  target instanceof HTMLInputElement && target.dataset.row !== undefined ? target : null;

/** @param {HTMLInputElement} input @returns {[row: number, column: number]} */
export const placeOf = ({ dataset }) => [Number(dataset.row), Number(dataset.column)];

/**
 * As many of four significant digits as fit into a cell.
 * @param {number} value
 */
export function brief(value) {
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
export function full(value) {
  return Object.is(value, -0) ? "-0" : String(value);
}
