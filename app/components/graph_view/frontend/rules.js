/**
 * What each operation of the graph computes, as LaTeX and as arithmetic that can be printed.
 *
 * The numbers shown are the core's; these rules only say how each follows from its operands, so
 * that a reader can redo it. Vectors are taken by component, matrices by row.
 *
 * @typedef {ArrayLike<number>} Numbers
 * @typedef {ArrayLike<number|Tree>} Terms  a tree: how the number comes about
 * @typedef {object} Rule
 * @property {(operands: string[], t?: string, prediction?: string) => string} latex
 *   the operation on its operands' names, or on their numbers
 * @property {boolean} [tight]                                negative operands need parentheses
 * @property {(k: number, operands: Terms[], context?: Context) => Tree} value  component k
 * @property {(slot: number, k: number, operands: Terms[], output: Terms, g: Terms,
 *   context?: Context) => Tree} back   component k of what reaches operand `slot` when the gradient of the output is g
 * @property {(slot: number, names: string[], output: string, t?: string) => string} local the local derivative
 * @property {(names: string[], mark: (latex: string) => string, t?: string) => string} words
 *   the operation in a sentence, in which formulas are marked: each of them is written as one
 * @property {boolean} [passes]                               a gradient goes through as it is
 * @property {boolean} [spans]                                one result for all outputs
 * @property {boolean} [entrywise]                            a number of the result takes those in its place alone
 * @property {(slot: number, texts: string[], g: string, slope: string, prediction?: string) => string}
 *   [pulled] what reaches operand `slot` when g comes back, in vectors and matrices; texts are names
 *   or numbers
 * @property {(names: string[], output: string) => string} [slope]  φ′ in symbols, where `pulled` takes it
 * @property {(operands: Terms[], output: Terms) => number[]} [slopes]  and in numbers
 *
 * Of a loss: how it is computed, where that is not as it is written, and the p in how it is written:
 * @property {?((operands: string[]) => string)} [stable]
 * @property {(operands: Terms[]) => ?number[]} [prediction]  null where it is written without
 *
 * Of an operation of several lines, whose step is called t:
 * @property {(names: string[], t: string) => string[]} [before]  the equations of the lines before the last
 * @property {(k: number, operands: Terms[], output: Terms, t: string,
 *   round?: (value: number) => number) => Line[]} [lines]  all that component k takes
 * @property {(operands: Terms[], output: Terms, g: Terms) => (slot: number, k: number) => Tree} [pull]
 *   `back` of all operands at once
 * @property {(slot: number) => number} [ways]  how many terms its local derivative has
 * @property {(line: string) => boolean} [inside]  whether a line of the step is part of it
 *
 * @typedef {{label: string, tree: Tree, value: number}} Line
 * @typedef {object} Context of a run whose every operation was rounded to a format
 * @property {string[]} parts  which operands were added up together, before the rest: a name each
 * @typedef {import("./expression.js").Tree} Tree
 */

import { activationRule, cellRule, predictionRule } from "./function_rule.js";
import { lossRule } from "./loss_rule.js";
import { stateRule } from "./state_rule.js";
import { STRUCTURAL } from "./structural.js";

/** @import { Entries, Entry } from "./data.d.ts" */

/**
 * The rules of a network's operations: those that are the same in every network, and those that
 * Python describes.
 * @param {Entries} entries by operation
 * @param {Entries} [own]  of a run that did some of them in a way of its own
 * @returns {(op: ?string) => ?Rule}
 */
export function rulesOf(entries, own = {}) {
  /** @type {Map<string, ?Rule>} */
  const made = new Map();
  /** @param {string} op */
  const usual = (op) => {
    const known = made.get(op);
    if (known) return known;
    const rule = op in entries ? ruleBy(entries[op], usual, op, entries) : STRUCTURAL[op];
    if (rule) made.set(op, rule);
    return rule ?? null;
  };
  const special = new Map(
    Object.entries(own).map(([op, entry]) => [op, ruleBy(entry, usual, op, entries)]),
  );
  return (op) => (op ? (special.get(op) ?? usual(op)) : null);
}

/**
 * @param {Entry} entry
 * @param {(op: string) => ?Rule} usual
 * @param {string} op
 * @param {Entries} entries
 * @returns {?Rule}
 */
function ruleBy(entry, usual, op, entries) {
  switch (entry.kind) {
    case "activation":
      return activationRule(entry);
    case "cell": {
      const of = entries[entry.of];
      return of?.kind === "activation" ? cellRule(of) : null;
    }
    case "loss":
      return lossRule(entry);
    case "prediction": {
      const rule = usual(op);
      return rule && predictionRule(entry, rule);
    }
    case "state":
      return stateRule(entry, usual);
  }
}
