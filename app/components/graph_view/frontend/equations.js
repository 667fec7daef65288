/** A node's equation, in symbols, with its numbers, and as lines that a reader can evaluate. */

import { digits as asked } from "../../shared/frontend/digits.js";
import { tex } from "../../shared/frontend/numbers.js";
import { EXACT, line, num, product, shortened, sum } from "./expression.js";
import { factorsOf, onlyPlace } from "./factors.js";
import { heldInside, isAgain, passedOn } from "./held_model.js";
import { isLoss } from "./model.js";
import { arrivingBy, localBy, namesIn, numbersIn, stepIn } from "./operands.js";

/** @import { Edge, GraphNode, Model } from "./model.js" */
/** @import { Printed, Tree } from "./expression.js" */
/** @import { Factors } from "./factors.js" */
/** @import { Context, Rule, Terms } from "./rules.js" */

const LARGEST_MATRIX = 6;
const MOST_LINES = 6;
const MOST_TERMS = 12;
const MOST_DIGITS = 8;
const NOTICED = 1e-9; // of the terms: less than this between sum and gradient is rounding

/**
 * @typedef {object} Equation
 * @property {string} latex
 * @property {boolean} product  of a node that is a product: its symbol says it already
 * @property {?string} numeric  with its numbers, where they fit
 * @property {?string} put      the same without the result
 * @property {?string} [stable]  how it is computed, where that is not as it is written
 * @property {(Printed & {label: string})[]} lines
 * @property {number} hidden    how many more components there are
 * @property {boolean} several  the lines are those of one component
 * @property {import("./data.d.ts").HeldNumber} [inside]  what is held within them, so that there are none
 */

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} [component] whose lines are listed where each component takes several
 * @returns {?Equation}
 */
export function equationOf(model, node, component = 0) {
  const rule = ruleFor(model, node);
  if (!rule) return null;
  const step = stepIn(node, model.shown.get(node) ?? 0);
  const written = writtenOf(node, rule, stepIn(node, 0));
  const operands = operandsOf(model, node);
  if (!operands) {
    return { ...written, numeric: null, put: null, lines: [], hidden: 0, several: false };
  }
  const output = model.valueOf(node);
  const inside = heldInside(model, node, model.shown.get(node));
  if (inside) {
    return { ...written, numeric: null, put: null, lines: [], hidden: 0, several: false, inside };
  }
  if (rule.lines) {
    const { format } = model;
    const lines = rule
      .lines(component, operands, output, step, model.rounded ? format.round : undefined)
      .map(({ label, tree, value }) => ({ label, ...line(tree, value, format) }));
    return { ...written, numeric: null, put: null, lines, hidden: 0, several: true };
  }
  const lines = componentsOf(output).map((k) => ({
    label: componentName(node, k),
    ...line(rule.value(k, operands, contextOf(model, node)), output[k], model.format),
  }));
  const digits = Math.min(MOST_DIGITS, Math.max(asked(), ...lines.map((each) => each.digits)));
  const p = predictionIn(rule, operands, digits);
  const put = fits(node)
    ? rule.latex(texOf(node, operands, digits, rule.tight), undefined, p)
    : null;
  return {
    ...written,
    put,
    numeric: put && `${put} = ${numbersTex(node, output)}`,
    stable: rule.stable?.(namesIn(node)) ?? null,
    lines,
    hidden: node.size - lines.length,
    several: false,
  };
}

/**
 * What computes a node.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?Pick<Rule, "latex"|"tight"|"value"|"before"|"lines"|"stable"|"prediction">}
 */
export const ruleFor = (model, node) =>
  isLoss(node) && node.op === "total" ? totalRule(model, node) : model.ruleOf(node.op);

/**
 * The prediction that a loss is written with, in numbers.
 * @param {Pick<Rule, "prediction">} rule
 * @param {ArrayLike<number>[]} operands
 * @param {number} digits
 */
