/** Where a given number of the graph stands among the sidebar's fields. */

import { startOf } from "../../shared/frontend/named.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} component
 * @param {number} batch
 * @returns {?Omit<Change, "value">} null of what is computed
 */
export function fieldOf(model, node, component, batch) {
  const { kind, shape, index, variable } = node;
  if (node.op !== null || variable === null) return null;
  const [first, second] = index ?? [];
  if (kind === "parameter") {
    const columns = shape[1] ?? 1;
    return index
      ? { field: variable, row: first - 1, column: (second ?? 1) - 1 }
      : { field: variable, row: Math.floor(component / columns), column: component % columns };
  }
  const unit = index ? first - 1 : component;
  const step = node.times ? (model.shown.get(node) ?? model.T) : node.t;
  if (kind === "input") return { field: "x", row: step - 1, column: unit };
  if (kind === "target") {
    const before = model.T - model.terms / batch; // steps that are not read out
    return { field: "target", row: step - 1 - before, column: unit };
  }
  return kind === "state" && step === 0 ? { field: startOf(variable), row: unit, column: 0 } : null;
}
