/**
 * The loss of a run that was computed by a form of its own (the naive one, say), operation by
 * operation as the core did it; its operations come with the data.
 */

import { constant, EXACT, num, product, quotient, sum } from "./expression.js";
import { put, treesOf, WHOLE } from "./form.js";

/** @import { Arithmetic } from "./data.d.ts" */
/** @import { Form } from "./form.js" */
/** @import { Rule, Terms } from "./rules.js" */

/** @param {Terms} numbers */
const trees = (numbers) => Array.from(numbers, num);

/**
 * Logits and targets: two arrays, or all logits and then all targets as operands of their own.
 * @param {Terms[]} operands
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
  /** @param {Form} form @param {Terms} a @param {Terms} y */
  const of = (form, a, y) => treesOf(form, { a: trees(a), y: trees(y) }, WHOLE);
  return {
    ...usual,
    latex: (names) => {
      const [a, y] = names.length === 2 ? names : ["a", "y"];
      return put(latex, { a, y });
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
      const count = Math.round((spans ? 1 : a.length) / num(g[0]).run(EXACT));
      if (!Number.isSafeInteger(count)) return product([found, num(g[0])]);
      return count === 1 ? found : quotient(found, constant(count));
    },
  };
}

/**
 * The rule of the prediction; at the scalar level the operand that it is the share of is first.
 * @param {Rule} usual
 * @param {Form} form
 * @returns {Rule}
 */
const predictionRule = (usual, form) => ({
  ...usual,
  value: (k, operands) => {
    const whole = operands.length === 1 ? operands[0] : operands.map((each) => each[0]);
    return treesOf(form, { a: trees(whole) }, WHOLE)[operands.length === 1 ? k : 0];
  },
});

/**
 * The rules that a run has instead of the usual ones.
 * @param {Arithmetic} sent
 * @param {(op: string) => ?Rule} usual
 */
export function rulesBy(sent, usual) {
  /** @type {Record<string, Rule>} */
  const found = {};
  const loss = usual(sent.loss);
  if (loss) found[sent.loss] = lossRule(loss, sent);
  const { predicts, prediction } = sent;
  const predicted = usual(predicts);
  if (prediction && predicted) found[predicts] = predictionRule(predicted, prediction);
  return found;
}
