/**
 * What each operation of the graph computes, as LaTeX and as arithmetic that can be printed.
 *
 * The numbers shown are the core's; these rules only say how each follows from its operands, so
 * that a reader can redo it. Vectors are taken by component, matrices by row.
 *
 * @typedef {ArrayLike<number>} Numbers
 * @typedef {object} Rule
 * @property {(operands: string[]) => string} latex           the operation on its operands' names
 * @property {boolean} [tight]                                negative operands need parentheses
 * @property {(k: number, operands: Numbers[], context?: Context) => Tree} value  component k
 * @property {(slot: number, k: number, operands: Numbers[], output: Numbers, g: Numbers,
 *   context?: Context) => Tree} back   component k of what reaches operand `slot` when the gradient of the output is g
 * @property {(slot: number, names: string[], output: string) => string} local the local derivative
 * @typedef {object} Context of a run whose every operation was rounded to a format
 * @property {string[]} parts  which operands were added up together, before the rest: a name each
 * @typedef {Rule & {of: (z: Tree) => Tree}} Activation
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

const ONE = constant(1);

/**
 * Terms in LaTeX, one after the other; of many the first ones and the last.
 * @param {string[]} terms
 */
function added(terms) {
  return shortened(terms, "\\cdots").join(" + ").replaceAll("+ -", "- ");
}

/**
 * @param {(z: string) => string} latex
 * @param {(z: Tree) => Tree} value
 * @param {(z: number, output: number) => Tree} slope
 * @param {(z: string, output: string) => string} local
 * @returns {Activation}
 */
const activation = (latex, value, slope, local) => ({
  latex: ([z]) => latex(z),
  of: value,
  value: (k, [z]) => value(num(z[k])),
  back: (slot, k, [z], output, g) => product([slope(z[k], output[k]), num(g[k])]),
  local: (slot, [z], output) => local(z, output),
});

/** @type {Record<string, Activation>} */
const ACTIVATIONS = {
  tanh: activation(
    (z) => `\\tanh\\!\\left(${z}\\right)`,
    (z) => call("tanh", z),
    (z, h) => minus(ONE, product([num(h), num(h)])),
    (z, h) => `1-\\tanh^2(${z}) = 1 - {${h}}^2`,
  ),
  relu: activation(
    (z) => `\\max\\!\\left(0,\\,${z}\\right)`,
    (z) => call("max", constant(0), z),
    (z) => constant(z > 0 ? 1 : 0),
    (z) => `\\mathbb{1}[${z}>0]`,
  ),
  identity: activation(
    (z) => z,
    (z) => z,
    () => ONE,
    () => "1",
  ),
};

