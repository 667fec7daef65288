/** The floating-point formats that a run can be computed in: how a result is rounded to each. */

import { common } from "../../shared/frontend/common.js";

/** @import { FloatFormat } from "../../shared/frontend/data.d.ts" */

const OF_DOUBLE = 52; // bits after the first
const OF_SINGLE = 23;

/**
 * `round` takes a number to the format, `digits` is how many tell each number of it from all others.
 *
 * @typedef {{round: (value: number) => number, digits: number}} Format
 */

/** @type {Map<string, Format>} */
const made = new Map();

/**
 * @param {string} [name]
 * @returns {Format} one for each name
 */
export function formatOf(name = "float64") {
  const format = made.get(name) ?? formatBy(common().formats[name]);
  made.set(name, format);
  return format;
}

/** @param {FloatFormat} sent @returns {Format} */
function formatBy(sent) {
  const { bits, digits } = sent;
  if (bits === OF_DOUBLE) return { round: (value) => value, digits };
  if (bits === OF_SINGLE) return { round: Math.fround, digits };
  return { round: (value) => onGrid(value, sent), digits };
}

/**
 * To the nearest number of a format; of two that are equally near, to the even one.
 * @param {number} value
 * @param {FloatFormat} format
 */
function onGrid(value, { bits, least, largest }) {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), least);
  const unit = 2 ** (exponent - bits);
  const whole = Math.floor(value / unit);
  const over = value / unit - whole;
  const up = over > 0.5 || (over === 0.5 && whole % 2 !== 0);
  const near = (whole + (up ? 1 : 0)) * unit;
  if (Math.abs(near) > largest) return Math.sign(value) * Infinity;
  return near === 0 ? 0 * Math.sign(value) : near;
}
