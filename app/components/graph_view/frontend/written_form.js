/**
 * A formula as Python sends it, a list of elementary operations, made into trees that are printed.
 *
 * @typedef {[name: string, operation: string, operands: (string|number)[]][]} Operations
 * @typedef {{steps: Operations, result: string|number}} Form
 * @typedef {Record<string, (...operands: Tree[]) => Tree>} OneByOne of numbers in the same place
 * @typedef {Record<string, (operands: Tree[]) => Tree|Tree[]>} OverAll of all outputs
 * @typedef {{one: OneByOne, all: OverAll}} Writing
 */

import {
  call,
  choice,
  constant,
  EXACT,
  minus,
  negated,
  num,
  product,
  quotient,
  sum,
} from "./expression.js";

/** @import { Tree } from "./expression.js" */

/** @param {Tree[]} trees */
const largestOf = (trees) => {
  const values = trees.map((tree) => tree.run(EXACT));
  return values.indexOf(Math.max(...values));
};
/** @param {Tree[]} trees @param {number} place */
const without = (trees, place) => trees.filter((_, i) => i !== place);

/**
 * Every operation as it was done.
 * @type {Writing}
 */
export const WHOLE = {
  one: {
    negative: negated,
    exp: (value) => call("exp", value),
    log: (value) => call("log", value),
    log1p: (value) => call("log1p", value),
    tanh: (value) => call("tanh", value),
    abs: (value) => call("abs", value),
    add: (left, right) => sum([left, right]),
    subtract: minus,
    multiply: (left, right) => product([left, right]),
    divide: quotient,
    maximum: (left, right) => call("max", left, right),
    clamp: (left, right) => call("max", left, right),
    choose: choice,
  },
  all: {
    sum,
    largest: (trees) => call("max", ...trees),
    rest: (trees) => sum(without(trees, largestOf(trees))),
    others: (trees) => trees.map((_, k) => sum(without(trees, k))),
  },
};

/** @param {Tree} tree @param {number} value */
const is = (tree, value) => tree.constant === value;
/** @param {Tree[]} trees */
const total = (trees) => {
  const kept = trees.filter((tree) => !is(tree, 0));
  return kept.length ? sum(kept) : constant(0);
};

/**
 * As a reader would write it with the numbers before him: the branch that is taken, the largest
 * itself, the sign that a number has, and nothing that is exactly 0 or a factor of exactly 1.
 * @type {Writing}
 */
const SHORT = {
  one: {
    ...WHOLE.one,
    abs: (value) => (value.run(EXACT) < 0 ? negated(value) : value),
    negative: (value) => value.negates ?? negated(value),
    add: (left, right) => total([left, right]),
    subtract: (left, right) => {
      if (left.constant !== undefined && right.constant !== undefined) {
        return constant(left.constant - right.constant);
      }
      if (is(right, 0) && !right.given) return left;
      return is(left, 0) && !left.given ? negated(right) : minus(left, right);
    },
    multiply: (left, right) => {
      if (is(left, 1)) return right;
      if (is(right, 1)) return left;
      const other = is(left, 0) ? right : is(right, 0) ? left : null;
      if (other && Number.isFinite(other.run(EXACT))) return constant(0);
      return product([left, right]);
    },
    choose: (test, positive, otherwise) => (test.run(EXACT) > 0 ? positive : otherwise),
  },
  all: {
    sum: total,
    largest: (trees) => trees[Math.max(0, largestOf(trees))],
    rest: (trees) => total(without(trees, largestOf(trees))),
    others: (trees) => trees.map((_, k) => total(without(trees, k))),
  },
};

/** A number that is put in; exactly 0 or 1 it is one of the formula. @param {number} value */
export const givenNumber = (value) =>
  value === 1 || Object.is(value, 0) ? constant(value) : num(value);

/**
 * The result of a form: one tree for each output, or one for all.
 * @param {Form} form
 * @param {Record<string, Tree[]>} known what names stand for; of steps, too, that are not done again
 * @param {Writing} [writing]
 * @returns {Tree[]}
 */
export function treesOf({ steps, result }, known, { one, all } = SHORT) {
  const made = { ...known };
  /** @param {string|number} operand */
  const of = (operand) => (typeof operand === "string" ? made[operand] : [constant(operand)]);
  for (const [name, operation, operands] of steps) {
    if (name in known) continue;
    const parts = operands.map(of);
    const length = Math.max(...parts.map((part) => part.length));
    const trees = all[operation]
      ? [all[operation](parts[0])].flat()
      : Array.from({ length }, (_, k) =>
          one[operation](...parts.map((part) => part[part.length === 1 ? 0 : k])),
        );
    made[name] = trees.map(valuedOnce);
  }
  return of(result);
}

/**
 * The same tree, which finds its exact value once: a step is read by many others.
 * @param {Tree} tree
 * @returns {Tree}
 */
function valuedOnce(tree) {
  /** @type {number|undefined} */
  let exact;
  return {
    ...tree,
    run: (digits, round) => {
      if (digits !== EXACT || round) return tree.run(digits, round);
      exact ??= tree.run(EXACT);
      return exact;
    },
  };
}

/**
 * Whether a form goes by a name, where the names in `known` are there.
 * @param {Form} form
 * @param {string} name
 * @param {string[]} known
 */
export const goesBy = ({ steps, result }, name, known) =>
  result === name ||
  steps.some(([step, , operands]) => !known.includes(step) && operands.includes(name));

/**
 * A template with texts put in for its places ⟦name⟧.
 * @param {string} template
 * @param {Record<string, string>} texts
 */
export const filledIn = (template, texts) =>
  template.replace(/⟦([\w']+)⟧/g, (place, name) => texts[name] ?? place);
