/** The operations that are the same in every network: products, sums, means, the softmax. */

import { affineBack, affinePulled, row } from "./affine.js";
import {
  call,
  constant,
  grouped,
  minus,
  num,
  product,
  quotient,
  shortened,
  sum,
} from "./expression.js";
import { flattened } from "./loss_rule.js";

/** @import { Tree } from "./expression.js" */
/** @import { Rule } from "./rules.js" */

const ONE = constant(1);

/**
 * Terms in LaTeX, one after the other; of many the first ones and the last.
 * @param {string[]} terms
 */
function added(terms) {
  return shortened(terms, "\\cdots").join(" + ").replaceAll("+ -", "- ");
}

/** @type {Record<string, Rule>} */
export const STRUCTURAL = {
  matvec: {
    tight: true,
    latex: ([matrix, vector]) => `${matrix}\\,${vector}`,
    words: ([matrix, vector], mark) => mark(`${matrix}\\,${vector}`),
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
    words: (names, mark) => mark(names.join("\\cdot ")),
    value: (k, operands) => product(operands.map((operand) => num(operand[k]))),
    back: (slot, k, operands, output, g) =>
      product([...operands.filter((_, i) => i !== slot).map((other) => num(other[k])), num(g[k])]),
    local: (slot, names) => names.filter((_, i) => i !== slot).join("\\cdot "),
    pulled: (slot, texts, g) => [...texts.filter((_, i) => i !== slot), g].join("\\odot "),
  },
  affine: {
    tight: true,
    latex: ([W, h, b]) => `${W}\\,${h} + ${b}`,
    words: ([W, h, b], mark) => mark(`${W}\\,${h} + ${b}`),
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
    words: (names, mark) => mark(names.join(" + ")),
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
    words: ([v], mark) => mark(`1 - ${v}`),
    value: (k, [v]) => minus(ONE, num(v[k])),
    back: (slot, k, operands, output, g) => product([constant(-1), num(g[k])]),
    local: () => "-1",
    pulled: (slot, texts, g) => `-${g}`,
  },
  softmax: {
    spans: true,
    latex: ([a]) => `\\operatorname{softmax}\\!\\left(${a}\\right)`,
    words: (names, mark) => `softmax(${names.map(mark).join(", ")})`,
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
    words: (losses, mark) =>
      losses.length > 3
        ? `the mean of ${losses.length} losses`
        : `the mean of ${losses.map(mark).join(", ")}`,
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
