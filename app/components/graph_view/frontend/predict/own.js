/**
 * The run as it follows from the reader's own numbers: what he wrote stands in the place of what the
 * core computed, and all that comes after is computed from it.
 */

import { chainRow } from "../chain_rule.js";
import { operandsOf, ruleFor } from "../equations.js";
import { EXACT } from "../expression.js";
import { rolledRows } from "../rolled.js";

/** @import { Frame, Phase } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Edge, GraphNode } from "../structure.js" */

/** By component: what was written. @typedef {Map<number, number>} Entries */
/** By `keyOf`. @typedef {Map<string, Entries>} Written */

/** @param {Phase} phase @param {GraphNode} node @param {number} step */
const keyOf = (phase, { id, times }, step) => `${phase} ${id} ${times ? step : ""}`;

/** @param {Frame} frame */
export const keyAt = ({ phase, node, step }) => keyOf(phase, node, step);

/**
 * A model in which nodes of the rolled level show a step.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step
 * @returns {Model}
 */
export const shownAt = (model, node, step) =>
  node.times ? { ...model, shown: new Map(model.shown).set(node, step) } : model;

/**
 * What a frame makes, in a model.
 * @param {Model} model
 * @param {Frame} frame
 */
export function numbersOf(model, { phase, node, step }) {
  if (node.times) {
    return phase === "forward" ? model.givenRowOf(node, step) : model.gradRowOf(node, step);
  }
  return phase === "forward" ? model.valueOf(node) : model.gradOf(node);
}

/** Derivatives that no operation's rule gives. @param {Edge} edge */
const isShare = ({ to }) => to.op === "total" || to.variable === "L" || to.kind === "rest";

/**
 * @param {Model} model
 * @param {Written} written
 * @returns {{model: Model, formula: (frame: Frame) => ArrayLike<number>}} the run by the reader's
 *   numbers, and what the formula gives for a frame, whatever was written for that very one
 */
export function ownRun(model, written) {
  if (!written.size) return { model, formula: (frame) => numbersOf(model, frame) };
  /** @type {Map<string, Float64Array<ArrayBuffer>>} */
  const made = new Map();

  /** @param {GraphNode} node @param {number} step */
  const stepFor = (node, step) => (node.times ? step : 0);
  /** @param {GraphNode} node */
  const stepShown = (node) => stepFor(node, model.shown.get(node) ?? model.T);

  /**
   * @param {Phase} phase
   * @param {GraphNode} node
   * @param {number} step
   * @returns {Float64Array<ArrayBuffer>}
   */
  const own = (phase, node, step) => {
    const key = keyOf(phase, node, step);
    const known = made.get(key);
    if (known) return known;
    const entries = written.get(key);
    const found = Float64Array.from(formula({ phase, node, step }));
    for (const [k, number] of entries ?? []) found[k] = number;
    made.set(key, found);
    return found;
  };

  /** @type {Model} */
  const run = {
    ...model,
    valueOf: (node) => own("forward", node, stepShown(node)),
    rowOf: (node, step) => {
      if (node.times && (step === 0 || model.rowOf(node, step) === null)) {
        return model.rowOf(node, step);
      }
      return own("forward", node, stepFor(node, step));
    },
    givenRowOf: (node, step) => own("forward", node, stepFor(node, step)),
    allOf: (node) => {
      const first = model.T - node.times + 1;
      const rows = Array.from({ length: node.times }, (_, k) => own("forward", node, first + k));
      return node.times ? Float64Array.from(rows.flatMap((row) => [...row])) : run.valueOf(node);
    },
    gradOf: (node) => (model.grad ? own("backward", node, stepShown(node)) : model.gradOf(node)),
    gradRowOf: (node, step) => own("backward", node, stepFor(node, step)),
    localOf: (edge) => (isShare(edge) ? model.localOf(edge) : null),
  };

  /** Before the loss, the logits are those behind the predictions that were written. @type {Model} */
  const beforeLoss = {
    ...run,
    valueOf: (node) => behind(node, stepShown(node)) ?? run.valueOf(node),
    rowOf: (node, step) => (step > 0 ? behind(node, step) : null) ?? run.rowOf(node, step),
    allOf: (node) =>
      node.times === 1 ? (behind(node, model.T) ?? run.allOf(node)) : run.allOf(node),
  };

  /** @param {GraphNode} node @param {number} step */
  function behind(node, step) {
    const to = node.kind === "logit" ? predictionOf(node) : null;
    if (!to || !written.has(keyOf("forward", to, step))) return null;
    const p = own("forward", to, stepFor(to, step));
    if (to.op === "sigmoid") return p.map((each) => Math.log(each) - Math.log1p(-each));
    return to.op === "softmax" && to.shape.length ? p.map(Math.log) : null;
  }

  /** @param {Frame} frame @returns {ArrayLike<number>} */
  function formula(frame) {
    const truth = numbersOf(model, frame);
    return frame.phase === "forward" ? valueOf(frame, truth) : gradientOf(frame, truth);
  }

  /** @param {Frame} frame @param {Float64Array} truth @returns {ArrayLike<number>} */
  function valueOf({ node, step }, truth) {
    const rule = ruleFor(model, node);
    if (!node.op || !rule) return truth;
    const mineIn = node.kind === "loss" ? beforeLoss : run;
    const [mine, theirs] = [mineIn, model].map((each) =>
      operandsOf(shownAt(each, node, step), node),
    );
    if (!mine || !theirs || mine.every((numbers, i) => isSame(numbers, theirs[i]))) return truth;
    return truth.map((_, k) => rule.value(k, mine).run(EXACT, model.format.round));
  }

  /** @param {Frame} frame @param {Float64Array} truth */
  function gradientOf({ node, step }, truth) {
    const mineIn = node.kind === "logit" ? beforeLoss : run;
    return truth.map((number, k) => {
      const [mine, theirs] = [mineIn, model].map((each) => arriving(each, node, step, k));
      const moved = mine - theirs;
      return Number.isNaN(moved) ? number : number + moved; // what no edge shows stays
    });
  }

  return { model: run, formula };
}

/** What is made of a logit. @param {GraphNode} node */
const predictionOf = (node) =>
  node.out.find((edge) => edge.to.kind === "probability" && edge.places[0] === 0)?.to ?? null;

/**
 * What arrives at a component of a gradient, way by way.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step
 * @param {number} component
 */
export const rowsBack = (model, node, step, component) =>
  model.level === "rolled"
    ? rolledRows(model, node, step, component)
    : node.back.map((edge) => chainRow(model, edge, component));

/** @param {Parameters<typeof rowsBack>} where */
const arriving = (...where) => rowsBack(...where).reduce((sum, { value }) => sum + value, 0);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const isSame = (a, b) => Array.from(a).every((number, k) => number === b[k]);
