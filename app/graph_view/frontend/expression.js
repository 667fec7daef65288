/**
 * Arithmetic that is printed and evaluated from the same tree, so that the printed line gives the
 * printed value: operands get as many digits as that takes, from 4 up to 17.
 *
 * The text is valid Python with `from math import *`: `tanh(0.5*1 + 0.25*0.462 + 0.1)`. A run in a
 * smaller format is evaluated in it: `round` takes every operand and every result to the format.
 *
 * @typedef {(digits: number, round?: (value: number) => number) => number} Run
 * @typedef {{text: (digits: number) => string, run: Run, rank: number}} Tree
 */

import { plain } from "../shared/format.js";
import { FORMATS } from "./formats.js";

const SUM = 1;
const PRODUCT = 2;
const ATOM = 3;
const VALUE_DIGITS = 4;
const same = FORMATS.float64.round;
/** For `run`: operands as they are. */
export const EXACT = Infinity;

/** @returns {Tree} */
export const num = (value) => ({
  text: (digits) => python(value, digits),
  run: (digits, round = same) => round(digits === EXACT ? value : Number(plain(value, digits))),
  rank: value < 0 || Object.is(value, -0) ? SUM : ATOM,
});

/** A number of the formula itself: never rounded. */
export const constant = (value) => ({
  text: () => String(value),
  run: (digits, round = same) => round(value),
  rank: value < 0 ? SUM : ATOM,
});

function python(value, digits) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return plain(value, digits);
}

const wrapped = (tree, rank, digits) =>
  tree.rank < rank ? `(${tree.text(digits)})` : tree.text(digits);

/** @param {Tree[]} terms */
export function sum(terms) {
  if (terms.length === 0) return num(0);
  if (terms.length === 1) return terms[0];
  return {
    text: (digits) =>
      terms
        .map((term) => wrapped(term, SUM, digits))
        .join(" + ")
        .replaceAll("+ -", "- "),
    run: (digits, round = same) =>
      terms.reduce((total, term) => round(total + term.run(digits, round)), 0),
    rank: SUM,
  };
}

/** @param {Tree[]} factors */
export function product(factors) {
  if (factors.length === 1) return factors[0];
  return {
    text: (digits) => factors.map((factor) => wrapped(factor, ATOM, digits)).join("*"),
    run: (digits, round = same) =>
      factors.reduce((total, factor) => round(total * factor.run(digits, round)), 1),
    rank: PRODUCT,
  };
}

export const minus = (left, right) => ({
  text: (digits) => `${wrapped(left, SUM, digits)} - ${wrapped(right, PRODUCT, digits)}`,
  run: (digits, round = same) => round(left.run(digits, round) - right.run(digits, round)),
  rank: SUM,
});

export const quotient = (left, right) => ({
  text: (digits) => `${wrapped(left, PRODUCT, digits)}/${wrapped(right, ATOM, digits)}`,
  run: (digits, round = same) => round(left.run(digits, round) / right.run(digits, round)),
  rank: PRODUCT,
});

export const negated = (tree) => ({
  text: (digits) => `-${wrapped(tree, ATOM, digits)}`,
  run: (digits, round = same) => -tree.run(digits, round),
  rank: SUM,
});

/** The same in brackets: where a sum is one of the terms of another. */
export const grouped = (tree) => ({
  text: (digits) => `(${tree.text(digits)})`,
  run: tree.run,
  rank: ATOM,
});

/** `positive` where the test is above 0, `otherwise` elsewhere. */
export const choice = (test, positive, otherwise) => ({
  text: (digits) =>
    `(${positive.text(digits)} if ${test.text(digits)} > 0 else ${otherwise.text(digits)})`,
  run: (digits, round = same) =>
    (test.run(digits, round) > 0 ? positive : otherwise).run(digits, round),
  rank: ATOM,
});

const FUNCTIONS = {
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  max: Math.max,
  abs: Math.abs,
};

/** @param {keyof typeof FUNCTIONS} name @param {...Tree} operands */
export const call = (name, ...operands) => ({
  text: (digits) => `${name}(${operands.map((operand) => operand.text(digits)).join(", ")})`,
  run: (digits, round = same) =>
    round(FUNCTIONS[name](...operands.map((operand) => operand.run(digits, round)))),
  rank: ATOM,
});

/**
 * Print a tree so that evaluating the text gives the value at the value's printed precision.
 *
 * Where it does not, with all digits of the operands, only the order of the additions or the last
 * place of a function separates the two: then the text's own value is printed, or, of a format
 * where that place can be seen, the run's, and the line says that it is near.
 *
 * @param {Tree} tree
 * @param {number} value what the core computed
 * @param {import("./formats.js").Format} [format]
 * @returns {{expression: string, value: string, digits: number, near: boolean}}
 */
export function line(tree, value, format = FORMATS.float64) {
  const wanted = python(value, VALUE_DIGITS);
  const valueAt = (digits) => python(tree.run(digits, format.round), VALUE_DIGITS);
  for (let digits = VALUE_DIGITS; digits <= format.digits; digits += 1) {
    if (valueAt(digits) === wanted) {
      return { expression: tree.text(digits), value: wanted, digits, near: false };
    }
  }
  const near = format !== FORMATS.float64;
  const { digits } = format;
  return { expression: tree.text(digits), value: near ? wanted : valueAt(digits), digits, near };
}
