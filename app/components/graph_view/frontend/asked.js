/** What a link asks to be looked at and this graph does not have: said, not left out in silence. */

import { readName } from "../../shared/frontend/named.js";

const LONGEST = 60;

/**
 * @param {import("./view.js").GraphView} view that shows what was asked for as well as it can
 * @param {string} at
 * @returns {string} a sentence, empty where the position is known
 */
export function unknownPosition({ frames }, at) {
  if (frames.knows(at)) return "";
  return `Position: no step of this graph is called ${quoted(at)}; all of it is shown.`;
}

/**
 * A step outside the part of the graph that is here is not unknown.
 * @param {import("./view.js").GraphView} view
 * @param {?string} selected
 * @returns {string} a sentence, empty where the node or edge is known, or none is asked for
 */
export function unknownSelection({ looks, data, model }, selected) {
  if (!selected || looks.node || looks.edge) return "";
  const steps = readName(selected, model.known)?.steps ?? [];
  const isElsewhere = steps.some(
    (t) => t >= 1 && t <= data.T && (t < model.first || t > model.last),
  );
  return isElsewhere
    ? ""
    : `Selection: this graph has no ${quoted(selected)}; nothing is selected.`;
}

/** @param {string} name */
function quoted(name) {
  return `“${name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name}”`;
}
