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
 * @property {(operands: string[], t?: string, mark?: (latex: string) => string) => string} words
 *   the operation in a sentence
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

import {
  call,
  constant,
  EXACT,
  grouped,
  minus,
  num,
  product,
  quotient,
  shortened,
  sum,
} from "./expression.js";
import { goesBy, put, treesOf } from "./form.js";
import { flattened, lossRule } from "./loss_rule.js";
import { stateRule } from "./state_rule.js";

/** @import { Described, DescribedLoss, DescribedState } from "./data.d.ts" */

const ONE = constant(1);

/**
 * Terms in LaTeX, one after the other; of many the first ones and the last.
 * @param {string[]} terms
 */
function added(terms) {
  return shortened(terms, "\\cdots").join(" + ").replaceAll("+ -", "- ");
}

/** @type {Record<string, Rule>} */
const RULES = {
  matvec: {
    tight: true,
    latex: ([matrix, vector]) => `${matrix}\\,${vector}`,
    words: (operands) => operands.join(" "),
    value: (k, [matrix, vector]) => row(matrix, k, vector),
    back: (slot, k, operands, output, g) =>
      affineBack(slot, k, [...operands, []], (i) => num(g[i]), g.length),
    local: (slot, [matrix, vector]) => (slot === 0 ? `${vector}^{\\top}` : `${matrix}^{\\top}`),
    pulled: (slot, operands, g) => affinePulled(slot, operands, g),
  },
  mul: {
    tight: true,
    entrywise: true,
    latex: (operands) => operands.join("\\cdot "),
    words: (operands) => operands.join(" · "),
    value: (k, operands) => product(operands.map((operand) => num(operand[k]))),
    back: (slot, k, operands, output, g) =>
      product([...operands.filter((_, i) => i !== slot).map((other) => num(other[k])), num(g[k])]),
    local: (slot, names) => names.filter((_, i) => i !== slot).join("\\cdot "),
    pulled: (slot, texts, g) => [...texts.filter((_, i) => i !== slot), g].join("\\odot "),
  },
  affine: {
    tight: true,
    latex: ([W, h, b]) => `${W}\\,${h} + ${b}`,
    words: ([W, h, b]) => `${W} ${h} + ${b}`,
    value: (k, [W, h, b]) => sum([row(W, k, h), num(b[k])]),
    back: (slot, k, operands, output, g) =>
      affineBack(slot, k, operands, (i) => num(g[i]), g.length),
    local: (slot, [W, h]) => [`${h}^{\\top}`, `${W}^{\\top}`, "1"][slot],
    pulled: affinePulled,
    inside: (line) => line === "a",
  },
  add: {
    passes: true,
    entrywise: true,
    latex: added,
    words: (operands) => operands.join(" + "),
    value: (k, operands, context) => {
      const terms = operands.map((operand) => num(operand[k]));
      return context ? inParts(terms, context.parts) : sum(terms);
    },
    back: (slot, k, operands, output, g) => product([ONE, num(g[k])]),
    local: () => "1",
    pulled: (slot, texts, g) => g,
  },
  one_minus: {
    tight: true,
    entrywise: true,
    latex: ([v]) => `1 - ${v}`,
    words: ([v]) => `1 − ${v}`,
    value: (k, [v]) => minus(ONE, num(v[k])),
    back: (slot, k, operands, output, g) => product([constant(-1), num(g[k])]),
    local: () => "-1",
    pulled: (slot, texts, g) => `-${g}`,
  },
  softmax: {
    spans: true,
    latex: ([a]) => `\\operatorname{softmax}\\!\\left(${a}\\right)`,
    words: (operands) => `softmax(${operands.join(", ")})`,
    value: (k, operands) => softmaxTree(k, flattened(operands)),
    back: (slot, k, operands, output, g) => {
      if (operands.length > 1) {
        // Scalars: this is the share of the first operand.
        const other = softmaxTree(slot, flattened(operands));
        return product([num(output[0]), minus(constant(slot === 0 ? 1 : 0), other), num(g[0])]);
      }
      return sum(
        Array.from(g, (upstream, j) =>
          product([
            num(output[j]),
            minus(constant(j === k ? 1 : 0), num(output[k])),
            num(upstream),
          ]),
        ),
      );
    },
    local: (slot, names, p) => `\\operatorname{diag}(${p}) - ${p}${p}^{\\top}`,
  },
  mean: {
    latex: (operands) =>
      operands.length === 1 ? operands[0] : `\\tfrac{1}{${operands.length}}(${added(operands)})`,
    words: (losses) =>
      losses.length > 3
        ? `the mean of ${losses.length} losses`
        : `the mean of ${losses.join(", ")}`,
    value: (k, operands, context) => {
      const terms = flattened(operands).map(num);
      const count = constant(terms.length);
      if (terms.length === 1) return terms[0];
      if (context) return sum(terms.map((term) => quotient(term, count))); // as the core does there
      return quotient(sum(terms), count);
    },
    back: (slot, k, operands, output, g) =>
      quotient(num(g[0]), constant(operands.reduce((count, operand) => count + operand.length, 0))),
    local: (slot, names) => (names.length === 1 ? "1" : `\\tfrac{1}{${names.length}}`),
    pulled: (slot, names, g) => (names.length === 1 ? g : `\\tfrac{1}{${names.length}}${g}`),
  },
};

