/**
 * The rolled network stands for all steps: which edges carry a gradient back at one of them.
 *
 * h feeds itself one step on, and the readout only where there is one; a parameter feeds all steps.
 */

import { EXACT, line, num, sum } from "./expression.js";
import { leftOver, waysOf } from "./chain_rule.js";
import { factorsOf, onlyPlace } from "./factors.js";
import { heldInside, passedOn } from "./held_model.js";
import { arrivingBy, atStep, isBefore, localBy, namesIn, numbersIn } from "./operands.js";

/** @import { Chain } from "./chain_rule.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */
/** @typedef {{edge: Edge, step: number}} Use the step is that of the sink */

const MOST_TERMS = 12;

/**
 * The first step that a node has numbers for: a readout of the last step has only that.
 * @param {Model} model
 * @param {GraphNode} node
 */
const firstOf = (model, node) => model.T - node.times + 1;

/**
 * Where a node's numbers of a step go, the latest step first.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step of a node with a number for each step
 * @returns {Use[]}
 */
export function usesOf(model, node, step) {
  return node.back.flatMap((edge) => {
    const { to } = edge;
    if (!to.times) return [{ edge, step }];
    if (node.times) {
      const at = isBefore(node, to) ? step + 1 : step;
      return at >= firstOf(model, to) && at <= model.T ? [{ edge, step: at }] : [];
    }
    return Array.from({ length: to.times }, (_, k) => ({ edge, step: model.T - k }));
  });
}

/**
 * The chain rule at a node of the rolled network, at the step that the player shows.
 *
 * For a parameter it is the sum over the steps. What the terms of this sequence do not add up to
 * (other sequences of a batch, and what truncation leaves out) is a term of its own.
 * @param {Model} model with gradients
 * @param {GraphNode} node that a gradient comes back to
 * @param {number} [component]
 * @returns {Chain & {formula: string}}
 */
export function rolledChainOf(model, node, component = 0) {
  const step = model.shown.get(node) ?? model.T;
  const rows = rolledRows(model, node, step, component);
  const total = model.gradOf(node)[component];
  const others = leftOver(rows, total);
  const terms = rows.flatMap(({ tree }) => tree ?? []);
  const isWhole = terms.length === rows.length;
  if (others !== null) terms.push(num(others));
  return {
    step,
    rows,
    total,
    others,
    formula: formulaOf(node, step, rows),
    sum: isWhole && terms.length <= MOST_TERMS ? line(sum(terms), total, model.format) : null,
  };
}

/**
 * What comes back to a node at a step, use by use.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step
 * @param {number} component
 */
export const rolledRows = (model, node, step, component) =>
  usesOf(model, node, step).map((use) => rolledRow(model, use, component));

/**
 * The operation that a use is an operand of, at its step, and what comes back to it; null where no
 * rule says how.
 * @param {Model} model
 * @param {Use} use
 */
export function operationAt(model, { edge, step }) {
  const { to } = edge;
  const rule = heldInside(model, to, step) ? null : model.ruleOf(to.op);
  if (!rule) return null;
  const operands = numbersIn(model, to, step);
  if (!operands) throw new RangeError(`${to.id} has no operands at step ${step}`);
  const output = to.times ? model.givenRowOf(to, step) : model.valueOf(to);
  // L is the mean over all that is read out: each of its terms counts so much.
  const passed = to.times
    ? passedOn(model, to, model.gradRowOf(to, step), step)
    : Float64Array.of(1 / model.terms);
  return {
    rule,
    operands,
    output,
    passed,
    /** What reaches one number of the operand when g comes back. @param {ArrayLike<number>} g */
    by: (g) => {
      const back = rule.pull?.(operands, output, g);
      return (/** @type {number} */ k) =>
        arrivingBy(edge, (place) =>
          back ? back(place, k) : rule.back(place, k, operands, output, g),
        );
    },
  };
}

/**
 * @param {Model} model
 * @param {Use} use
 * @param {number} component
 * @returns {import("./chain_rule.js").ChainRow}
 */
export function rolledRow(model, use, component) {
  const { edge, step } = use;
  const { to } = edge;
  const latex = atStep(to, step);
  const upstream = to.times ? model.gradRowOf(to, step) : [1];
  const operation = operationAt(model, use);
  if (!operation) {
    const nothing = { local: null, localLatex: null, ways: 0, tree: null, value: NaN };
    return { edge, latex, upstream, factors: () => null, ...nothing };
  }
  const { rule, passed, by } = operation;
  const tree = by(passed)(component);
  const names = namesIn(to, step);
  const local = localBy(edge, (place) => rule.local(place, names, latex, String(step)));
  return {
    edge,
    latex,
    upstream,
    local: null,
    ways: waysOf(model, edge),
    localLatex: to.times || model.terms === 1 ? local : `\\tfrac{1}{${model.terms}}(${local})`,
    tree,
    factors: () => {
      const share = to.times ? 1 : passed[0]; // of L in each of the terms that it is the mean of
      const own = onlyPlace(rule, edge, component);
      const came = to.times ? passed : [1];
      const found = factorsOf(to.size, own, came, (g) => by(g)(component));
      return { ...found, local: found.local.map((each) => each * share) };
    },
    value: tree.run(EXACT, model.format.round),
  };
}

/** @param {string} of @param {string} by */
const slope = (of, by) => `\\frac{\\partial ${of}}{\\partial ${by}}`;

/** @param {GraphNode} node @param {number} step @param {{latex?: string}[]} rows */
function formulaOf(node, step, rows) {
  if (!node.times) {
    const [to] = node.back.map((edge) => edge.to.latex);
    const own = node.latex;
    return `${slope("L", own)} = \\sum_t ${slope("L", to)}${slope(to, own)}`;
  }
  const own = atStep(node, step);
  const terms = rows.map(({ latex = "" }) => slope("L", latex) + slope(latex, own));
  return `${slope("L", own)} = ${terms.join(" + ") || "0"}`;
}
