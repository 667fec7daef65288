/** Which of the steps of a sequence are on the canvas at once. */

/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

const MOST_NODES = 180;
const MOST_STEPS = 10;

/** @typedef {[first: number, last: number]} Window of time steps */

/**
 * Steps first..last that may be on the canvas at once, around a step.
 * @param {Model} model
 * @param {number} step
 * @param {?Window} previous
 * @returns {Window}
 */
export function windowAround(model, step, previous) {
  const perStep = Math.max(1, model.nodes.filter((node) => node.t === Math.min(2, model.T)).length);
  const steps = Math.max(2, Math.min(MOST_STEPS, Math.floor((MOST_NODES - 8) / perStep)));
  const { first, last } = model;
  if (model.level === "rolled" || last - first + 1 <= Math.max(steps, 2)) return [first, last];
  if (
    previous &&
    step >= previous[0] &&
    step <= previous[1] &&
    previous[1] - previous[0] + 1 === steps
  ) {
    return previous;
  }
  const start = Math.max(first, Math.min(last - steps + 1, step - Math.floor(steps / 2)));
  return [start, start + steps - 1];
}

/**
 * Whether a node is on the canvas; of the states those before the window are, too, since its first
 * step reads them.
 * @param {Model} model
 * @param {Window} window
 * @param {GraphNode} node
 */
export function isInside(model, [first, last], node) {
  if (!node.times && model.states.has(node.quantity ?? "")) {
    return node.t >= first - 1 && node.t <= last;
  }
  if (node.t > model.last) return last === model.last;
  return !node.t || (node.t >= first && node.t <= last);
}

/**
 * Positions are counted from the window, so that the camera need not follow it.
 * @param {Model} model
 * @param {Window} window
 * @param {GraphNode} node
 */
export function positionIn(model, [first], node) {
  if (model.level === "rolled") return { x: node.x, y: node.y };
  const shift = (first - model.first) * model.stride;
  return { x: node.kind === "parameter" ? node.x : node.x - shift, y: node.y };
}