export function predictionIn(rule, operands, digits) {
  const found = rule.prediction?.(operands);
  if (!found) return undefined;
  return numbersTex({ shape: found.length > 1 ? [found.length] : [] }, found, digits);
}

/**
 * The equation in symbols; of several lines, all of them.
 * @param {GraphNode} node
 * @param {Pick<Rule, "latex"|"before">} rule
 * @param {string} step
 */
function writtenOf(node, rule, step) {
  const names = namesIn(node);
  const latex = rule.latex(names, step);
  const before = rule.before?.(names, step) ?? [];
  if (before.length) {
    const last = `${node.latex} &= ${latex}`;
    const rows = [...before, last].join("\\\\");
    return { latex: `\\begin{aligned}${rows}\\end{aligned}`, product: false };
  }
  const isProduct = latex === node.latex;
  return { latex: isProduct ? latex : `${node.latex} = ${latex}`, product: isProduct };
}

/**
 * Whether a node and its operands are small enough to be written with their numbers.
 * @param {GraphNode} node
 */
function fits(node) {
  const sources = node.in.map((edge) => edge.from);
  const some = node.times > 0 || !sources.some((source) => source.times > 1);
  return some && [node, ...sources].every(isSmall);
}

/**
 * The operands of a node as numbers in LaTeX.
 * @param {GraphNode} node
 * @param {ArrayLike<number>[]} operands
 * @param {number} digits
 * @param {boolean} [tight]
 */
const texOf = (node, operands, digits, tight) =>
  node.operands.map((operand, i) =>
    typeof operand === "number"
      ? String(operand)
      : numbersTex(operand.from, operands[i], digits, tight),
  );

/** @param {Model} model @param {GraphNode} node @returns {Context|undefined} */
function contextOf(model, node) {
  /** @param {Edge} edge */
  const partOf = ({ from }) => from.parameter ?? from.id; // products of one matrix
  return model.rounded ? { parts: node.in.map(partOf) } : undefined;
}

/**
 * The numbers of the operands, null where one has none at the step shown.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?ArrayLike<number>[]}
 */
export function operandsOf(model, node) {
  if (model.level !== "rolled" || node.times) {
    return numbersIn(model, node, model.shown.get(node) ?? model.T);
  }
  const sources = node.in.map((edge) => edge.from);
  const parted = model.ruleOf(node.op)?.spans && sources.some((source) => source.times > 1);
  return parted ? null : sources.map((source) => model.allOf(source));
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
    /** @param {number} _ @param {Terms[]} operands */
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
 * @property {number} ways     how many terms that has, 0 where it is of one operation
 * @property {?Tree} tree      null where no rule says how the value comes about
 * @property {() => ?Factors} factors  what is multiplied, null where no rule says it
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
  const shown = isAgain(model) ? node.back.filter(({ to }) => to.kind !== "rest") : node.back;
  const rows = shown.map((edge) => chainRow(model, edge, component));
  const total = model.gradOf(node)[component];
  const others = isAgain(model) ? leftOver(rows, total) : null;
  const trees = rows.map((row) => row.tree);
  if (others !== null) trees.push(num(others));
  // In the order of the backward pass, from the last step: in a small format it can be seen.
  if (model.rounded && node.kind === "parameter") trees.reverse();
  const printed = trees.length <= MOST_TERMS && trees.every((tree) => tree !== null);
  return {
    step: 0,
    rows,
    total,
    others,
    sum: printed ? line(sum(trees), total, model.format) : null,
  };
}

/**
 * What rows do not add up to, null where that is rounding.
 * @param {{value: number}[]} rows
 * @param {number} total
 */
