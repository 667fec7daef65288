/**
 * A model's numbers from a run in the browser: each node says which array of the program it is of.
 *
 * What a graph does not show of the run ("rest") has on its edges what is left of each gradient.
 */

import { backTree } from "./chain_rule.js";
import { EXACT } from "./expression.js";
import { heldModel, isAgain } from "./held_model.js";
import { derivative, isTerm, placeIn, rowOf } from "./live_edges.js";

/** @import { Hold } from "../../shared/frontend/interpreter/holds.js" */
/** @import { HeldNumber } from "./data.d.ts" */
/** @import { Run } from "./live_edges.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

/**
 * Put the numbers of a run in the place of a model's own.
 * @param {Model} model
 * @param {Run} run
 */
export function fill(model, run) {
  const held = new Map(isAgain(model) ? model.held?.at.map(({ id, value }) => [id, value]) : []);
  for (const node of model.nodes) {
    const count = Math.max(1, node.times);
    for (let k = 0; k < count; k += 1) {
      const step = node.times ? model.T - count + 1 + k : node.t;
      if (node.variable !== null) put(model, run, node, rowOf(run, step), node.at + k * node.size);
    }
    if (isTerm(node)) model.value[node.at] = held.get(node.id) ?? model.value[node.at];
  }
  const rest = model.byId.get("rest");
  if (rest) model.value[rest.at] = outside(model, rest);
  const { local } = model;
  if (!local) return;
  for (const edge of model.edges) {
    const kept = edge.to.op === "total" || edge.to.variable === "L" || edge.to.kind === "rest";
    if (edge.size && !kept) {
      local[edge.at] = held.has(edge.to.id) ? 0 : derivative(model, run, edge);
    }
  }
  if (rest && !isAgain(model)) fillRest(model, rest, local);
}

/**
 * What is left of the gradients of nodes that what is not shown has a part in.
 * @param {Model} model with the numbers of the run
 * @param {GraphNode} rest
 * @param {Float64Array} local
 */
function fillRest(model, rest, local) {
  const [passed] = model.gradOf(rest);
  for (const edge of rest.in) {
    const others = edge.from.back.filter((each) => each !== edge);
    const gradient = model.gradOf(edge.from);
    for (let k = 0; k < edge.size; k += 1) {
      const known = others.map((each) => backTree(model, each, k)?.run(EXACT) ?? NaN);
      local[edge.at + k] = (gradient[k] - known.reduce((sum, each) => sum + each, 0)) / passed;
    }
  }
}

/**
 * Put the numbers of a run with what is held in the place of those that a model has of it.
 * @param {Model} model
 * @param {Run} run
 */
export function fillHeld(model, run) {
  const again = heldModel(model);
  if (!again || !model.held) return;
  fill(again, run);
  const total = run.network.loss?.total.value;
  model.held = { ...model.held, loss: total ? total[0] : null };
}

/**
 * What is held, for a run in the browser; null where it cannot be held there.
 * @param {Model} model
 * @param {Run} run of the same network
 * @returns {?Hold[]}
 */
export function holdsOf({ byId, held }, run) {
  if (held?.kind !== "held" || !held.at.length) return null;
  const { instructions, loss } = run.network;
  /** Whether the program has the number, and it is not the mean of several. @param {HeldNumber} number */
  const isKnown = ({ variable, id }) => {
    if (variable === "L") return true;
    if (variable === "l") return loss?.terms.width === 1 || Boolean(byId.get(id)?.index);
    return variable !== null && instructions.has(variable);
  };
  if (!held.at.every(isKnown)) return null;
  return held.at.map(({ variable, t, unit, term, value }) => {
    return {
      name: variable ?? "",
      row: variable === "L" ? 0 : rowOf(run, t),
      entry: unit,
      term,
      value,
    };
  });
}

/**
 * The numbers of one step of a node.
 * @param {Model} model
 * @param {Run} run
 * @param {GraphNode} node
 * @param {number} row
 * @param {number} to
 */
function put({ value, grad }, run, node, row, to) {
  const numbers = run.network.of(node.variable ?? "");
  const inside = placeIn(run, node);
  const [from, back] = [numbers.at(row) + inside, numbers.gradAt(row) + inside];
  if (isTerm(node)) {
    const [weight, vector] = node.in;
    value[to] = value[weight.from.at] * value[vector.from.at];
    if (grad) grad[to] = numbers.grad[back];
  } else if (node.size < numbers.width && !node.index) {
    // The loss of a step is one number, the mean of its terms.
    const terms = numbers.value.subarray(from, from + numbers.width);
    value[to] = terms.reduce((sum, each) => sum + each, 0) / terms.length;
    if (grad) grad[to] = numbers.grad[back] * terms.length;
  } else {
    for (let i = 0; i < node.size; i += 1) {
      value[to + i] = numbers.value[from + i];
      if (grad) grad[to + i] = numbers.grad[back + i];
    }
  }
}

/**
 * The part of the loss that is not shown; exactly 0 where nothing of it is hidden.
 * @param {Model} model
 * @param {GraphNode} rest
 */
function outside(model, rest) {
  const before = model.value[rest.at];
  const loss = rest.out[0]?.to;
  if (!loss || before === 0 || Number.isNaN(before)) return before;
  return loss.in.reduce((left, edge) => {
    const [share] = model.localOf(edge) ?? [NaN];
    return edge.from === rest ? left : left - share * model.value[edge.from.at];
  }, model.value[loss.at]);
}
