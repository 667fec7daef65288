/**
 * What a node is computed from: nodes, and numbers of the cell itself.
 *
 * In the rolled network a node stands for all steps, and a state reads itself one step before.
 */

import { sum } from "./expression.js";

/** @import { Tree } from "./expression.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */

/** @param {GraphNode} node @param {number|string} step */
const writtenAt = ({ at_step, latex }, step) => at_step?.replace("⟦t⟧", String(step)) ?? latex;

/**
 * The symbol of a node at a step: h_{4} for h_t.
 * @param {GraphNode} node
 * @param {number} step  0: of any step
 */
export const atStep = (node, step) => (step > 0 ? writtenAt(node, step) : node.latex);

/**
 * Whether a node reads another one of the step before: what is not computed before it in its own.
 * @param {GraphNode} from
 * @param {GraphNode} to
 */
export const isBefore = (from, to) => from.i >= to.i;

/**
 * The symbol of an operand at the step of what reads it: h_{3} for h_t, which h_{4} is made of.
 * @param {GraphNode} from
 * @param {GraphNode} to
 * @param {number} step  of `to`; 0: of any step
 */
export const readAs = (from, to, step) =>
  isBefore(from, to) ? writtenAt(from, step > 0 ? step - 1 : "t-1") : atStep(from, step);

/**
 * What stands at the step of a node in its lines: its number, or t.
 * @param {GraphNode} node
 * @param {number} step rolled level: the step, else 0
 */
export const stepIn = (node, step) => String((node.times ? step : node.t) || "t");

/**
 * The names of a node's operands at a step; without one, as they are in every step.
 * @param {GraphNode} node
 * @param {number} [step] rolled level: the step
 */
export const namesIn = (node, step = 0) =>
  node.operands.map((operand) =>
    typeof operand === "number" ? String(operand) : readAs(operand.from, node, step),
  );

/**
 * The numbers of a node's operands, null where one has none at the step.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} [step] rolled level: the step
 * @returns {?ArrayLike<number>[]}
 */
export function numbersIn(model, node, step = 0) {
  /** @type {ArrayLike<number>[]} */
  const found = [];
  for (const operand of node.operands) {
    const numbers = of(model, node, operand, step);
    if (numbers === null) return null;
    found.push(numbers);
  }
  return found;
}

/** @param {Model} model @param {GraphNode} node @param {Edge|number} operand @param {number} step */
function of(model, node, operand, step) {
  if (typeof operand === "number") return new Array(node.size).fill(operand);
  const { from } = operand;
  if (model.level !== "rolled") return model.valueOf(from);
  return model.rowOf(from, isBefore(from, node) ? step - 1 : step);
}

/**
 * What reaches the source of an edge: by each place at which the sink reads it.
 * @param {Edge} edge
 * @param {(place: number) => Tree} back
 */
export const arrivingBy = ({ places }, back) => sum(places.map(back));

/**
 * The local derivative of an edge, by each place in the same way.
 * @param {Edge} edge
 * @param {(place: number) => string} local
 */
export const localBy = ({ places }, local) => places.map(local).join(" + ");
