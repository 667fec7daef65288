/**
 * The loss of one step: written as in a textbook, of the prediction p, and computed from the logit a
 * so that no digit is lost; or, of a run that did it by a form of its own, operation by operation.
 */

import { constant, EXACT, minus, num, product, quotient, sum } from "./expression.js";
import { givenNumber, filledIn, treesOf, WHOLE } from "./written_form.js";

/** @import { DescribedLoss } from "./data.d.ts" */
/** @import { Tree } from "./expression.js" */
/** @import { Form } from "./written_form.js" */
/** @import { Rule, Terms } from "./rules.js" */

const AS_EXACT = 1e-9; // relative
/** The letter of the logit, where a name has it: no letter of a command, none of a matrix's numbers. */
const LOGIT = /(?<![\\A-Za-z])a(?![A-Za-z])/;

/**
 * The mean of a step's terms: operands a and y, or a_1 … a_K, y_1 … y_K.
 * @param {DescribedLoss} described
 * @returns {Rule}
 */
export function lossRule(described) {
  const { spans, whole } = described;
  /** @param {string} template @param {string[]} names @param {string} [prediction] */
  const written = (template, names, prediction) => {
    const [a, y] = halves(names);
    const [logit, target] = a.length === 1 ? [a[0], y[0]] : ["a", "y"];
    return filledIn(template, {
      a: logit,
      y: target,
      p: prediction ?? logit.replace(LOGIT, described.prediction_latex),
    });
  };
  /** @param {Form} form @param {Terms[]} operands @param {boolean} [all] whether as it was done */
  const trees = (form, operands, all = whole) => {
    const [a, y] = halves(flattened(operands));
    const known = { a: a.map(num), y: y.map(all ? num : givenNumber) };
    return treesOf(form, known, all ? WHOLE : undefined);
  };
  const isPredicted = described.by_logit.steps.some(([name]) => name === "p");
  /** @param {Terms[]} operands */
  const predictions = (operands) =>
    trees({ ...described.by_logit, result: "p" }, operands).map((tree) => tree.run(EXACT));
  /**
   * p − y, as a reader has it; where that loses digits that the core keeps, as the core does it.
   * @param {Terms[]} operands
   */
  const byLogit = (operands) => {
    const exact = trees(described.by_logit, operands);
    if (!isPredicted || whole) return exact;
    const [, y] = halves(flattened(operands));
    return predictions(operands).map((p, k) => {
      const plainly = minus(num(p), givenNumber(y[k]));
      const [found, wanted] = [plainly.run(EXACT), exact[k].run(EXACT)];
      return Math.abs(found - wanted) <= AS_EXACT * Math.abs(wanted) ? plainly : exact[k];
    });
  };
  return {
    tight: true,
    spans,
    latex: (names, _, prediction) => written(described.latex, names, prediction),
    stable: described.stable ? (names) => written(described.stable, names) : null,
    prediction: (operands) => (isPredicted ? predictions(operands) : null),
    words: (names, mark) => {
      const [a, y] = halves(names.map(mark));
      return filledIn(described.words, { a: a.join(", "), y: y.join(", ") });
    },
    value: (k, operands) => {
      const terms = trees(described.value, operands);
      return terms.length === 1 ? terms[0] : quotient(sum(terms), constant(terms.length));
    },
    back: (slot, k, operands, output, g) => {
      const isVector = operands.length === 2;
      const count = flattened(operands).length / 2;
      const isLogit = isVector ? slot === 0 : slot < count;
      const found = isLogit ? byLogit(operands) : trees(described.by_target, operands, false);
      const tree = found[found.length === 1 ? 0 : isVector ? k : slot % count];
      const terms = spans ? 1 : count;
      return (
        (isLogit && whole && divided(tree, num(g[0]), terms)) || scaled(tree, num(g[0]), terms)
      );
    },
    pulled: (slot, names, g, _, prediction) => {
      const isLogit = slot < names.length / 2;
      const template = isLogit ? described.by_logit_latex : described.by_target_latex;
      return `\\left(${written(template, names, prediction)}\\right)${g}`;
    },
    local: (slot, names) => {
      const isLogit = slot < names.length / 2;
      const count = spans ? 1 : names.length / 2;
      const latex = written(isLogit ? described.by_logit_latex : described.by_target_latex, names);
      return count === 1 ? latex : `\\tfrac{1}{${count}}(${latex})`;
    },
  };
}

/**
 * A vector, or numbers that come as operands of their own, in a row.
 * @param {Terms[]} operands
 */
export const flattened = (operands) =>
  operands.flatMap((operand) => Array.from(operand, (entry) => num(entry).run(EXACT)));

/** @template Each @param {Each[]} list */
const halves = (list) => [list.slice(0, list.length / 2), list.slice(list.length / 2)];

/**
 * As the core does it, which divides once, by the number of all terms: g is one over it, but for the
 * outputs. Null where g is something else.
 * @param {Tree} tree
 * @param {Tree} g
 * @param {number} terms
 */
function divided(tree, g, terms) {
  const count = Math.round(terms / g.run(EXACT));
  if (!Number.isSafeInteger(count)) return null;
  return count === 1 ? tree : quotient(tree, constant(count));
}

/** @param {Tree} tree @param {Tree} g @param {number} count */
const scaled = (tree, g, count) =>
  product(count === 1 ? [tree, g] : [quotient(tree, constant(count)), g]);
