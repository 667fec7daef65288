/**
 * The graph as it came from Python, decoded: its structure and, beside it, the numbers.
 *
 * These are base64 of float64, so every digit, NaN and infinity arrives as it is.
 */

import { nameOf } from "../../shared/frontend/named.js";
import { formatOf } from "./float_formats.js";
import { entriesOf } from "./program.js";
import { rulesOf } from "./rules.js";
import { structureOf } from "./structure.js";

/** @import { Arithmetic, Entries, GraphData, LevelData, Numbers } from "./data.d.ts" */
/** @import { Edge, GraphNode, Room } from "./structure.js" */

/**
 * @typedef {ReturnType<typeof modelOf>} Model
 *
 * @typedef {object} About what all levels of a run have in common
 * @property {Record<string, Float64Array>} initial  by state: what it is before the first step
 * @property {Entries} entries  the operations of its network
 * @property {?Arithmetic} arithmetic  of a run in a format: what `graph_view/arithmetic.py` says
 */

const SAME = 1e-12; // relative
const NONE = new Float64Array(0);

/** @param {Numbers} text base64 of float64, or the numbers themselves */
export function decode(text) {
  if (typeof text !== "string") return text;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}

/**
 * @param {Pick<GraphData, "initial"|"program"> & {arithmetic?: ?Arithmetic}} sent
 * @returns {About}
 */
export const aboutOf = ({ initial, program, arithmetic = null }) => ({
  initial: Object.fromEntries(
    Object.entries(initial).map(([state, numbers]) => [state, decode(numbers)]),
  ),
  entries: entriesOf(program),
  arithmetic,
});

/**
 * @param {LevelData} payload         one level
 * @param {About} about
 * @param {Map<GraphNode, number>} shown  rolled level: the step that each node shows
 * @param {boolean} tall  whether nodes have room for value and gradient
 * @param {?Room} room    what they have room for, where that is not the same for all
 */
export function modelOf(payload, about, shown = new Map(), tall = false, room = null) {
  const { initial, arithmetic } = about;
  const graph = structureOf(payload.topology, tall, room);
  const ops = { ...about.entries, ...graph.wholes };
  const value = decode(payload.value);
  /** @param {GraphNode} node */
  const startOf = (node) => {
    if (!node.times) return node.at;
    const before = graph.T - node.times; // a readout "last" has one step only, the last
    const row = (shown.get(node) ?? graph.T) - before - 1;
    return node.at + Math.max(0, Math.min(node.times - 1, row)) * node.size;
  };
  /**
   * Rolled level: the values of one step (0 is the initial state), null where there are none.
   * @param {GraphNode} node
   * @param {number} step
   */
  const rowOf = (node, step) => {
    if (!node.times) return value.subarray(node.at, node.at + node.size);
    const row = step - (graph.T - node.times) - 1;
    if (step === 0) return initial[node.quantity ?? ""] ?? null;
    const start = node.at + row * node.size;
    return row < 0 ? null : value.subarray(start, start + node.size);
  };
  const grad = payload.grad === null ? null : decode(payload.grad);
  const held = {
    value: decode(payload.held?.value ?? ""),
    grad: decode(payload.held?.grad ?? ""),
    local: decode(payload.held?.local ?? ""),
  };
  const local = payload.local === null ? null : decode(payload.local);
  /**
   * What a node is called: one of the rolled level at the step that it shows.
   * @param {GraphNode} node
   */
  const placeOf = (node) => (node.times ? nameOf(node.id, shown.get(node) ?? graph.T) : node.id);
  /** @param {GraphNode} node @param {number} step */
  const heldAt = (node, step) => {
    const id = node.times ? nameOf(node.id, step) : node.id;
    return (payload.held?.at ?? []).filter((each) => each.id === id);
  };
  return {
    ...graph,
    /** What this was made of. */
    made: { payload, about },
    ops,
    tall,
    room,
    value,
    grad,
    local,
    shown,
    placeOf,
    /** How many losses L is the mean over, in all sequences of the batch. */
    terms: payload.terms,
    /** Whether every operation was rounded to `format`. */
    rounded: arithmetic !== null,
    format: formatOf(arithmetic?.dtype),
    ruleOf: rulesOf(ops, arithmetic?.ops),
    /** @param {GraphNode} node */
    valueOf: (node) => value.subarray(startOf(node), startOf(node) + node.size),
    /** Empty where there are no gradients at all. @param {GraphNode} node */
    gradOf: (node) => (grad ? grad.subarray(startOf(node), startOf(node) + node.size) : NONE),
    /** The run beside, if there is one: what is held, or what is pinned. */
    held: payload.held,
    /** All the numbers that it has. */
    heldNumbers: held,
    /**
     * The numbers of a node in the run beside; null where they are the same, but for
     * rounding, or where there is none.
     * @param {GraphNode} node
     * @param {boolean} gradient
     */
    heldOf: (node, gradient) => {
      const start = startOf(node);
      const was = (gradient ? grad : value)?.subarray(start, start + node.size);
      const found = held[gradient ? "grad" : "value"].subarray(start, start + node.size);
      return was && found.some((number, k) => differs(number, was[k])) ? found : null;
    },
    /** Which of a node's numbers are held. @param {GraphNode} node */
    heldIn: (node) => heldAt(node, shown.get(node) ?? graph.T),
    heldAt,
    rowOf,
    /** The same where there are some. @param {GraphNode} node @param {number} step */
    givenRowOf: (node, step) => {
      const found = rowOf(node, step);
      if (!found) throw new RangeError(`${node.id} has no numbers at step ${step}`);
      return found;
    },
    /** Rolled level: the gradients of one step. @param {GraphNode} node @param {number} step */
    gradRowOf: (node, step) => {
      const start = node.at + (step - (graph.T - node.times) - 1) * node.size;
      return grad ? grad.subarray(start, start + node.size) : NONE;
    },
    /** Rolled level: the numbers of all steps. @param {GraphNode} node */
    allOf: (node) => value.subarray(node.at, node.at + node.size * Math.max(1, node.times)),
    /** @param {Edge} edge */
    localOf: (edge) => (edge.size && local ? local.subarray(edge.at, edge.at + edge.size) : null),
  };
}

/** More than by rounding; what is not known differs from nothing. @param {number} a @param {number} b */
const differs = (a, b) =>
  !Number.isNaN(a) && a !== b && !(Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b)));

/** Until the first data arrive. */
export const NO_MODEL = modelOf(
  {
    topology: "",
    value: "",
    grad: null,
    local: null,
    terms: 0,
    held: null,
  },
  aboutOf({ initial: {}, program: "" }),
);
