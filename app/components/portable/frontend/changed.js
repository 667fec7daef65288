/** The experiment of the page with what its reader changed, as `changes.py` and `link.py` have it. */

import { unpacked } from "./unpacked.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Kept } from "./data.d.ts" */

/** @typedef {number[] | number[][]} Rows of a matrix, or a vector */
/** @typedef {[name: string, row: number, column: number, value: number]} Edit of what is drawn */
/** @typedef {{values: number[][][], target: number[][][]}} Numbers by step and sequence */
/** @typedef {{arrays: [string, Rows][]}} Named */
/** @typedef {{hidden: number, edits?: Edit[]}} Drawn */
/**
 * @typedef {object} Experiment what stands in it as Python wrote it: defaults are left out
 * @property {Numbers | {name: string}} sequence
 * @property {Drawn | Named | Record<string, Rows>} weights
 * @property {number[][]} [initial]
 * @property {number[][]} [initial_cell]
 * @property {number} [sample]
 */

const INITIAL = /** @type {const} */ ({ h_0: "initial", c_0: "initial_cell" });

/**
 * @param {Kept} kept
 * @param {Change[]} changes
 * @returns {Promise<string>} JSON
 */
export async function experimentText({ token, numbers, states }, changes) {
  const text = await unpacked(token.replaceAll("-", "+").replaceAll("_", "/"));
  if (!changes.length) return text;
  /** @type {Experiment} */
  const experiment = JSON.parse(text);
  for (const change of changes) make(experiment, change, numbers, states);
  for (const name of Object.values(INITIAL)) {
    if (experiment[name]?.every((row) => row.every((number) => number === 0))) {
      delete experiment[name];
    }
  }
  return written(experiment);
}

/**
 * @param {Experiment} experiment
 * @param {Change} change
 * @param {?Numbers} numbers of a sequence that is known by name
 * @param {Kept["states"]} states
 */
function make(experiment, { field, row, column, value }, numbers, states) {
  const { weights, sample = 0 } = experiment;
  if (field === "x" || field === "target") {
    if (!("values" in experiment.sequence) && numbers) {
      experiment.sequence = structuredClone(numbers);
    }
    const sequence = /** @type {Numbers} */ (experiment.sequence);
    sequence[field === "x" ? "values" : field][row][sample][column] = value;
  } else if (field === "h_0" || field === "c_0") {
    const zeros = () => Array.from({ length: states.rows }, () => Array(states.columns).fill(0));
    (experiment[INITIAL[field]] ??= zeros())[sample][row] = value;
  } else if ("hidden" in weights) {
    const drawn = /** @type {Drawn} */ (weights);
    const others = (drawn.edits ?? []).filter(
      (edit) => edit[0] !== field || edit[1] !== row || edit[2] !== column,
    );
    drawn.edits = [...others, /** @type {Edit} */ ([field, row, column, value])].sort(inOrder);
  } else {
    const array = arrayOf(/** @type {Named | Record<string, Rows>} */ (weights), field);
    const numbersOfRow = array[row];
    if (Array.isArray(numbersOfRow)) numbersOfRow[column] = value;
    else array[row] = value;
  }
}

/** @param {Named | Record<string, Rows>} weights @param {string} field @returns {Rows} */
function arrayOf(weights, field) {
  const named = /** @type {Named} */ (weights).arrays;
  if (!named) return /** @type {Record<string, Rows>} */ (weights)[field];
  return named.find(([name]) => name === field)?.[1] ?? [];
}

/** As tuples are sorted. @param {Edit} one @param {Edit} other */
function inOrder(one, other) {
  if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1;
  return one[1] - other[1] || one[2] - other[2];
}

/**
 * JSON in which a zero keeps its sign.
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.entries(value).map(([name, each]) => `"${name}":${written(each)}`);
    return `{${parts.join()}}`;
  }
  return Object.is(value, -0) ? "-0.0" : JSON.stringify(value);
}