/**
 * h = φ(z), entry by entry.
 * @param {Described} described
 * @returns {Rule}
 */
const activation = (described) => ({
  latex: ([z]) => put(described.latex, { z }),
  words: ([z]) => put(described.words, { z }),
  passes: isIdentity(described),
  entrywise: true,
  pulled: (slot, texts, g, slope) => (isIdentity(described) ? g : `${slope}\\odot ${g}`),
  slope: ([z], h) => put(described.slope_latex, { z, h }),
  slopes: ([z], output) => slopesOf(described, Array.from(z, num), output),
  value: (k, [z]) => treesOf(described.value, { z: [num(z[k])] })[0],
  back: (slot, k, [z], output, g) =>
    product([slopeOf(described, () => num(z[k]), output[k]), num(g[k])]),
  local: (slot, [z], h) => put(described.slope_latex, { z, h }),
});

/** @param {Described} described */
const isIdentity = ({ value }) => value.result === "z";

/**
 * φ′, from the state and, where it takes that, the pre-activation.
 * @param {Described} described
 * @param {() => Tree} z
 * @param {number|Tree} output
 */
function slopeOf({ slope }, z, output) {
  const h = [num(output)];
  return treesOf(slope, goesBy(slope, "z", ["h"]) ? { z: [z()], h } : { h })[0];
}

/**
 * φ′ of each number.
 * @param {Described} described
 * @param {Tree[]} z
 * @param {Terms} output
 */
const slopesOf = (described, z, output) =>
  z.map((each, k) => slopeOf(described, () => each, output[k]).run(EXACT));

/**
 * h = φ(W x + U h′ + b), one node of the step level.
 * @param {Described} described
 * @returns {Rule}
 */
function cell(described) {
  /** @param {number} k @param {Terms[]} operands @param {Context} [context] */
  const sumOf = (k, [W, x, U, h, b], context) => {
    const recurrent = row(U, k, h);
    const second = context && h.length > 1 ? grouped(recurrent) : recurrent;
    return sum([row(W, k, x), second, num(b[k])]);
  };
  return {
    tight: true,
    latex: ([W, x, U, h, b]) => put(described.latex, { z: `${W}\\,${x} + ${U}\\,${h} + ${b}` }),
    words: ([W, x, U, h, b]) => put(described.words, { z: `${W} ${x} + ${U} ${h} + ${b}` }),
    value: (k, operands, context) =>
      treesOf(described.value, { z: [sumOf(k, operands, context)] })[0],
    back: (slot, k, operands, output, g) => {
      /** @param {number} i */
      const z = (i) => num(sumOf(i, operands).run(EXACT));
      /** @param {number} i */
      const delta = (i) => product([slopeOf(described, () => z(i), output[i]), num(g[i])]);
      return affineBack(slot, k, operands, delta, g.length);
    },
    inside: (line) => line !== "a",
    slope: (names, h) => put(described.slope_latex, { z: "z", h }),
    slopes: (operands, output) => {
      const z = Array.from(output, (_, k) => sumOf(k, operands));
      return slopesOf(described, z, output);
    },
    pulled: (slot, texts, g, slope) => {
      const delta = isIdentity(described) ? g : `\\left(${slope}\\odot ${g}\\right)`;
      return affinePulled(slot, texts, delta);
    },
    local: (slot, [W, x, U, h], output) => {
      const steep = put(described.slope_latex, { z: "z", h: output });
      const diagonal = isIdentity(described) ? "" : `\\operatorname{diag}(${steep})`;
      const before = ["", `${W}^{\\top}`, "", `${U}^{\\top}`, ""][slot];
      const after = [`\\,${x}^{\\top}`, "", `\\,${h}^{\\top}`, "", ""][slot];
      return before + diagonal + after || "1";
    },
  };
}

