/** How a node's numbers are written: an array in LaTeX, and what one number of it is called. */

import { digits as asked } from "../../shared/frontend/digits.js";
import { hasRows, writtenText } from "../../shared/frontend/notation/notation.js";
import { tex } from "../../shared/frontend/numbers.js";

/** @import { GraphNode } from "./structure.js" */

const LARGEST_MATRIX = 6;

/**
 * Numbers of a node as LaTeX: a scalar, a column or a matrix.
 * @param {Pick<GraphNode, "shape">} node
 * @param {ArrayLike<number>} numbers
 */
export function numbersTex(node, numbers, digits = asked(), tight = false) {
  if (node.shape.length === 0) {
    const text = tex(numbers[0], digits);
    return tight && text.startsWith("-") ? `(${text})` : text;
  }
  const columns = node.shape[1] ?? 1;
  /** @type {string[]} */
  const rows = [];
  for (let k = 0; k < numbers.length; k += columns) {
    const row = Array.from({ length: columns }, (_, j) => tex(numbers[k + j], digits));
    rows.push(row.join(" & "));
  }
  return `\\begin{bmatrix}${rows.join("\\\\")}\\end{bmatrix}`;
}

/** @param {GraphNode} node */
export const isSmall = (node) => node.shape.every((length) => length <= LARGEST_MATRIX);

/**
 * `h_3` of a scalar; `h_3[2]`, `W_hh[2,1]` of one number in an array.
 * @param {GraphNode} node
 * @param {number} k
 * @param {number} [step] rolled level: the step that the node shows
 */
export function componentName(node, k, step = 0) {
  return writtenText(ownName(node, k, step));
}

/** @param {GraphNode} node @param {number} k @param {number} step */
function ownName(node, k, step) {
  const symbol = node.times && step ? `${node.symbol}_${step}` : node.symbol;
  if (node.shape.length === 0) return symbol;
  if (node.shape.length === 1) return `${wrapped(symbol)}[${k + 1}]`;
  const columns = node.shape[1];
  return `${node.symbol}[${Math.floor(k / columns) + 1},${(k % columns) + 1}]`;
}

/** The gradient by what is called so. @param {string} name as it is written */
export const gradientText = (name) => `${writtenText("∂L")}/∂${name}`;

/**
 * Where a number stands in what has such a shape, in words.
 * @param {number[]} shape
 * @param {number} k
 */
export function placeOf([, columns], k) {
  if (!columns) return `entry ${k + 1}`;
  const place = [Math.floor(k / columns) + 1, (k % columns) + 1];
  const [row, column] = hasRows() ? place.reverse() : place;
  return `row ${row}, column ${column}`;
}

/**
 * How fields that are made row by row stand in a grid; of a transpose, each row is a column.
 * @param {boolean} turned
 * @param {number} columns  of the numbers
 * @param {string} size
 */
export const gridStyle = (turned, columns, size) =>
  turned
    ? `grid-auto-flow: column; grid-template-rows: repeat(${columns}, auto); grid-auto-columns: ${size}`
    : `grid-template-columns: repeat(${columns}, ${size})`;

/** @param {string} symbol */
const wrapped = (symbol) => (/[ ·*]/.test(symbol) ? `(${symbol})` : symbol);
