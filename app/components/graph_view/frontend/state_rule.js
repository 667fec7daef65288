/**
 * A state as one operation on all that its step reads: the instructions of a cell, as Python sends
 * them, are done again, printed line by line, and gone through backwards.
 */

import { writtenText } from "../../shared/frontend/notation/notation.js";
import { EXACT, num, sum } from "./expression.js";
import { filledIn } from "./written_form.js";

/** @import { DescribedState } from "./data.d.ts" */
/** @import { Tree } from "./expression.js" */
/** @import { Line, Rule, Terms } from "./rules.js" */

/**
 * @param {DescribedState} described
 * @param {(op: string) => ?Rule} ruleOf the operations inside it
 * @returns {Rule}
 */
export function stateRule(described, ruleOf) {
  const { state, leaves, lines, local } = described;
  const steps = described.steps.map(([name, op, reads, line]) => {
    const rule = ruleOf(op);
    if (!rule) throw new RangeError(`${state}: expected operations that are known, got ${op}`);
    return { name, reads, rule, isLine: name === line, isProduct: op === "matvec" };
  });
  const byName = new Map(steps.map((step) => [step.name, step]));
  /** @typedef {typeof steps[0]} Step */
  /** What a matrix inside the state takes all entries of. */
  const mixed = new Set();
  for (const { name, reads, isProduct } of [...steps].reverse()) {
    if (isProduct || mixed.has(name)) for (const each of reads) mixed.add(each);
  }

  /**
   * The values of all lines and terms.
   * @param {Terms[]} operands
   * @param {(value: number) => number} [round]
   */
  function valuesOf(operands, round) {
    /** @type {Map<string, Terms>} */
    const values = new Map(leaves.map((leaf, slot) => [leaf, operands[slot]]));
    for (const { name, reads, rule, isProduct } of steps) {
      const parts = partsOf(values, reads);
      const size = isProduct ? parts[0].length / parts[1].length : parts[0].length;
      const value = Array.from({ length: size }, (_, k) => rule.value(k, parts).run(EXACT, round));
      values.set(name, value);
    }
    return values;
  }

  /**
   * One number of a step; what is no line of its own stands inside it.
   * @param {Map<string, Terms>} values
   * @param {Step} step
   * @param {number} k
   * @returns {Tree}
   */
  function treeOf(values, { reads, rule, isProduct }, k) {
    const parts = partsOf(values, reads).map((part, slot) => {
      const inner = byName.get(String(reads[slot]));
      if (!inner || inner.isLine) return part;
      return Array.from(part, (entry, i) =>
        isProduct || i === k ? treeOf(values, inner, i) : entry,
      );
    });
    return rule.value(k, parts);
  }

  /** @type {NonNullable<Rule["lines"]>} */
  function linesOf(k, operands, output, t, round) {
    const values = valuesOf(operands, round).set(state, output);
    return steps.flatMap((step) => {
      if (!step.isLine) return [];
      const value = values.get(step.name) ?? [];
      return entriesFor(step, k, values).map((entry) => ({
        label: writtenText(`${filledIn(lines[step.name].symbol, { t })}[${entry + 1}]`),
        tree: treeOf(values, step, entry),
        value: num(value[entry]).run(EXACT),
      }));
    });
  }

  /**
   * Which entries of a step one of the state takes: all, where a matrix stands between the two.
   * @param {Step} step
   * @param {number} k
   * @param {Map<string, Terms>} values
   */
  function entriesFor(step, k, values) {
    return mixed.has(step.name) ? Array.from(values.get(step.name) ?? [], (_, i) => i) : [k];
  }

  /** @type {NonNullable<Rule["pull"]>} */
  function pull(operands, output, g) {
    const values = valuesOf(operands).set(state, output);
    /** What reaches a name, by entry, from each step that reads it. */
    const arriving = /** @type {Map<string, ((k: number) => Tree)[]>} */ (new Map());
    arriving.set(state, [(k) => num(g[k])]);
    /** @param {string} name @param {number} k */
    const total = (name, k) => sum((arriving.get(name) ?? []).map((term) => term(k)));
    for (const { name, reads, rule } of [...steps].reverse()) {
      const value = values.get(name) ?? [];
      const gradient = Array.from(value, (_, k) => total(name, k));
      const parts = partsOf(values, reads);
      for (const [slot, each] of reads.entries()) {
        if (typeof each === "number") continue;
        const terms = arriving.get(each) ?? [];
        terms.push((k) => (rule.passes ? gradient[k] : rule.back(slot, k, parts, value, gradient)));
        arriving.set(each, terms);
      }
    }
    return (slot, k) => total(leaves[slot], k);
  }

  /** The names of leaves and lines. @param {string[]} names @param {string} t */
  const called = (names, t) => {
    const own = Object.entries(lines).map(([name, { latex }]) => [name, filledIn(latex, { t })]);
    return Object.fromEntries([...own, ...leaves.map((leaf, slot) => [leaf, names[slot]])]);
  };
  /** @param {string[]} names */
  const latex = (names, t = "t") => filledIn(lines[state].is ?? "", called(names, t));
  return {
    tight: true,
    latex,
    before: (names, t) => {
      const texts = called(names, t);
      return Object.entries(lines).flatMap(([name, { is }]) =>
        is === null || name === state ? [] : [`${texts[name]} &= ${filledIn(is, texts)}`],
      );
    },
    words: (names, mark, t) => mark(latex(names, t)),
    value: (k, operands) => {
      const last = byName.get(state);
      return last ? treeOf(valuesOf(operands), last, k) : num(NaN);
    },
    lines: linesOf,
    pull,
    back: (slot, k, operands, output, g) => pull(operands, output, g)(slot, k),
    local: (slot, names, output, t = "t") => {
      const texts = called(names, t);
      return local[leaves[slot]]
        .map((way) => filledIn(way, texts))
        .join(" + ")
        .replaceAll("+ -", "- ");
    },
    ways: (slot) => local[leaves[slot]].length,
    inside: (line) => byName.has(line),
  };
}

/**
 * What a step reads; a number of the cell is the same for each entry.
 * @param {Map<string, Terms>} values
 * @param {(string|number)[]} reads
 * @returns {Terms[]}
 */
function partsOf(values, reads) {
  const found = reads.map((each) => (typeof each === "number" ? null : values.get(each)));
  const size = Math.max(...found.map((part) => part?.length ?? 1));
  return found.map((part, slot) => part ?? new Array(size).fill(reads[slot]));
}
