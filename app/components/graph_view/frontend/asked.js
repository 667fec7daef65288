/** What a link asks to be looked at and this graph does not have: said, not left out in silence. */

const LONGEST = 60;
const NAME = /^[fb]:([A-Za-z_]+)/; // the quantity of a position: "f:h[2]", "b:W_hh h[2]"
const STEP = /\b[a-z]\[(\d+)/; // of a node or an edge: h[2], W_hh h[2], W_hh[1,1]·h[2,1]

/**
 * @param {import("./view.js").GraphView} view that shows what was asked for as well as it can
 * @param {string} at
 * @returns {string} a sentence, empty where the position is known
 */
export function unknownPosition({ frames, model }, at) {
  const name = NAME.exec(at)?.[1];
  const named = !name || model.nodes.some((node) => node.id.startsWith(name));
  if (frames.knows(at) && named) return "";
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
  const step = Number(STEP.exec(selected)?.[1]);
  const elsewhere = step >= 1 && step <= data.T && (step < model.first || step > model.last);
  return elsewhere ? "" : `Selection: this graph has no ${quoted(selected)}; nothing is selected.`;
}

/** @param {string} name */
function quoted(name) {
  return `“${name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name}”`;
}
