/**
 * Arithmetic that is printed and evaluated from the same tree, so that the printed line gives the
 * printed value: operands get as many digits as that takes, from those that the reader asks for up to 17.
 *
 * The text is valid Python with `from math import *`: `tanh(0.5*1 + 0.25*0.462 + 0.1)`. A run in a
 * smaller format is evaluated in it: `round` takes every operand and every result to the format.
 *
 * @typedef {(digits: number, round?: (value: number) => number) => number} Run
 * A text can be brief: of a long sum the first terms and the last. That is to be read, not evaluated.
 *
 * @typedef {(digits: number, brief?: boolean) => string} Text
 * @typedef {{text: Text, run: Run, rank: number, constant?: number, given?: boolean,
 *   negates?: Tree}} Tree
 * @typedef {{expression: string, brief: string, value: string, digits: number, near: boolean}} Printed
 */

import { digits as asked } from "../../shared/frontend/digits.js";
import { plain } from "../../shared/frontend/numbers.js";
import { formatOf } from "./float_formats.js";

const SUM = 1;
const PRODUCT = 2;
const ATOM = 3;
/** @param {number} value */
const same = (value) => value;
/** For `run`: operands as they are. */
export const EXACT = Infinity;

/** A number that is rounded for print; what has a tree already is that. @param {number|Tree} value @returns {Tree} */
export const num = (value) =>
  typeof value !== "number"
    ? value
    : {
        text: (digits) => python(value, digits),
        run: (digits, round = same) =>
          round(digits === EXACT ? value : Number(plain(value, digits))),
        rank: value < 0 || Object.is(value, -0) ? SUM : ATOM,
      };

/** A number of the formula itself: never rounded. @param {number} value @returns {Tree} */
export const constant = (value) => ({
  text: () => String(value),
  run: (digits, round = same) => round(value),
  rank: value < 0 ? SUM : ATOM,
  constant: value,
});

/** @param {number} value @param {number} digits */
function python(value, digits) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return plain(value, digits);
}

/** @param {Tree} tree @param {number} rank @param {number} digits @param {boolean} [brief] */
const wrapped = (tree, rank, digits, brief) =>
  tree.rank < rank ? `(${tree.text(digits, brief)})` : tree.text(digits, brief);

const MOST_TERMS = 6;
const FIRST_TERMS = 3;
const LONGEST_BRIEF = 120; // characters

/**
 * The first of a list and its last, with something for the others between them, where it is long.
 * @template T
 * @param {T[]} list
 * @param {T} dots
 * @returns {T[]}
 */
export const shortened = (list, dots) =>
  list.length > MOST_TERMS ? [...list.slice(0, FIRST_TERMS), dots, list[list.length - 1]] : list;

/**
 * The first terms and the last; of long ones the first and the last.
 * @param {Tree[]} terms
 * @param {(some: Tree[]) => string[]} texts
 */
function withoutMiddle(terms, texts) {
  const kept = shortened(terms, null);
  const written = texts(kept.filter((term) => term !== null));
  const last = written[written.length - 1];
  const isLong = written.join("").length > LONGEST_BRIEF;
  if (isLong && terms.length > 3) return [written[0], "…", last];
  return kept.includes(null) ? [...written.slice(0, -1), "…", last] : written;
}

/** @param {Tree[]} terms @returns {Tree} */
export function sum(terms) {
  if (terms.length === 0) return num(0);
  if (terms.length === 1) return terms[0];
  return {
    text: (digits, brief) => {
      /** @param {Tree[]} some */
      const texts = (some) => some.map((term) => wrapped(term, SUM, digits, brief));
      const written = brief ? withoutMiddle(terms, texts) : texts(terms);
      return written.join(" + ").replaceAll("+ -", "- ");
    },
    run: (digits, round = same) =>
      terms.reduce((total, term) => round(total + term.run(digits, round)), 0),
    rank: SUM,
  };
}

/** @param {Tree[]} factors @returns {Tree} */
export function product(factors) {
  if (factors.length === 1) return factors[0];
  return {
    text: (digits, brief) =>
      factors.map((factor) => wrapped(factor, ATOM, digits, brief)).join("*"),
    run: (digits, round = same) =>
      factors.reduce((total, factor) => round(total * factor.run(digits, round)), 1),
    rank: PRODUCT,
  };
}

/** @param {Tree} left @param {Tree} right @returns {Tree} */
export const minus = (left, right) => ({
  text: (digits, brief) =>
    `${wrapped(left, SUM, digits, brief)} - ${wrapped(right, PRODUCT, digits, brief)}`,
  run: (digits, round = same) => round(left.run(digits, round) - right.run(digits, round)),
  rank: SUM,
});

/** @param {Tree} left @param {Tree} right @returns {Tree} */
export const quotient = (left, right) => ({
  text: (digits, brief) =>
    `${wrapped(left, PRODUCT, digits, brief)}/${wrapped(right, ATOM, digits, brief)}`,
  run: (digits, round = same) => round(left.run(digits, round) / right.run(digits, round)),
  rank: PRODUCT,
});

/** @param {Tree} tree @returns {Tree} */
export const negated = (tree) => ({
  text: (digits, brief) => `-${wrapped(tree, ATOM, digits, brief)}`,
  run: (digits, round = same) => -tree.run(digits, round),
  rank: SUM,
  negates: tree,
});

/**
 * The same in brackets: where a sum is one of the terms of another.
 * @param {Tree} tree
 * @returns {Tree}
 */
export const grouped = (tree) => ({
  text: (digits, brief) => `(${tree.text(digits, brief)})`,
  run: tree.run,
  rank: ATOM,
});

/**
 * `positive` where the test is above 0, `otherwise` elsewhere.
 * @param {Tree} test
 * @param {Tree} positive
 * @param {Tree} otherwise
 * @returns {Tree}
 */
export const choice = (test, positive, otherwise) => ({
  text: (digits, brief) =>
    `(${positive.text(digits, brief)} if ${test.text(digits, brief)} > 0` +
    ` else ${otherwise.text(digits, brief)})`,
  run: (digits, round = same) =>
    (test.run(digits, round) > 0 ? positive : otherwise).run(digits, round),
  rank: ATOM,
});

/** @type {Record<string, (...operands: number[]) => number>} */
const FUNCTIONS = {
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  max: Math.max,
  abs: Math.abs,
};

/** @param {string} name of FUNCTIONS @param {...Tree} operands @returns {Tree} */
export const call = (name, ...operands) => ({
  text: (digits, brief) =>
    `${name}(${operands.map((operand) => operand.text(digits, brief)).join(", ")})`,
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
 * @param {import("./float_formats.js").Format} [format]
 * @returns {Printed}
 */
export function line(tree, value, format = formatOf()) {
  const wanted = python(value, asked());
  /** @param {number} digits */
  const written = (digits) => ({
    expression: tree.text(digits),
    brief: tree.text(digits, true),
    digits,
  });
  /** @param {number} digits */
  const valueAt = (digits) => python(tree.run(digits, format.round), asked());
  for (let digits = asked(); digits <= format.digits; digits += 1) {
    if (valueAt(digits) === wanted) {
      return { ...written(digits), value: wanted, near: false };
    }
  }
  const near = format !== formatOf();
  const { digits } = format;
  return { ...written(digits), value: near ? wanted : valueAt(digits), near };
}
