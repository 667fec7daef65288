/**
 * Where the nodes of both graphs stand: what is at the same place is the same thing.
 *
 * Our graph is arranged as on its own page. A place of it holds all nodes of PyTorch's that stand for
 * it, the one that finishes it on top, and is as large as the most of them need in either graph.
 */

import { arrange } from "../../graph_view/frontend/arrange.js";
import { boxOf } from "../../graph_view/frontend/boxes.js";

/** @import { Point } from "../../graph_view/frontend/lines.js" */
/** @import { Aside } from "../../graph_view/frontend/data.d.ts" */
/** @import { PlaceData } from "./data.d.ts" */
/** @import { Node } from "./pane.js" */

const BETWEEN = 9; // nodes of one place

/**
 * @param {PlaceData[]} places
 * @param {Node[][]} panes the nodes of each graph, in the order in which they are made
 * @param {Aside} aside which places take no width of their column
 * @returns {Map<string, Point>[]} the middles of the boxes, by pane and node
 */
export function setting(places, panes, aside) {
  const stacks = panes.map(stacked);
  const standing = places.map((place) => {
    const own = boxOf({ ...place, tall: false });
    const all = stacks.map((stack) => stack.get(place.id) ?? []).filter((nodes) => nodes.length);
    const widths = all.flatMap((nodes) => nodes.map((node) => node.box.width));
    const box = {
      width: Math.max(...(widths.length ? widths : [own.width])),
      height: Math.max(...(all.length ? all.map(heightOf) : [own.height])),
    };
    return { ...place, box };
  });
  arrange(standing, { aside });
  return stacks.map((stack) => {
    /** @type {Map<string, Point>} */
    const found = new Map();
    for (const { id, x, y, box } of standing) {
      let top = y - box.height / 2;
      for (const node of stack.get(id) ?? []) {
        found.set(node.id, { x, y: top + node.box.height / 2 });
        top += node.box.height + BETWEEN;
      }
    }
    return found;
  });
}

/** The nodes of each place, the last one made first. @param {Node[]} nodes */
function stacked(nodes) {
  /** @type {Map<string, Node[]>} */
  const found = new Map();
  for (const node of nodes) found.set(node.at, [node, ...(found.get(node.at) ?? [])]);
  return found;
}

/** @param {Node[]} nodes one below the other */
const heightOf = (nodes) => nodes.reduce((sum, node) => sum + node.box.height + BETWEEN, -BETWEEN);
