/**
 * What stands at another level for a selected node: a vector for its numbers, a number of it for a
 * vector, and in the rolled network the quantity itself.
 */

import { readName } from "../../shared/frontend/named.js";

/** @import { Named } from "../../shared/frontend/named.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @typedef {{id: string, component: number}} Place a node, and which number of it */
/** @typedef {{component: number, step: number}} Chosen which number of the vector, and the time step */

/**
 * @param {Model} model of the level that is shown
 * @param {?string} id what is selected
 * @param {Chosen} chosen
 * @param {Model} before of the level that was shown
 * @returns {?Place} null where the node is shown itself, or nothing is
 */
export function counterpartOf(model, id, chosen, before) {
  if (!id || model.byId.has(id)) return null;
  const node = before.byId.get(id);
  if (node) return ofNode(model, node, chosen);
  const said = readName(id, model.known);
  return said && ofName(model, said, chosen);
}

/**
 * @param {Model} model
 * @param {GraphNode} node of another level
 * @param {Chosen} chosen
 */
function ofNode(model, node, { component, step }) {
  const row = node.unit ?? component + 1;
  if (node.kind === "parameter") return ofParameter(model, node, component);
  if (node.quantity) {
    return ofQuantity(model, node.quantity, node.times ? step : node.t, row);
  }
  if (!node.variable) return null; // the rest
  const same = model.nodes.filter((each) => each.variable === node.variable && each.t === node.t);
  return entryOf(same, row, node.index?.[1] ?? 1);
}

/**
 * @param {Model} model
 * @param {Named} said
 * @param {Chosen} chosen
 */
function ofName(model, { quantity, parameter, t, index, reads }, { component, step }) {
  const row = index[0] ?? component + 1;
  if (quantity) return ofQuantity(model, quantity, t ?? step, row);
  if (parameter && reads) {
    const terms = model.nodes.filter(
      (each) =>
        each.parameter === parameter && each.reads?.[0] === reads[0] && each.reads[1] === reads[1],
    );
    return entryOf(terms, row, index[1] ?? 1);
  }
  const whole = parameter && !index.length && model.nodes.find((each) => isPart(each, parameter));
  return whole ? { id: whole.id, component: 0 } : null; // of an entry, `Looks` finds the whole
}

/** @param {GraphNode} node @param {string} parameter */
const isPart = (node, parameter) => node.kind === "parameter" && node.parameter === parameter;

/** @param {Model} model @param {GraphNode} node @param {number} component */
function ofParameter(model, node, component) {
  const parts = model.nodes.filter((each) => isPart(each, node.parameter ?? ""));
  const found = node.index ? null : (parts[component] ?? parts[0]);
  return found ? { id: found.id, component: 0 } : null;
}

/**
 * @param {Model} model
 * @param {string} quantity
 * @param {number} t
 * @param {number} row
 */
function ofQuantity(model, quantity, t, row) {
  const found = model.nodes.filter(
    (each) => each.quantity === quantity && (each.times > 0 || each.t === t),
  );
  return entryOf(found, row, 1);
}

/**
 * Of the nodes that stand for something: the one of a unit, the first one, or the whole.
 * @param {GraphNode[]} nodes
 * @param {number} row
 * @param {number} column
 * @returns {?Place}
 */
function entryOf(nodes, row, column) {
  const own = nodes.find((each) => each.unit === row && (each.index?.[1] ?? column) === column);
  const found = own ?? nodes[0];
  return found ? { id: found.id, component: found.unit ? 0 : row - 1 } : null;
}