export function leftOver(rows, total) {
  const found = rows.reduce((all, each) => all + each.value, 0);
  const size = rows.reduce((all, each) => all + Math.abs(each.value), Math.abs(total));
  return Math.abs(total - found) > NOTICED * size ? total - found : null;
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
    ways: waysOf(model, edge),
    tree,
    factors: () => factorsBy(model, edge, component, upstream),
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
export function backTree(model, edge, component) {
  const upstream = passedOn(model, edge.to, model.gradOf(edge.to));
  const local = model.localOf(edge);
  if (local) {
    const { size } = edge.from;
    return sum(Array.from(upstream, (g, i) => product([num(local[i * size + component]), num(g)])));
  }
  const back = pulled(model, edge.to);
  return back && arrivingBy(edge, (place) => back(place, component));
}

/**
 * What one number of the source is multiplied by, and with what.
 * @param {Model} model
 * @param {Edge} edge
 * @param {number} component
 * @param {ArrayLike<number>} upstream
 */
function factorsBy(model, edge, component, upstream) {
  const { from, to } = edge;
  const local = model.localOf(edge);
  const passed = passedOn(model, to, Float64Array.from(upstream));
  if (local) {
    /** @param {number[]} g */
    const arriving = (g) =>
      num(g.reduce((all, each, i) => all + each * local[i * from.size + component], 0));
    return factorsOf(to.size, -1, passed, arriving);
  }
  const rule = model.ruleOf(to.op);
  if (!rule || heldInside(model, to)) return null;
  const [operands, output] = [numbersIn(model, to) ?? [], model.valueOf(to)];
  return factorsOf(to.size, onlyPlace(rule, edge, component), passed, (g) => {
    const back = rule.pull?.(operands, output, g);
    return arrivingBy(edge, (place) =>
      back ? back(place, component) : rule.back(place, component, operands, output, g),
    );
  });
}

/** What is carried back through a node of many lines, found once. @type {WeakMap<Model, Map<string, Pull>>} */
const found = new WeakMap();
/** @typedef {(place: number, component: number) => Tree} Pull */

/** @param {Model} model @param {GraphNode} node @returns {?Pull} */
function pulled(model, node) {
  const rule = model.ruleOf(node.op);
  const known = found.get(model)?.get(node.id);
  if (!rule || known) return known ?? null;
  if (heldInside(model, node)) return null;
  const [output, g] = [model.valueOf(node), passedOn(model, node, model.gradOf(node))];
  const operands = numbersIn(model, node) ?? [];
  if (!rule.pull) return (place, k) => rule.back(place, k, operands, output, g);
  const made = rule.pull(operands, output, g);
  found.set(model, (found.get(model) ?? new Map()).set(node.id, made));
  return made;
}

/**
 * The local derivative of an edge in symbols.
 * @param {Model} model
 * @param {Edge} edge
 */
export function localLatex(model, edge) {
  const rule = model.ruleOf(edge.to.op);
  if (!rule) return null;
  const names = namesIn(edge.to);
  const step = stepIn(edge.to, 0);
  return localBy(edge, (place) => rule.local(place, names, edge.to.latex, step));
}

/**
 * How many ways lead through an edge, each of them a term of its local derivative; 0 for one
 * operation.
 * @param {Model} model
 * @param {Edge} edge
 */
export function waysOf(model, { to, places }) {
  const rule = model.ruleOf(to.op);
  return places.reduce((count, place) => count + (rule?.ways?.(place) ?? 0), 0);
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
  if (edge.to.op === "matvec" && edge.places[0] === 0 && !edge.size) {
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
 * @param {Pick<GraphNode, "shape">} node
 * @param {ArrayLike<number>} numbers
 */
export function numbersTex(node, numbers, digits = asked(), tight = false) {
  if (node.shape.length === 0) {
    const text = tex(numbers[0], digits);
    return tight && text.startsWith("-") ? `(${text})` : text;
  }
  const columns = node.shape[1] ?? 1;
  /** @type {string[]} */
  const rows = [];
  for (let k = 0; k < numbers.length; k += columns) {
    const row = Array.from({ length: columns }, (_, j) => tex(numbers[k + j], digits));
    rows.push(row.join(" & "));
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
