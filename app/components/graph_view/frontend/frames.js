/**
 * The order in which the player shows the computation.
 *
 * Position 0 is the start (only given numbers are known), then one position per computed node,
 * then one per gradient in reverse order, and a last one where all is known and nothing is marked.
 *
 * @typedef {import("./structure.js").GraphNode} GraphNode
 * @typedef {import("./model.js").Model} Model
 * @typedef {"forward"|"backward"} Phase
 * @typedef {{phase: Phase, node: GraphNode, step: number}} Frame
 * @typedef {ReturnType<typeof framesOf>} Frames
 */

import { nameOf, partsOf, positionOf, readName } from "../../shared/frontend/named.js";
import { isLoss } from "./structure.js";

/** @import { Known, Named } from "../../shared/frontend/named.js" */

const NEVER = Infinity;

/**
/**
 * The gradients by inputs and targets, which no weight needs.
 * @typedef {"apart"|"along"|"none"} Givens with positions of their own; computed along with what
 *   comes before them; or not at all
 */

/** @param {Model} model @param {Givens} [givens] */
export function framesOf(model, givens = "along") {
  /** @param {GraphNode} node */
  const hasGradient = (node) =>
    (node.back.length > 0 || isLoss(node)) && (givens !== "none" || !isGiven(node));
  if (model.level === "rolled") return rolledFrames(model, givens, hasGradient);
  /** @param {GraphNode} node */
  const elsewhere = (node) => node.kind === "rest" || node.t > model.last;
  const forward = model.nodes.filter((node) => node.op && !elsewhere(node));
  const backward = model.grad
    ? [...model.nodes].reverse().filter((node) => hasGradient(node) && !elsewhere(node))
    : [];
  const every = [
    ...forward.map((node) => frame("forward", node, node.t)),
    ...backward.map((node) => frame("backward", node, node.t)),
  ];
  const { list, places } = folded(every, givens);
  const known = new Float64Array(model.nodes.length);
  const felt = new Float64Array(model.nodes.length).fill(NEVER);
  every.forEach(({ phase, node }, k) => {
    (phase === "forward" ? known : felt)[node.i] = places[k];
  });
  // What lies outside the chunk was computed elsewhere, before the backward pass came here.
  for (const node of model.nodes) {
    if (!elsewhere(node)) continue;
    known[node.i] = forward.length + 1;
    felt[node.i] = forward.length + 1;
  }
  return timeline(list, forward.length, known, felt, model.known);
}

/** @param {Phase} phase @param {GraphNode} node @param {number} step @returns {Frame} */
const frame = (phase, node, step) => ({ phase, node, step });

/** Whether a node is an input or a target: no gradient by a weight goes by it. @param {GraphNode} node */
export const isGiven = ({ kind }) => kind === "input" || kind === "target";

/**
 * The frames that have a position, and for each frame the position by which it has been.
 * @param {Frame[]} every
 * @param {Givens} givens
 */
function folded(every, givens) {
  /** @type {Frame[]} */
  const list = [];
  const places = every.map((each) => {
    if (givens === "apart" || each.phase === "forward" || !isGiven(each.node)) list.push(each);
    return list.length;
  });
  return { list, places };
}

/**
 * One picture for every step: the same nodes again and again, showing step after step.
 * @param {Model} model
 * @param {Givens} givens
 * @param {(node: GraphNode) => boolean} hasGradient
 */
function rolledFrames(model, givens, hasGradient) {
  const steps = Array.from({ length: model.T }, (_, k) => k + 1);
  const computed = model.nodes.filter((node) => node.op);
  /** @param {GraphNode} node @param {number} step */
  const has = (node, step) => (node.times ? step > model.T - node.times : step === model.T);
  const every = steps.flatMap((step) =>
    computed.filter((node) => has(node, step)).map((node) => frame("forward", node, step)),
  );
  const forward = every.length;
  if (model.grad) {
    const parameters = model.nodes.filter((node) => node.kind === "parameter");
    const felt = model.nodes
      .filter((node) => node.kind !== "parameter" && hasGradient(node))
      .reverse();
    for (const step of [...steps].reverse()) {
      for (const node of felt) if (has(node, step)) every.push(frame("backward", node, step));
    }
    for (const node of parameters.reverse()) every.push(frame("backward", node, 0));
  }
  const { list, places } = folded(every, givens);
  const known = new Float64Array(model.nodes.length);
  const felt = new Float64Array(model.nodes.length).fill(NEVER);
  every.forEach(({ phase, node }, k) => {
    if (phase === "forward") known[node.i] ||= places[k];
    else if (felt[node.i] === NEVER) felt[node.i] = places[k];
  });
  return timeline(list, forward, known, felt, model.known);
}

