/**
 * The loss of a run that was computed by a form of its own (the naive one, say), operation by
 * operation as the core did it; its operations come with the data.
 *
 * @typedef {[name: string, operation: string, operands: (string|number)[]][]} Operations
 */

import {
  call,
  choice,
  constant,
  minus,
  negated,
  num,
  product,
  quotient,
  sum,
} from "./expression.js";

/** @import { Arithmetic } from "./data.d.ts" */
/** @import { Tree } from "./expression.js" */
/** @import { Numbers, Rule } from "./rules.js" */

/** @type {Record<string, (...operands: Tree[]) => Tree>} */
const ONE_BY_ONE = {
  negative: negated,
  exp: (value) => call("exp", value),
  log: (value) => call("log", value),
  log1p: (value) => call("log1p", value),
  abs: (value) => call("abs", value),
  add: (left, right) => sum([left, right]),
  subtract: minus,
  multiply: (left, right) => product([left, right]),
  divide: quotient,
  maximum: (left, right) => call("max", left, right),
  clamp: (left, right) => call("max", left, right),
  choose: choice,
};
/** @type {Record<string, (operands: Tree[]) => Tree>} */
const OVER_ALL = { sum, largest: (trees) => call("max", ...trees) };

/**
 * The result of a form: one tree for each output, or one for all.
 * @param {Operations} operations
 * @param {Record<string, Tree[]>} given what the names stand for
 */
function treesOf(operations, given) {
  const made = { ...given };
  /** @type {Tree[]} */
  let last = [];
  for (const [name, operation, operands] of operations) {
    const parts = operands.map((each) =>
      typeof each === "string" ? made[each] : [constant(each)],
    );
    const length = Math.max(...parts.map((part) => part.length));
    last = OVER_ALL[operation]
      ? [OVER_ALL[operation](parts[0])]
      : Array.from({ length }, (_, k) =>
          ONE_BY_ONE[operation](...parts.map((part) => part[part.length === 1 ? 0 : k])),
        );
    made[name] = last;
  }
  return last;
}

/** @param {ArrayLike<number>} numbers */
const trees = (numbers) => Array.from(numbers, num);

/**
 * Logits and targets: two arrays, or all logits and then all targets as operands of their own.
 * @param {Numbers[]} operands
 */
function parted(operands) {
  const list = operands.flatMap((operand) => Array.from(operand));
  return [list.slice(0, list.length / 2), list.slice(list.length / 2)];
}

/**
 * The rule of the loss in place of the one it has in the other runs.
 * @param {Rule} usual
 * @param {Arithmetic} sent
 * @returns {Rule}
 */
function lossRule(usual, { latex, spans, terms, delta }) {
  /** @param {Operations} operations @param {number[]} a @param {number[]} y */
  const of = (operations, a, y) => treesOf(operations, { a: trees(a), y: trees(y) });
  return {
    ...usual,
    latex: (names) => {
      const [a, y] = names.length === 2 ? names : ["a", "y"];
      return latex.replaceAll("⟦a⟧", a).replaceAll("⟦y⟧", y);
    },
    value: (k, operands) => {
      const [a, y] = parted(operands);
      const found = of(terms, a, y);
      return found.length === 1 ? found[0] : quotient(sum(found), constant(found.length));
    },
    back: (slot, k, operands, output, g, context) => {
      const [a, y] = parted(operands);
      const byLogit = operands.length === 2 ? slot === 0 : slot < a.length;
      if (!byLogit) return usual.back(slot, k, operands, output, g, context);
      const place = operands.length === 2 ? k : slot;
      const found = of(delta, a, y)[place];
      // The core divides once, by the number of all terms: g is one over it, but for the outputs.
      const count = Math.round((spans ? 1 : a.length) / g[0]);
      if (!Number.isSafeInteger(count)) return product([found, num(g[0])]);
      return count === 1 ? found : quotient(found, constant(count));
    },
  };
}

/**
 * The rule of the prediction; at the scalar level the operand that it is the share of is first.
 * @param {Rule} usual
 * @param {Operations} operations
 * @returns {Rule}
 */
const predictionRule = (usual, operations) => ({
  ...usual,
  value: (k, operands) => {
    const whole = operands.length === 1 ? operands[0] : operands.map((each) => each[0]);
    return treesOf(operations, { a: trees(whole) })[operands.length === 1 ? k : 0];
  },
});

/**
 * The rules that a run has instead of the usual ones.
 * @param {Arithmetic} sent
 * @param {(op: string) => Rule} usual
 */
export function rulesBy(sent, usual) {
  /** @type {Record<string, Rule>} */
  const found = { [sent.loss]: lossRule(usual(sent.loss), sent) };
  const op = sent.spans ? "softmax" : "sigmoid";
  if (sent.prediction.length) found[op] = predictionRule(usual(op), sent.prediction);
  return found;
}
