/** What `shape.py` has packed, as the graph reads it. */

import { decode } from "../../graph_view/frontend/model.js";

/** @import { Column } from "../../graph_view/frontend/data.d.ts" */
/** @import { Left, PackedShape, PageData } from "./data.d.ts" */

/**
 * The topology of a level as text.
 * @param {PackedShape} packed
 * @param {PageData["signs"]} signs
 */
export function shapeText(packed, signs) {
  const { names, fields, edges } = packed;
  const [steps, rises] = fields.t;
  const at = summed(rises);
  const sign = new RegExp(`[${Object.keys(signs).join("")}]`, "g");
  /** @param {Column<string>} column */
  const written = ([values, places]) =>
    places.map((place, i) => {
      const step = steps[at[i]] ?? 0;
      return values[place].replace(sign, (found) => String(step + signs[found]));
    });
  return JSON.stringify({
    ...packed,
    names: Object.fromEntries(Object.entries(names).map(([name, each]) => [name, written(each)])),
    fields: { ...fields, t: [steps, at] },
    edges: { ...edges, from: summed(edges.from), to: summed(edges.to) },
  });
}

/** @param {number[]} rises */
export function summed(rises) {
  let at = 0;
  return rises.map((rise) => (at += rise));
}

/** All numbers of a kind, 0 where the page computes them. @param {Left} left */
export function numbersWith({ size, at, numbers }) {
  const all = new Float64Array(size);
  const known = decode(numbers);
  summed(at).forEach((place, i) => {
    all[place] = known[i];
  });
  return all;
}