/** @type {Record<string, Rule>} */
const RULES = {
  matvec: {
    tight: true,
    latex: ([matrix, vector]) => `${matrix}\\,${vector}`,
    value: (k, [matrix, vector]) => row(matrix, k, vector),
    back: (slot, k, operands, output, g) =>
      affineBack(slot, k, [...operands, []], Array.from(g, num)),
    local: (slot, [matrix, vector]) => (slot === 0 ? `${vector}^{\\top}` : `${matrix}^{\\top}`),
  },
  mul: {
    tight: true,
    latex: (operands) => operands.join("\\cdot "),
    value: (k, operands) => product(operands.map((operand) => num(operand[k]))),
    back: (slot, k, operands, output, g) =>
      product([...operands.filter((_, i) => i !== slot).map((other) => num(other[k])), num(g[k])]),
    local: (slot, names) => names.filter((_, i) => i !== slot).join("\\cdot "),
  },
  affine: {
    tight: true,
    latex: ([W, h, b]) => `${W}\\,${h} + ${b}`,
    value: (k, [W, h, b]) => sum([row(W, k, h), num(b[k])]),
    back: (slot, k, operands, output, g) => affineBack(slot, k, operands, Array.from(g, num)),
    local: (slot, [W, h]) => [`${h}^{\\top}`, `${W}^{\\top}`, "1"][slot],
  },
  add: {
    latex: added,
    value: (k, operands, context) => {
      const terms = operands.map((operand) => num(operand[k]));
      return context ? inParts(terms, context.parts) : sum(terms);
    },
    back: (slot, k, operands, output, g) => product([ONE, num(g[k])]),
    local: () => "1",
  },
  ...ACTIVATIONS,
  sigmoid: activation(
    (a) => `\\sigma\\!\\left(${a}\\right)`,
    (a) => sigmoidTree(a),
    (a) => product([sigmoidTree(num(a)), sigmoidTree(num(-a))]), // p (1 − p) rounds to 0 near p = 1
    (a, p) => `${p}\\,(1-${p})`,
  ),
  softmax: {
    latex: ([a]) => `\\operatorname{softmax}\\!\\left(${a}\\right)`,
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
    value: (k, operands, context) => {
      const terms = operands.flatMap((operand) => Array.from(operand, num));
      const count = constant(terms.length);
      if (terms.length === 1) return terms[0];
      if (context) return sum(terms.map((term) => quotient(term, count))); // as the core does there
      return quotient(sum(terms), count);
    },
    back: (slot, k, operands, output, g) =>
      quotient(num(g[0]), constant(operands.reduce((count, operand) => count + operand.length, 0))),
    local: (slot, names) => (names.length === 1 ? "1" : `\\tfrac{1}{${names.length}}`),
  },
  binary_cross_entropy: {
    latex: ([a, y]) => `(1-${y})\\max(${a},0)+${y}\\max(-${a},0)+\\log(1+e^{-|${a}|})`,
    tight: true,
    value: (k, [a, y]) => overOutputs(a.length, (j) => binaryTerm(a[j], y[j])),
    back: (slot, k, [a, y], output, g) =>
      scaled(
        slot === 0 ? binaryDelta(a[k], y[k]) : product([constant(-1), num(a[k])]),
        g[0],
        a.length,
      ),
    local: (slot, [a, y]) => (slot === 0 ? `p-y = \\sigma(${a}) - ${y}` : `-${a}`),
  },
  softmax_cross_entropy: {
    latex: (operands) => {
      const [a, y] = halves(operands);
      if (a.length === 1) {
        return `\\log\\textstyle\\sum_j e^{(${a[0]})_j} - {${y[0]}}^{\\top}${a[0]}`;
      }
      const exps = a.map((each) => `e^{${each}}`);
      const paid = a.map((each, j) => `${y[j]}\\,${each}`);
      return `\\log(${added(exps)}) - ${shortened(paid, "\\cdots").join(" - ")}`;
    },
    value: (k, operands) => {
      const [a, y] = halves(flattened(operands));
      // Σ y (max a − a) + log Σ exp(a − max a): nothing cancels, however large the logits are.
      /** @param {number} j */
      const below = (j) => minus(num(Math.max(...a)), num(a[j]));
      const paid = Array.from(y, (v, j) => (v === 1 ? below(j) : product([num(v), below(j)])));
      return sum([...paid.filter((_, j) => y[j] !== 0), logOfShifted(a)]);
    },
    back: (slot, k, operands, output, g) => {
      const [a, y] = halves(flattened(operands));
      const place = operands.length === 2 ? k : slot % a.length;
      const byLogit = operands.length === 2 ? slot === 0 : slot < a.length;
      const local = byLogit
        ? softmaxDelta(place, a, y)
        : sum([minus(num(Math.max(...a)), num(a[place])), logOfShifted(a)]);
      return product([local, num(g[0])]);
    },
    local: (slot, names) => (slot < names.length / 2 ? "p-y" : "-\\log p"),
  },
  squared_error: {
    latex: ([a, y]) => `\\tfrac12\\left(${a}-${y}\\right)^2`,
    tight: true,
    value: (k, [a, y]) =>
      overOutputs(a.length, (j) =>
        product([constant(0.5), minus(num(a[j]), num(y[j])), minus(num(a[j]), num(y[j]))]),
      ),
    back: (slot, k, [a, y], output, g) =>
      scaled(
        slot === 0 ? minus(num(a[k]), num(y[k])) : minus(num(y[k]), num(a[k])),
        g[0],
        a.length,
      ),
    local: (slot, [a, y]) => (slot === 0 ? `${a}-${y}` : `${y}-${a}`),
  },
};

RULES["tanh cell"] = cell("tanh", "\\tanh", (h) => minus(ONE, product([num(h), num(h)])));
RULES["relu cell"] = cell("relu", "\\operatorname{ReLU}", (h) => constant(h > 0 ? 1 : 0));
RULES["identity cell"] = cell("identity", "", () => ONE);

/**
 * h = φ(W x + U h′ + b), one node of the step level.
 * @param {string} name
 * @param {string} phi
 * @param {(output: number) => Tree} slope
 * @returns {Rule}
 */
function cell(name, phi, slope) {
  return {
    tight: true,
    latex: ([W, x, U, h, b]) => `${phi}\\!\\left(${W}\\,${x} + ${U}\\,${h} + ${b}\\right)`,
    value: (k, [W, x, U, h, b], context) => {
      const recurrent = row(U, k, h);
      const second = context && h.length > 1 ? grouped(recurrent) : recurrent;
      return ACTIVATIONS[name].of(sum([row(W, k, x), second, num(b[k])]));
    },
    back: (slot, k, operands, output, g) => {
      const delta = Array.from(g, (upstream, i) => product([slope(output[i]), num(upstream)]));
      return affineBack(slot, k, operands, delta);
    },
    local: (slot, [W, x, U, h], output) => {
      const steep =
        name === "tanh"
          ? `\\operatorname{diag}(1-{${output}}^2)`
          : name === "identity"
            ? ""
            : "\\operatorname{diag}(\\mathbb{1}[z>0])";
      return (
        `${["", `${W}^{\\top}`, "", `${U}^{\\top}`, ""][slot]}${steep}${[`\\,${x}^{\\top}`, "", `\\,${h}^{\\top}`, "", ""][slot]}` ||
        "1"
      );
    },
  };
}