/**
 * Of a cell with gates.
 * @param {DescribedState} described
 */
const state = (described) => stateRule(described, (op) => RULES[op] ?? ruleOf(op, described.ops));

/** @type {Record<string, (described: any) => Rule>} */
const KINDS = { activation, cell, loss: lossRule, state };

/** The rules of the operations that Python describes. @type {WeakMap<object, Rule>} */
const made = new WeakMap();

/**
 * Row k of a matrix times a vector.
 * @param {Terms} matrix
 * @param {number} k
 * @param {Terms} vector
 */
function row(matrix, k, vector) {
  return sum(Array.from(vector, (v, j) => product([num(matrix[k * vector.length + j]), num(v)])));
}

/**
 * What reaches the operands W, v, …, b of W v + … + b when δ reaches the sum.
 * @param {number} slot
 * @param {number} k
 * @param {Terms[]} operands
 * @param {(i: number) => Tree} delta
 * @param {number} rows how many there are
 */
function affineBack(slot, k, operands, delta, rows) {
  if (slot === operands.length - 1) return delta(k);
  if (slot % 2 === 0) {
    const vector = operands[slot + 1];
    return product([delta(Math.floor(k / vector.length)), num(vector[k % vector.length])]);
  }
  const matrix = operands[slot - 1];
  const columns = operands[slot].length;
  const terms = Array.from({ length: rows }, (_, i) =>
    product([num(matrix[i * columns + k]), delta(i)]),
  );
  return sum(terms);
}

/**
 * The same in vectors and matrices: δ vᵀ, Wᵀ δ, δ.
 * @param {number} slot
 * @param {string[]} texts of W, v, …, b
 * @param {string} delta
 */
function affinePulled(slot, texts, delta) {
  if (slot % 2 === 1) return `${texts[slot - 1]}^{\\top}${delta}`;
  return slot + 1 < texts.length ? `${delta}\\,${texts[slot + 1]}^{\\top}` : delta;
}

/**
 * Add up the terms of each part, and then the parts: terms of one part stand side by side.
 * @param {Tree[]} terms
 * @param {string[]} parts
 */
function inParts(terms, parts) {
  const starts = terms.map((_, i) => i).filter((i) => i === 0 || parts[i] !== parts[i - 1]);
  const sums = starts.map((start, i) => terms.slice(start, starts[i + 1]));
  return sum(sums.map((part) => (part.length > 1 ? grouped(sum(part)) : part[0])));
}

/**
 * The rule of an operation: one that is the same in every network, or as Python describes it.
 * @param {?string} op
 * @param {Record<string, Described|DescribedLoss|DescribedState>} described
 * @returns {?Rule}
 */
export function ruleOf(op, described) {
  if (!op) return null;
  if (RULES[op]) return RULES[op];
  const found = described[op];
  if (!found) return null;
  const known = made.get(found) ?? KINDS[found.kind](found);
  made.set(found, known);
  return known;
}

/**
 * exp(a − max a) of each logit.
 * @param {number[]} a
 */
function shifted(a) {
  const top = Math.max(...a);
  return Array.from(a, (v) => call("exp", minus(num(v), num(top))));
}

/** @param {number} k @param {number[]} a */
function softmaxTree(k, a) {
  const exps = shifted(a);
  return quotient(exps[k], sum(exps));
}
