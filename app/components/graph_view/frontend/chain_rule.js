/** The chain rule at a node: what comes back through each edge, in symbols, in numbers and added up. */

import { EXACT, line, num, product, sum } from "./expression.js";
import { factorsOf, onlyPlace } from "./factors.js";
import { heldInside, isAgain, passedOn } from "./held_model.js";
import { arrivingBy, localBy, namesIn, numbersIn, stepIn } from "./operands.js";

/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */
/** @import { Printed, Tree } from "./expression.js" */
/** @import { Factors } from "./factors.js" */

const MOST_TERMS = 12;
const NOTICED = 1e-9; // of the terms: less than this between sum and gradient is rounding

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