/** @typedef {(phase: Phase, step: number) => ?number} PlaceOf a position, null where there is none */

/**
 * @param {Frame[]} list
 * @param {number} forward how many of them are
 * @param {Float64Array} known
 * @param {Float64Array} felt
 * @param {Required<Known>} spoken the names of the run
 */
function timeline(list, forward, known, felt, spoken) {
  const names = list.map(positionAt);
  const places = new Map(names.map((name, k) => [name, k + 1]));
  places.set("start", 0);
  const end = list.length + 1;
  places.set("end", end);
  return {
    list,
    forward,
    end,
    known,
    felt,
    /** Rolled level: where the gradient of a node at a step is computed. @param {GraphNode} node @param {number} step */
    feltAt: (node, step) =>
      places.get(positionOf("backward", nameOf(node.id, step))) ?? forward + 1,
    /** @param {number} position @returns {?Frame} null at the two ends */
    at: (position) => list[position - 1] ?? null,
    /**
     * Rolled level: the step that a node shows at a position, the last one that reached it.
     * @param {GraphNode} node
     * @param {number} position
     * @param {Phase} phase
     * @param {number} otherwise
     */
    stepOf: (node, position, phase, otherwise) => {
      for (let k = Math.min(position, list.length) - 1; k >= 0; k -= 1) {
        if (list[k].phase !== phase) break;
        if (list[k].node === node) return list[k].step || 1;
      }
      return otherwise;
    },
    /** @param {number} position */
    nameAt: (position) => (position <= 0 ? "start" : (names[position - 1] ?? "end")),
    /** Position of a name, also of one that belongs to another level. @param {string} name */
    locate: (name, step = 0) => places.get(name) ?? nearest(list, name, step, spoken) ?? end,
    /** Whether a name has a position here, its own or the nearest one's. @param {string} name */
    knows: (name) => places.has(name) || nearest(list, name, 0, spoken) !== null,
    /** Whether a name is of a gradient that has no position unless it is asked for. @param {string} name */
    isFolded: (name) => {
      const { phase, name: node } = partsOf(name);
      const quantity = phase === "backward" ? readName(node, spoken)?.quantity : null;
      return !places.has(name) && (quantity === "x" || quantity === "y");
    },
    /** First position of each phase and time step, for the overview. @type {PlaceOf} */
    first: (phase, step) => {
      const k = list.findIndex((each) => each.phase === phase && each.step === step);
      return k < 0 ? null : k + 1;
    },
    /** @type {PlaceOf} */
    last: (phase, step) => {
      const k = list.findLastIndex((each) => each.phase === phase && each.step === step);
      return k < 0 ? null : k + 1;
    },
  };
}

/** @param {Frame} frame */
const positionAt = ({ phase, node, step }) =>
  positionOf(phase, node.times ? nameOf(node.id, step) : node.id);

/**
 * The last frame of the same quantity, else of the same time step, in the same phase.
 * @param {Frame[]} list
 * @param {string} at
 * @param {number} step that it belongs to, 0 where the name alone may say it
 * @param {Required<Known>} known
 */
function nearest(list, at, step, known) {
  const { phase, name } = partsOf(at);
  const said = phase && readName(name, known);
  if (!said) return null;
  const time = said.t ?? (step || Math.max(0, ...said.steps));
  /** @param {(frame: Frame) => boolean} test */
  const last = (test) => list.findLastIndex((each) => each.phase === phase && test(each)) + 1;
  return last((each) => isSame(each, said)) || last((each) => each.step === time) || null;
}

/** @param {Frame} frame @param {Named} said */
function isSame({ node, step }, { quantity, parameter, t, reads }) {
  if (quantity) return node.quantity === quantity && (t === null || step === t);
  if (!parameter || node.parameter !== parameter) return false;
  if (!reads) return node.kind === "parameter";
  return node.reads?.[0] === reads[0] && node.reads[1] === reads[1];
}
