/** A node's equation, in symbols, with its numbers, and as lines that a reader can evaluate. */

import { tex } from "../../shared/frontend/numbers.js";
import { EXACT, line, num, product, shortened, sum } from "./expression.js";
import { isBefore } from "./rolled.js";

/** @import { Edge, GraphNode, Model } from "./model.js" */
/** @import { Printed, Tree } from "./expression.js" */
/** @import { Context, Numbers, Rule } from "./rules.js" */

const LARGEST_MATRIX = 6;
const MOST_LINES = 6;
const MOST_TERMS = 12;
const MOST_DIGITS = 8;

/**
 * @typedef {object} Equation
 * @property {string} latex
 * @property {boolean} product  of a node that is a product: its symbol says it already
 * @property {?string} numeric  with its numbers, where they fit
 * @property {(Printed & {label: string})[]} lines
 * @property {number} hidden    how many more components there are
 */

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?Equation}
 */
export function equationOf(model, node) {
  /** @type {?Pick<Rule, "latex"|"tight"|"value">} */
  const rule =
    node.id === "L" && node.op === "total" ? totalRule(model, node) : model.ruleOf(node.op);
  if (!rule) return null;
  const sources = node.in.map((edge) => edge.from);
  const operands = operandsOf(model, node);
  const output = model.valueOf(node);
  if (!operands) {
    const latex = `${node.latex} = ${rule.latex(namesOf(node))}`;
    return { latex, product: false, numeric: null, lines: [], hidden: 0 };
  }
  const lines = componentsOf(output).map((k) => ({
    label: componentName(node, k),
    ...line(rule.value(k, operands, contextOf(model, node)), output[k], model.format),
  }));
  const digits = Math.min(MOST_DIGITS, Math.max(4, ...lines.map((each) => each.digits)));
  const fits =
    [node, ...sources].every(isSmall) &&
    (node.times > 0 || !sources.some((source) => source.times > 1));
  const latex = rule.latex(namesOf(node));
  return {
    latex: latex === node.latex ? latex : `${node.latex} = ${latex}`,
    product: latex === node.latex,
    numeric: fits
      ? `${rule.latex(sources.map((source, i) => numbersTex(source, operands[i], digits, rule.tight)))} = ${numbersTex(node, output, 4, false)}`
      : null,
    lines,
    hidden: node.size - lines.length,
  };
}

/** @param {Model} model @param {GraphNode} node @returns {Context|undefined} */
function contextOf(model, node) {
  /** @param {Edge} edge */
  const partOf = ({ from }) => /^W_\w\w/.exec(from.id)?.[0] ?? from.id; // products of one matrix
  return model.rounded ? { parts: node.in.map(partOf) } : undefined;
}

/**
 * Operands by their names; in the rolled network h reads itself, one step before.
 * @param {GraphNode} node
 */
function namesOf(node) {
  return node.in.map(({ from }) =>
    isBefore(from, node) ? from.latex.replace(/_t$/, "_{t-1}") : from.latex,
  );
}

/**
 * The numbers of the operands, null where one has none at the step shown.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?Float64Array[]}
 */
function operandsOf(model, node) {
  const sources = node.in.map((edge) => edge.from);
  if (model.level !== "rolled") return sources.map((source) => model.valueOf(source));
  if (!node.times) {
    const parted = model.ruleOf(node.op)?.spans && sources.some((source) => source.times > 1);
    return parted ? null : sources.map((source) => model.allOf(source));
  }
  const step = model.shown.get(node) ?? model.T;
  const rows = sources.map((source) =>
    model.rowOf(source, isBefore(source, node) ? step - 1 : step),
  );
  return rows.every((row) => row !== null) ? rows : null;
}

/**
 * The loss of a graph that shows a part: its mean's share of each term, and all the rest.
 * @param {Model} model
 * @param {GraphNode} node
 */
function totalRule(model, node) {
  const shares = node.in.map((edge) => model.localOf(edge)?.[0] ?? NaN);
  /** @param {number} i @param {string} name */
  const scaled = (i, name) =>
    shares[i] === 1 ? name : `\\tfrac{1}{${Math.round(1 / shares[i])}}${name}`;
  return {
    /** @param {string[]} names */
    latex: (names) =>
      shortened(
        names.map((name, i) => scaled(i, name)),
        "\\cdots",
      ).join(" + "),
    /** @param {number} _ @param {Numbers[]} operands */
    value: (_, operands) =>
      sum(
        operands.map((operand, i) =>
          shares[i] === 1 ? num(operand[0]) : product([num(shares[i]), num(operand[0])]),
        ),
      ),
  };
}

/**
 * @typedef {object} ChainRow
 * @property {Edge} edge
 * @property {string} [latex]  of the sink, at its step
 * @property {Float64Array|number[]} upstream
 * @property {?number} local   of a scalar edge
 * @property {?string} localLatex
 * @property {?Tree} tree      null where no rule says how the value comes about
 * @property {?Printed} [line]
 * @property {number} value
 *
 * @typedef {object} Chain
 * @property {number} step     rolled level: the step that the node shows, else 0
 * @property {ChainRow[]} rows
 * @property {number} total
 * @property {?number} others  what the rows do not add up to, null for nothing
 * @property {string} [formula]
 * @property {?Printed} sum
 */

