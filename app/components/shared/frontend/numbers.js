/** Numbers as text: one way of writing them everywhere. */

import { common } from "./common.js";
import { digits } from "./digits.js";

const MINUS = "\u2212";
const WRITTEN = /(?<![\w.])[-\u2212]?\d+(?:\.\d+)?(?:e[-+\u2212]?\d+)?(?!\w)/g;
const OTHERWISE = /e|^\D?0\.0000/;
const WRITTEN_DIGITS = 12; // what others have rounded stays as it is

/**
 * A number as it travelled: JSON has no NaN or infinity, so those come as strings.
 * @param {number|string} value
 * @returns {number}
 */
export function number(value) {
  return typeof value === "number" ? value : Number(value);
}

/**
 * @template Leaf
 * @typedef {Leaf | Nested<Leaf>[]} Nested a scalar, a vector, a matrix, …
 */

/**
 * Undo `number` over nested arrays.
 * @param {Nested<number|string>} value
 * @returns {Nested<number>}
 */
export function numbers(value) {
  return Array.isArray(value) ? value.map(numbers) : number(value);
}

/**
 * At most `count` significant digits, readable by a program (ASCII minus): those that are asked for.
 * Whole numbers and short decimals stay as they are; very large and small ones use an exponent.
 * @param {number} value
 */
export function plain(value, count = digits()) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const { smallest, largest } = common().numbers;
  if (size >= smallest && size < largest) {
    const text = value.toPrecision(count);
    // Rounding may carry into another figure, which toPrecision writes with an exponent.
    const fixed = text.includes("e") ? String(Number(text)) : text;
    return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
  }
  const [mantissa, exponent] = value.toExponential(count - 1).split("e");
  const trimmed = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${trimmed}e${Number(exponent)}`;
}

/**
 * For display: with the digits that are asked for, at most `most`, where more would say nothing.
 * @param {number} value
 */
export const short = (value, most = Infinity) => inFull(value, Math.min(most, digits()));

/**
 * A number with digits of its own, such as one that was given: with a true minus sign, and signs
 * for infinities.
 * @param {number} value
 */
export function inFull(value, count = WRITTEN_DIGITS) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  return plain(value, count).replace(/-/g, MINUS);
}

/** The numbers within a text that others wrote, 1e+6 or 0.00005, in the form of `short`. @param {string} text */
export function rewritten(text) {
  return text.replace(WRITTEN, (found) =>
    OTHERWISE.test(found) ? inFull(Number(found.replaceAll(MINUS, "-"))) : found,
  );
}

/**
 * For KaTeX: scientific numbers as a product with a power of ten.
 * @param {number} value
 */
export function tex(value, count = digits()) {
  if (Number.isNaN(value)) return "\\text{NaN}";
  if (!Number.isFinite(value)) return value > 0 ? "\\infty" : "-\\infty";
  const [mantissa, exponent] = plain(value, count).split("e");
  if (exponent === undefined) return mantissa;
  return `${mantissa}\\!\\cdot\\!10^{${exponent}}`;
}

/**
 * Numbers in a vector or matrix, in order.
 * @param {Nested<number>} value
 * @returns {number[]}
 */
export function flat(value) {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

/**
 * Euclidean length of a vector or matrix.
 * @param {Nested<number>} value
 */
export function norm(value) {
  return Math.hypot(...flat(value));
}

/**
 * Few numbers one by one, those of a matrix by rows, [[1, 2], [3, 4]]; many by their length.
 * @param {ArrayLike<number>} values
 * @param {number} [most] that are written one by one
 * @param {readonly number[]} [shape] of two sizes for a matrix
 */
export function summary(values, most = 6, shape = []) {
  const list = Array.from(values, (value) => short(value));
  if (list.length === 1) return list[0];
  if (list.length <= most) {
    const columns = shape.length === 2 ? shape[1] : list.length;
    const rows = Array.from(
      { length: list.length / columns },
      (_, k) => `[${list.slice(k * columns, (k + 1) * columns).join(", ")}]`,
    );
    return rows.length > 1 ? `[${rows.join(", ")}]` : rows[0];
  }
  return `${list.length} numbers, length ${short(Math.hypot(...Array.from(values)))}`;
}
