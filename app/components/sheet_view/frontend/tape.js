/**
 * The marking of a sheet as Python has noted it down, done with what was written: see
 * `rnn_core/practice/recording.py`. One pass over the operations, each on results before it.
 */

import { halfUnit } from "../../shared/frontend/marks.js";

/** @import { TapeData } from "./data.d.ts" */

/** @typedef {(a: number, b: number, c: number) => number} Operation */

/** By name; as many operands as it takes. @type {Record<string, [arity: number, Operation]>} */
const OPERATIONS = {
  negative: [1, (a) => -a],
  exp: [1, Math.exp],
  log: [1, Math.log],
  log1p: [1, Math.log1p],
  tanh: [1, Math.tanh],
  abs: [1, Math.abs],
  add: [2, (a, b) => a + b],
  subtract: [2, (a, b) => a - b],
  multiply: [2, (a, b) => a * b],
  divide: [2, (a, b) => a / b],
  maximum: [2, (a, b) => Math.max(a, b)],
  choose: [3, (test, positive, otherwise) => (test > 0 ? positive : otherwise)],
};

/**
 * @param {TapeData} tape
 * @param {number} digits that are asked for
 * @returns {(written: (?number)[]) => Float64Array} the results of all operations, by what was
 *   written for each question, null for nothing
 */
export function player({ names, numbers, code }, digits) {
  const constants = numbers.map((number) => number ?? NaN);
  let count = 0;
  for (let at = 0; at < code.length; at += 1 + arityOf(names[code[at]])) count += 1;
  const operations = names.map((name) => OPERATIONS[name]?.[1]);
  const arities = names.map(arityOf);
  return (written) => {
    const results = new Float64Array(count);
    let place = 0;
    for (let at = 0; at < code.length; at += 1 + arities[code[at]]) {
      const [first, second, third] = [code[at + 1], code[at + 2], code[at + 3]];
      const apply = operations[code[at]];
      results[place] = apply
        ? apply(results[first], results[second], results[third])
        : special(names[code[at]], first, results[second], results[first]);
      place += 1;
    }
    return results;

    /** @param {string} name @param {number} first @param {number} otherwise @param {number} result */
    function special(name, first, otherwise, result) {
      if (name === "number") return constants[first];
      if (name === "own") return written[first] ?? otherwise;
      if (name === "is_written") return written[first] === null ? 0 : 1;
      return halfUnit(result, digits);
    }
  };
}

/** @param {string} name */
function arityOf(name) {
  if (name === "own") return 2;
  if (["number", "is_written", "half_unit"].includes(name)) return 1;
  const known = OPERATIONS[name];
  if (!known) throw new RangeError(`tape: expected a known operation, got ${name}`);
  return known[0];
}
