/** How large a node's box is, and where in it its numbers stand. */

import { symbolWidth } from "./symbol.js";

export const SYMBOL_SIZE = 17;
export const NUMBER_SIZE = 15; // graph units, as pixels where the scale is 1
export const NAME_SIZE = 14;
export const CELL_HEIGHT = 22;
const STRIP_HEIGHT = 14;
const HEAT = 46;
export const EDGE = 5;
export const BETWEEN = 3; // a value and its gradient
export const BESIDE_SYMBOL = 8; // between the symbol and the border, and before a label
export const NAME_ROW = 18;
export const RIM = 9; // around the box: half of a thick border, the ring of a selection, a tag
const SYMBOL_ROW = 23;
const CELL_WIDTH = 64;
const LEAST_WIDTH = 74;
const MOST_CELLS = 4;
const MOST_COLUMNS = 2;
const LETTER = 0.6; // of a font's size: how wide letters of one width are
const LONGEST = 15; // characters of a name in one line of a box
const LONGEST_OF_LONG = 19;

/**
 * @typedef {object} Boxed what the size of a node depends on
 * @property {string} latex    its symbol
 * @property {string} [name]   in place of the symbol: of a function
 * @property {number[]} shape  [] scalar, [n] vector, [r, c] matrix
 * @property {boolean} tall    whether it has room for value and gradient
 * @property {boolean} [bare]  whether it has room for neither: its symbol stands alone
 * @property {boolean} [turned] a matrix that is shown as its transpose
 */
/**
 * @typedef {object} Box in graph units
 * @property {number} width
 * @property {number} height
 * @property {number} head     what its symbol takes
 * @property {number} body     what its numbers take, once
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} written whether its numbers are, or are colours alone
 * @property {boolean} turned  whether its rows are the columns of the numbers
 */
/** @typedef {{left: number, top: number, width: number}} Inner where the numbers of a node stand */

/**
 * Size of a node's box; it depends on its symbol and the shape of its numbers only.
 * @param {Boxed} node
 * @returns {Box}
 */
export function boxOf(node) {
  const [rows, columns] = gridOf(node);
  const bodies = node.bare ? 0 : node.tall ? 2 : 1;
  const lines = linesOf(node.name ?? "");
  const head = lines.length ? lines.length * NAME_ROW + EDGE : SYMBOL_ROW;
  const title = lines.length
    ? Math.max(...lines.map((line) => line.length)) * NAME_SIZE * LETTER
    : symbolWidth(node.latex, SYMBOL_SIZE);
  const widest = Math.ceil(title + BESIDE_SYMBOL);
  const written = rows <= MOST_CELLS && columns <= MOST_COLUMNS;
  const isStrip = node.shape.length < 2;
  const body = written ? rows * CELL_HEIGHT : (isStrip ? STRIP_HEIGHT : HEAT) + CELL_HEIGHT;
  const least = written
    ? Math.max(LEAST_WIDTH, widest, columns * CELL_WIDTH + 2 * EDGE)
    : isStrip
      ? 96
      : 82;
  return {
    width: lines.length ? Math.max(least, widest) : least,
    height: bodies
      ? head + bodies * body + (bodies - 1) * BETWEEN + (written ? EDGE : 0)
      : head + EDGE,
    head,
    body: bodies ? body : 0,
    rows: written || !isStrip ? rows : 1,
    columns: written || !isStrip ? columns : rows,
    written,
    turned: node.turned ?? false,
  };
}

/**
 * Which of a node's numbers stands in a row and a column of its box.
 * @param {Pick<Box, "rows"|"columns"|"turned">} box
 * @param {number} row
 * @param {number} column
 */
export const numberIn = ({ rows, columns, turned }, row, column) =>
  turned ? column * rows + row : row * columns + column;

/**
 * The name of a function in lines that fit a box, broken before a capital; none for no name.
 * @param {string} name
 */
export function linesOf(name) {
  if (name.length <= LONGEST) return name ? [name] : [];
  const parts = name.match(/[A-Z][a-z0-9]*|[^A-Z]+/g) ?? [name];
  const lines = [""];
  for (const part of parts) {
    const last = lines.length - 1;
    if (lines[last] && lines[last].length + part.length > LONGEST_OF_LONG) lines.push(part);
    else lines[last] += part;
  }
  return lines;
}

/**
 * Which of a node's numbers stands at a point, counted from the middle of its box; null for none.
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 */
export function numberAt(box, dx, dy) {
  const { width, height, head, body, rows, columns, written } = box;
  const tall = written ? body : body - CELL_HEIGHT;
  if (!body) return null;
  const column = Math.floor(((dx + width / 2 - EDGE) / (width - 2 * EDGE)) * columns);
  const row = Math.floor(((dy + height / 2 - head) / tall) * rows);
  if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
  return numberIn(box, row, column);
}

/** @param {Boxed} node */
function gridOf(node) {
  if (node.shape.length === 0) return [1, 1];
  const [rows, columns = 1] = node.shape;
  return node.turned ? [columns, rows] : [rows, columns];
}
