/** Which nodes a text speaks of: x[1], h[1,2], W_hh, h[t] of the rolled level, W_hh @ 3, L. */

/** @import { GraphNode, Model } from "./model.js" */

const NAME = /^([A-Za-z]\w*)(?:\[([\dt,]+)\])?(?: @ (\d+))?$/;

/**
 * A weight is one of them where it is the only one named, where its uses are, or where all of the
 * cell is: elsewhere it stands far from what is said of a step.
 * @param {Pick<Model, "level"|"byId">} model
 * @param {GraphNode[]} nodes in view
 * @param {string[]} names
 * @returns {GraphNode[]}
 */
export function spokenOf({ level }, nodes, names) {
  /** @type {Set<GraphNode>} */
  const found = new Set();
  /** @type {Set<GraphNode>} */
  const weights = new Set();
  for (const name of names) {
    const [, own, place = "", use] = NAME.exec(name) ?? [];
    if (!own) continue;
    const [step, unit] = place.split(",");
    for (const node of nodes) {
      if (node.kind === "parameter") {
        if (node.parameter === own) weights.add(node);
      } else if (use) {
        if (node.parameter === own && node.t === Number(use)) found.add(node);
      } else if (node.quantity === own && isAt(node, step, unit)) found.add(node);
    }
  }
  const apart = level !== "rolled" && found.size > 0 && !names.some((name) => name.includes("@"));
  return apart ? [...found] : [...found, ...weights];
}

/** @param {GraphNode} node @param {string} [step] @param {string} [unit] */
function isAt(node, step, unit) {
  if (node.times) return true;
  if (step === "t") return false;
  if (step && node.t !== Number(step)) return false;
  return !unit || node.unit === null || node.unit === Number(unit);
}
