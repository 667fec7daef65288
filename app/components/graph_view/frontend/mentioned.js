/** Which nodes a text speaks of. */

/** @import { Mention } from "./data.d.ts" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

/**
 * A weight is one of them where it is the only one mentioned, where its uses are, or where all of
 * the cell is: elsewhere it stands far from what is said of a step.
 * @param {Pick<Model, "level"|"byId">} model
 * @param {GraphNode[]} nodes in view
 * @param {Mention[]} mentions
 * @returns {GraphNode[]}
 */
export function mentionedNodes({ level }, nodes, mentions) {
  /** @type {Set<GraphNode>} */
  const found = new Set();
  /** @type {Set<GraphNode>} */
  const weights = new Set();
  for (const { name, place, use } of mentions) {
    for (const node of nodes) {
      if (node.kind === "parameter") {
        if (node.parameter === name) weights.add(node);
      } else if (use !== null) {
        if (node.parameter === name && node.t === use) found.add(node);
      } else if (node.quantity === name && isAt(node, place)) found.add(node);
    }
  }
  const isOfUses = mentions.some(({ use }) => use !== null);
  const apart = level !== "rolled" && found.size > 0 && !isOfUses;
  return apart ? [...found] : [...found, ...weights];
}

/** @param {GraphNode} node @param {Mention["place"]} place */
function isAt(node, [step, unit]) {
  if (node.times) return true;
  if (step === "t") return false;
  if (step !== undefined && node.t !== step) return false;
  return unit === undefined || node.unit === null || node.unit === unit;
}
