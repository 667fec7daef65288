/** What a number adds up from: the operands of a sum, or the ways on which a gradient comes back. */

import { sum } from "../expression.js";
import { isLoss } from "../structure.js";
import { atStep, numbersIn, readAs } from "../operands.js";
import { usesOf } from "../rolled.js";
import { numbersOf, rowsBack } from "./own.js";

/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Edge, GraphNode } from "../structure.js" */

/**
 * @typedef {object} Term
 * @property {string} latex of the operand, or of where the gradient comes from
 * @property {number} value
 * @property {number} t      the time step of that, 0 for none
 * @property {?Edge} edge    of a way back
 */

/**
 * The terms of a sum in the forward pass; none of another operation.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @returns {Term[]}
 */
function summands(model, { node, step }, k) {
  if (node.op !== "add") return [];
  const numbers = numbersIn(model, node, step) ?? [];
  return node.operands.flatMap((operand, i) =>
    typeof operand === "number"
      ? []
      : [{ latex: latexOf(operand.from, node, step), value: numbers[i][k], t: 0, edge: null }],
  );
}

/**
 * What an operand is called at the step of what reads it.
 * @param {GraphNode} from
 * @param {GraphNode} to
 * @param {number} step rolled level: of `to`
 */
export const latexOf = (from, to, step) => readAs(from, to, to.times ? step : 0);

/**
 * The ways on which a gradient comes back.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @returns {Term[]}
 */
export function waysBack(model, { node, step }, k) {
  const rows = rowsBack(model, node, step, k);
  if (model.level === "rolled") {
    const uses = usesOf(model, node, step);
    return rows.map(({ edge, latex = "", value }, i) => {
      const t = edge.to.times ? uses[i].step : 0;
      return { latex, value, t, edge };
    });
  }
  return rows.map(({ edge, value }) => ({ latex: edge.to.latex, value, t: edge.to.t, edge }));
}

/**
 * A gradient as one piece of arithmetic; null where a way back has no rule.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 */
export function backTrees(model, { node, step }, k) {
  const rows = rowsBack(model, node, step, k);
  const trees = rows.flatMap(({ tree }) => tree ?? []);
  return trees.length === rows.length ? sum(trees) : null;
}

/** @param {Model} model @param {Frame} frame @param {number} k */
export const termsOf = (model, frame, k) =>
  frame.phase === "forward" ? summands(model, frame, k) : waysBack(model, frame, k);

/**
 * Whether a frame only repeats what is known, or is nothing to redo: it is not asked for.
 * @param {Model} model
 * @param {Frame} frame
 */
export function isPlain(model, { phase, node, step }) {
  const rule = model.ruleOf(node.op);
  if (phase === "forward") {
    const only = node.operands.length === 1 && (rule?.passes || node.op === "mean");
    return Boolean(only) || (node.op === "total" && isCopy(model, node));
  }
  if (node.kind === "loss") return true;
  if (model.level === "rolled") return usesOf(model, node, step).length === 0;
  const [edge] = node.back;
  return node.back.length === 1 && Boolean(model.ruleOf(edge.to.op)?.passes);
}

/** Whether the loss is that of a single term. @param {Model} model @param {GraphNode} node */
const isCopy = (model, node) =>
  isLoss(node) && node.in.length === 1 && model.localOf(node.in[0])?.[0] === 1;

/**
 * What stands beside a number to compare it with: the same quantity a step before, on the way back
 * the one a step after, and for a prediction what guessing would say.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @returns {?{latex: string, value: number}}
 */
export function besides(model, frame, k) {
  const { node, phase, step } = frame;
  const there = phase === "forward" ? step - 1 : step + 1;
  if (node.kind === "probability") {
    const value = 1 / Math.max(2, node.size);
    return { latex: "", value };
  }
  if (there < 1 || there > model.T || !node.quantity) return null;
  if (node.times) {
    if (there < model.T - node.times + 1) return null;
    const [value] = numbersOf(model, { ...frame, step: there }).slice(k, k + 1);
    return { latex: atStep(node, there), value };
  }
  const other = model.nodes.find(
    (each) => each.quantity === node.quantity && each.unit === node.unit && each.t === there,
  );
  if (!other || (phase === "forward" && !other.op)) return null;
  return { latex: other.latex, value: numbersOf(model, { ...frame, node: other })[k] };
}