/**
 * The chain rule at a node: one row per outgoing edge, and what they add up to.
 * @param {Model} model not of the rolled level, with gradients
 * @param {GraphNode} node that a gradient comes back to
 * @param {number} [component] which number of a vector or matrix
 * @returns {Chain}
 */
export function chainOf(model, node, component = 0) {
  const rows = node.back.map((edge) => chainRow(model, edge, component));
  const total = model.gradOf(node)[component];
  const trees = rows.map((row) => row.tree);
  // In the order of the backward pass, from the last step: in a small format it can be seen.
  if (model.rounded && node.kind === "parameter") trees.reverse();
  const printed = trees.length <= MOST_TERMS && trees.every((tree) => tree !== null);
  return {
    step: 0,
    rows,
    total,
    others: null,
    sum: printed ? line(sum(trees), total, model.format) : null,
  };
}

/** @param {Model} model @param {Edge} edge @param {number} component @returns {ChainRow} */
export function chainRow(model, edge, component) {
  const upstream = model.gradOf(edge.to);
  const local = model.localOf(edge);
  const tree = backTree(model, edge, component);
  const value = tree ? tree.run(EXACT, model.format.round) : NaN;
  return {
    edge,
    upstream,
    local: local && edge.size === 1 ? local[0] : null,
    localLatex: localLatex(model, edge),
    tree,
    line: tree ? line(tree, value, model.format) : null,
    value,
  };
}

/**
 * What reaches one number of the source: the Jacobian that was sent, or the operation's rule.
 * @param {Model} model
 * @param {Edge} edge
 * @param {number} component
 */
function backTree(model, edge, component) {
  const upstream = model.gradOf(edge.to);
  const local = model.localOf(edge);
  if (local) {
    const { size } = edge.from;
    return sum(Array.from(upstream, (g, i) => product([num(local[i * size + component]), num(g)])));
  }
  const rule = model.ruleOf(edge.to.op);
  if (!rule) return null;
  const operands = edge.to.in.map((each) => model.valueOf(each.from));
  return rule.back(edge.slot, component, operands, model.valueOf(edge.to), upstream);
}

/**
 * The local derivative of an edge in symbols.
 * @param {Model} model
 * @param {Edge} edge
 */
export function localLatex(model, edge) {
  const rule = model.ruleOf(edge.to.op);
  if (!rule) return null;
  return rule.local(
    edge.slot,
    edge.to.in.map((each) => each.from.latex),
    edge.to.latex,
  );
}

/**
 * Size of local derivative × upstream, for the width of an edge.
 * @param {Model} model
 * @param {Edge} edge
 */
export function flowOf(model, edge) {
  if (!model.grad) return NaN;
  if (!edge.from.times && edge.from.back.length === 1 && edge.from.back[0] === edge) {
    return Math.hypot(...model.gradOf(edge.from)); // all that reaches the source comes this way
  }
  if (edge.to.op === "matvec" && edge.slot === 0 && !edge.size) {
    const vector = model.valueOf(edge.to.in[1].from);
    return Math.hypot(...model.gradOf(edge.to)) * Math.hypot(...vector);
  }
  let square = 0;
  for (let k = 0; k < edge.from.size; k += 1) {
    square += (backTree(model, edge, k)?.run(EXACT, model.format.round) ?? NaN) ** 2;
  }
  return Math.sqrt(square);
}

/**
 * Numbers of a node as LaTeX: a scalar, a column or a matrix.
 * @param {GraphNode} node
 * @param {Float64Array} numbers
 */
export function numbersTex(node, numbers, digits = 4, tight = false) {
  if (node.shape.length === 0) {
    const text = tex(numbers[0], digits);
    return tight && text.startsWith("-") ? `(${text})` : text;
  }
  const columns = node.shape[1] ?? 1;
  /** @type {string[]} */
  const rows = [];
  for (let k = 0; k < numbers.length; k += columns) {
    rows.push(Array.from(numbers.slice(k, k + columns), (value) => tex(value, digits)).join(" & "));
  }
  return `\\begin{bmatrix}${rows.join("\\\\")}\\end{bmatrix}`;
}

/** @param {GraphNode} node */
export const isSmall = (node) => node.shape.every((length) => length <= LARGEST_MATRIX);

/** @param {Float64Array} output */
function componentsOf(output) {
  return Array.from({ length: Math.min(output.length, MOST_LINES) }, (_, k) => k);
}

/**
 * `h_3` of a scalar; `h_3[2]`, `W_hh[2,1]` of one number in an array.
 * @param {GraphNode} node
 * @param {number} k
 * @param {number} [step] rolled level: the step that the node shows
 */
export function componentName(node, k, step = 0) {
  const symbol = node.times && step ? `${node.symbol}_${step}` : node.symbol;
  if (node.shape.length === 0) return symbol;
  if (node.shape.length === 1) return `${wrapped(symbol)}[${k + 1}]`;
  const columns = node.shape[1];
  return `${node.symbol}[${Math.floor(k / columns) + 1},${(k % columns) + 1}]`;
}

/** @param {string} symbol */
const wrapped = (symbol) => (/[ ·*]/.test(symbol) ? `(${symbol})` : symbol);
