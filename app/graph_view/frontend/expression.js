/**
 * Arithmetic that is printed and evaluated from the same tree, so that the printed line gives the
 * printed value: operands get as many digits as that takes, from 4 up to 17.
 *
 * The text is valid Python with `from math import *`: `tanh(0.5*1 + 0.25*0.462 + 0.1)`.
 *
 * @typedef {{text: (digits: number) => string, run: (digits: number) => number, rank: number}} Tree
 */

import { plain } from "../shared/format.js";

const SUM = 1;
const PRODUCT = 2;
const ATOM = 3;
const VALUE_DIGITS = 4;
const ALL_DIGITS = 17;
/** For `run`: operands as they are. */
export const EXACT = Infinity;

/** @returns {Tree} */
export const num = (value) => ({
  text: (digits) => python(value, digits),
  run: (digits) => (digits === EXACT ? value : Number(plain(value, digits))),
  rank: value < 0 || Object.is(value, -0) ? SUM : ATOM,
});

/** A number of the formula itself: never rounded. */
export const constant = (value) => ({
  text: () => String(value),
  run: () => value,
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
    run: (digits) => terms.reduce((total, term) => total + term.run(digits), 0),
    rank: SUM,
  };
}

/** @param {Tree[]} factors */
export function product(factors) {
  if (factors.length === 1) return factors[0];
  return {
    text: (digits) => factors.map((factor) => wrapped(factor, ATOM, digits)).join("*"),
    run: (digits) => factors.reduce((total, factor) => total * factor.run(digits), 1),
    rank: PRODUCT,
  };
}

export const minus = (left, right) => ({
  text: (digits) => `${wrapped(left, SUM, digits)} - ${wrapped(right, PRODUCT, digits)}`,
  run: (digits) => left.run(digits) - right.run(digits),
  rank: SUM,
});

export const quotient = (left, right) => ({
  text: (digits) => `${wrapped(left, PRODUCT, digits)}/${wrapped(right, ATOM, digits)}`,
  run: (digits) => left.run(digits) / right.run(digits),
  rank: PRODUCT,
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
  run: (digits) => FUNCTIONS[name](...operands.map((operand) => operand.run(digits))),
  rank: ATOM,
});

/**
 * Print a tree so that evaluating the text gives the value at the value's printed precision.
 * @param {Tree} tree
 * @param {number} value what the core computed
 * @returns {{expression: string, value: string, digits: number}}
 */
export function line(tree, value) {
  const wanted = python(value, VALUE_DIGITS);
  for (let digits = VALUE_DIGITS; digits <= ALL_DIGITS; digits += 1) {
    if (python(tree.run(digits), VALUE_DIGITS) === wanted) {
      return { expression: tree.text(digits), value: wanted, digits };
    }
  }
  // Only the order of the additions separates the two: their digits end where rounding begins.
  return {
    expression: tree.text(ALL_DIGITS),
    value: python(tree.run(ALL_DIGITS), VALUE_DIGITS),
    digits: ALL_DIGITS,
  };
}