/**
 * Row k of a matrix times a vector.
 * @param {Numbers} matrix
 * @param {number} k
 * @param {Numbers} vector
 */
function row(matrix, k, vector) {
  return sum(Array.from(vector, (v, j) => product([num(matrix[k * vector.length + j]), num(v)])));
}

/**
 * What reaches the operands W, v, …, b of W v + … + b when δ (trees) reaches the sum.
 * @param {number} slot
 * @param {number} k
 * @param {Numbers[]} operands
 * @param {Tree[]} delta
 */
function affineBack(slot, k, operands, delta) {
  if (slot === operands.length - 1) return delta[k];
  if (slot % 2 === 0) {
    const vector = operands[slot + 1];
    return product([delta[Math.floor(k / vector.length)], num(vector[k % vector.length])]);
  }
  const matrix = operands[slot - 1];
  const columns = operands[slot].length;
  return sum(delta.map((each, i) => product([num(matrix[i * columns + k]), each])));
}

/**
 * A vector, or numbers that come as operands of their own, in a row.
 * @param {Numbers[]} operands
 */
const flattened = (operands) => operands.flatMap((operand) => Array.from(operand));

/** @template Each @param {Each[]} list */
const halves = (list) => [list.slice(0, list.length / 2), list.slice(list.length / 2)];

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

/** @param {?string} op @returns {?Rule} */
export const ruleOf = (op) => (op && RULES[op]) || null;

/** The rule of an operation that has one. @param {?string} op @returns {Rule} */
export function knownRule(op) {
  const rule = ruleOf(op);
  if (!rule) throw new Error(`No rule for the operation ${op}.`);
  return rule;
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

/**
 * log Σ exp(a − max a), where the largest logit adds exactly 1.
 * @param {number[]} a
 */
function logOfShifted(a) {
  const top = a.indexOf(Math.max(...a));
  return call("log1p", sum(shifted(a).filter((_, j) => j !== top)));
}

/**
 * p_k − y_k as p_k Σ y_j − y_k Σ p_j, both sums over the others: where p_k rounds to y_k, its
 * digits are still there.
 * @param {number} k
 * @param {number[]} a
 * @param {number[]} y
 */
function softmaxDelta(k, a, y) {
  const exps = shifted(a);
  const whole = sum(exps);
  /** @template Each @param {Each[]} list */
  const othersOf = (list) => list.filter((_, j) => j !== k);
  const paid = othersOf(Array.from(y)).filter((v) => v !== 0);
  const gain = quotient(exps[k], whole);
  const loss = quotient(sum(othersOf(exps)), whole);
  const gained = paid.length === 1 && paid[0] === 1 ? gain : product([gain, sum(paid.map(num))]);
  if (y[k] === 0) return gained;
  if (y[k] === 1 && !paid.length) return product([constant(-1), loss]);
  return minus(gained, product([num(y[k]), loss]));
}

/** σ(a), by an exponential that does not overflow. @param {Tree} a */
function sigmoidTree(a) {
  const negative = a.run(EXACT) < 0;
  const small = call("exp", negative ? a : product([constant(-1), a]));
  return quotient(negative ? small : ONE, sum([ONE, small]));
}

/**
 * σ(a) − y as (1 − y) σ(a) − y σ(−a), which keeps its digits where σ(a) rounds to y.
 * @param {number} a
 * @param {number} y
 */
function binaryDelta(a, y) {
  const above = sigmoidTree(num(a));
  const below = sigmoidTree(num(-a));
  if (y === 0) return above;
  if (y === 1) return product([constant(-1), below]);
  return minus(product([minus(ONE, num(y)), above]), product([num(y), below]));
}

/**
 * (1 − y)·max(a, 0) + y·max(−a, 0) + log(1 + exp(−|a|)), the form that never overflows.
 * @param {number} a
 * @param {number} y
 */
function binaryTerm(a, y) {
  const logit = num(a);
  const negated = product([constant(-1), logit]);
  return sum([
    product([minus(ONE, num(y)), call("max", logit, constant(0))]),
    product([num(y), call("max", negated, constant(0))]),
    call("log1p", call("exp", product([constant(-1), call("abs", logit)]))),
  ]);
}

/** @param {number} count @param {(output: number) => Tree} term */
function overOutputs(count, term) {
  const terms = Array.from({ length: count }, (_, j) => term(j));
  return count === 1 ? terms[0] : quotient(sum(terms), constant(count));
}

/** @param {Tree} tree @param {number} g @param {number} count */
function scaled(tree, g, count) {
  const factors = count === 1 ? [tree, num(g)] : [quotient(tree, constant(count)), num(g)];
  return product(factors);
}
