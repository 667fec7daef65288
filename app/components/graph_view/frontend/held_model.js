/**
 * The run with what is held as a model of its own: its equations and its chain rule are computed as
 * any other's, but for what a held number is, and that it passes no gradient on.
 */

import { nameOf } from "../../shared/frontend/named.js";
import { modelOf } from "./model.js";

/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { HeldNumber } from "./data.d.ts" */

/** @type {WeakMap<Model, ?Model>} */
const known = new WeakMap();
/** @type {WeakSet<Model>} */
const again = new WeakSet();

/** The run with what is held, null where nothing is. @param {Model} model @returns {?Model} */
export function heldModel(model) {
  const found = known.get(model);
  if (found !== undefined) return found;
  const { payload, about } = model.made;
  const { held } = payload;
  const { value, grad, local } = model.heldNumbers;
  /** @type {?Model} */
  let made = null;
  if (held?.kind === "held" && held.value !== null) {
    const own = { ...held, value: null, grad: null, local: null };
    const data = {
      ...payload,
      value,
      grad: held.grad === null ? null : grad,
      local: held.local === null ? payload.local : local,
      held: own,
    };
    made = modelOf(data, about, model.shown, model.tall);
    again.add(made);
  }
  known.set(model, made);
  return made;
}

/** Whether a model is of a run with what is held. @param {Model} model */
export const isAgain = (model) => again.has(model);

/**
 * What goes on of the gradient by a node: nothing of what is held.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {Float64Array} gradient
 * @param {number} [step] rolled level: of the gradient
 */
export function passedOn(model, node, gradient, step = 0) {
  const held = again.has(model) ? model.heldAt(node, step) : [];
  if (!held.length) return gradient;
  const passed = gradient.slice();
  for (const { entry } of held) passed[entry] = 0;
  return passed;
}

/**
 * What is held inside a node that is many operations: no node of this level shows it.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} [step] rolled level: which
 * @returns {?HeldNumber}
 */
export function heldInside(model, node, step = node.t) {
  if (!again.has(model)) return null;
  const rule = model.ruleOf(node.op);
  const isNode = (/** @type {HeldNumber} */ { id, t }) =>
    model.byId.has(id) || model.nodes.some((each) => each.times && nameOf(each.id, t) === id);
  const found = model.held?.at.find(
    (each) => each.t === step && each.line && !isNode(each) && rule?.inside?.(each.line),
  );
  return found ?? null;
}
