/** Numbers that the reader holds at a value, as `held_run.py` and `holding.py` have them. */

import { holdsOf } from "../../graph_view/frontend/live.js";
import { nameOf, readName } from "../../shared/frontend/named.js";

/** @import { Hold } from "../../shared/frontend/interpreter/holds.js" */
/** @import { HeldNumber } from "../../graph_view/frontend/data.d.ts" */
/** @import { Run } from "../../graph_view/frontend/live_edges.js" */
/** @import { Model } from "../../graph_view/frontend/model.js" */
/** @import { GraphNode } from "../../graph_view/frontend/structure.js" */

/** @typedef {{place: string, value: number}} Held a number's name, and what it is held at */

export const NOT_HERE = "This number can be held in the app, not on this page; nothing is held.";

const ENTRY = /^(.+)#(\d{1,9})$/s;

/** The level at which a level's run with what is held is computed. @param {string} level */
export const baseOf = (level) => (level === "scalar" ? "scalar" : "operation");

/**
 * The name of a node's number, the same at all levels where there is one.
 * @param {Model} model
 * @param {string} node
 * @param {?number} unit counts the numbers of a vector from 1
 */
export function placeOf(model, node, unit) {
  if (unit === null) return node;
  const said = readName(node, model.known);
  if (said?.quantity && said.t !== null && !said.index.length) {
    return nameOf(said.quantity, said.t, unit);
  }
  return `${node}#${unit}`;
}

/**
 * What is held, of those numbers that a level has; the others are said.
 * @param {Model} model of a level that runs are computed at
 * @param {Held[]} held
 * @returns {{at: HeldNumber[], said: string}}
 */
export function heldNumber(model, held) {
  /** @type {HeldNumber[]} */
  const at = [];
  /** @type {string[]} */
  const lost = [];
  for (const { place, value } of held) {
    const found = find(model, place);
    if (found) at.push({ place, value, ...ofProgram(found.node, found.entry) });
    else lost.push(place);
  }
  const said = lost.length
    ? `${lost.join(", ")}: no number of this level; held at another one only.`
    : "";
  return { at, said };
}

/**
 * The same for a run in the browser; null where it cannot be held there.
 * @param {Model} model
 * @param {Run} run
 * @param {Held[]} held
 * @returns {?Hold[]}
 */
export function holdsIn(model, run, held) {
  const { at, said } = heldNumber(model, held);
  const beside = { kind: /** @type {const} */ ("held"), at, said, loss: null };
  return holdsOf({ ...model, held: { ...beside, value: null, grad: null, local: null } }, run);
}

/**
 * @param {Model} model
 * @param {string} place
 * @returns {?{node: GraphNode, entry: ?number}}
 */
function find(model, place) {
  const own = model.byId.get(place);
  const [name, entry] = own ? [place, null] : (entryOf(model, place) ?? ["", null]);
  const node = own ?? model.byId.get(name);
  if (!node || node.op === null || node.kind === "rest") return null;
  const fits = entry === null ? !node.shape.length : node.shape.length === 1 && entry < node.size;
  return fits ? { node, entry } : null;
}

/**
 * @param {Model} model
 * @param {string} place
 * @returns {?[node: string, entry: number]}
 */
function entryOf(model, place) {
  const said = readName(place, model.known);
  if (said?.quantity && said.t !== null && said.index.length === 1) {
    return [nameOf(said.quantity, said.t), said.index[0] - 1];
  }
  const part = ENTRY.exec(place);
  return part && [part[1], Number(part[2]) - 1];
}

/** @param {GraphNode} node @param {?number} entry */
function ofProgram(node, entry) {
  const index = node.index ?? [];
  const own = entry ?? (index.length ? index[0] - 1 : 0);
  return {
    id: node.id,
    entry: entry ?? 0,
    variable: node.variable,
    unit: own,
    term: index.length === 2 ? index[1] - 1 : null,
    t: node.t,
    line: node.line,
  };
}
