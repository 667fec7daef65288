/**
 * Fit the layout to the boxes as they are drawn here.
 *
 * Python gives rows, columns and their order; how large a box is depends on how its numbers are
 * written. Rows are set as close as their tallest boxes allow, time steps as close as the widest
 * neighbours of a row allow, and the shared parameters in a column of their own on the left.
 */

import { common } from "../../shared/frontend/common.js";

/** @import { Aside, NodeData } from "./data.d.ts" */

/**
 * @typedef {Pick<NodeData, "kind"|"op"|"x"|"y"> & {box: {width: number, height: number}}} Placed
 *   a node, and how large its box is
 */

/**
 * @param {Placed[]} nodes changed in place, once
 * @param {object} [room]
 * @param {boolean} [room.low]   parameters that are higher than the rest stand in two columns
 * @param {Aside} [room.aside]   what takes no width of its column
 */
export function arrange(nodes, { low = false, aside = [] } = {}) {
  const shared = nodes.filter((node) => node.kind === "parameter");
  const timed = nodes.filter((node) => node.kind !== "parameter");
  if (!timed.length) return;
  const lift = spreadRows(timed);
  const isAside = new Set(aside.map(([at]) => nodes[at]));
  const factor = columnFactor(timed.filter((node) => !isAside.has(node)));
  for (const node of timed) node.x *= factor;
  setAside(nodes, aside);
  const left = Math.min(...timed.map((node) => node.x - node.box.width / 2));
  const picture = {
    top: Math.min(...timed.map((node) => node.y - node.box.height / 2)),
    bottom: Math.max(...timed.map((node) => node.y + node.box.height / 2)),
  };
  stackParameters(shared, lift, left, picture, low);
}

/**
 * The rolled network has its places: rows are set as close as their tallest boxes allow, and
 * parameters that stand in none of them are in the middle of the height of the rest.
 * @param {Placed[]} nodes changed in place, once
 */
export function setApart(nodes) {
  const rows = new Set(nodes.filter(({ kind }) => kind !== "parameter").map(({ y }) => y));
  const beside = nodes.filter(({ y }) => rows.has(y));
  const block = nodes.filter(({ y }) => !rows.has(y));
  spreadRows(beside);
  if (!block.length) return;
  spreadRows(block);
  const by = middleOf(beside) - middleOf(block);
  for (const node of block) node.y += by;
}

/** @param {Placed[]} nodes */
function middleOf(nodes) {
  const heights = nodes.map(({ y }) => y);
  return (Math.min(...heights) + Math.max(...heights)) / 2;
}

/**
 * @param {Placed[]} nodes
 * @param {Aside} aside
 */
function setAside(nodes, aside) {
  for (const [at, by] of aside) {
    const [node, other] = [nodes[at], nodes[by]];
    node.x = other.x - (node.box.width + other.box.width) / 2 - common().gaps.column;
  }
}

/**
 * @returns {(y: number) => number} where a height of the old layout is now
 * @param {Placed[]} nodes
 */
function spreadRows(nodes) {
  /** @type {Map<number, number>} */
  const heights = new Map();
  /** @type {Map<number, boolean>} */
  const products = new Map();
  /** @param {number} y */
  const heightOf = (y) => heights.get(y) ?? 0;
  for (const node of nodes) {
    heights.set(node.y, Math.max(heightOf(node.y), node.box.height));
    products.set(node.y, (products.get(node.y) ?? true) && node.op === "mul");
  }
  const old = [...heights.keys()].sort((a, b) => a - b);
  const now = [0];
  const gaps = common().gaps;
  for (let k = 1; k < old.length; k += 1) {
    const [above, below] = [old[k - 1], old[k]];
    const gap = products.get(above) && products.get(below) ? gaps.product : gaps.row;
    now.push(now[k - 1] + (heightOf(above) + heightOf(below)) / 2 + gap);
  }
  const place = new Map(old.map((y, k) => [y, now[k]]));
  for (const node of nodes) node.y = place.get(node.y) ?? NaN;
  return (y) => {
    const k = old.findIndex((row) => row >= y);
    if (k < 0) return now[now.length - 1] + (y - old[old.length - 1]);
    if (k === 0) return y - old[0];
    return now[k - 1] + ((now[k] - now[k - 1]) * (y - old[k - 1])) / (old[k] - old[k - 1]);
  };
}

/**
 * Stretch or shrink of the time axis so that the tightest neighbours have room.
 * @param {Placed[]} nodes
 */
function columnFactor(nodes) {
  /** @type {Map<number, Placed[]>} */
  const rows = new Map();
  for (const node of nodes) {
    const row = rows.get(node.y);
    if (row) row.push(node);
    else rows.set(node.y, [node]);
  }
  const gap = common().gaps.column;
  let factor = 0;
  for (const row of rows.values()) {
    row.sort((a, b) => a.x - b.x);
    for (let k = 1; k < row.length; k += 1) {
      const needed = (row[k].box.width + row[k - 1].box.width) / 2 + gap;
      factor = Math.max(factor, needed / (row[k].x - row[k - 1].x));
    }
  }
  return factor ? Math.max(common().shrink, factor) : 1;
}

/**
 * Each beside where it is used, and none below the rest of the picture while there is room above.
 * @param {Placed[]} nodes
 * @param {(y: number) => number} lift
 * @param {number} edge
 * @param {{top: number, bottom: number}} picture
 * @param {boolean} low
 */
function stackParameters(nodes, lift, edge, picture, low) {
  const gaps = common().gaps;
  const stacked = [...nodes].sort((a, b) => a.y - b.y);
  const widest = Math.max(0, ...stacked.map((node) => node.box.width));
  const needed = stacked.reduce((sum, node) => sum + node.box.height + gaps.parameter, 0);
  if (low && needed > picture.bottom - picture.top) {
    for (const k of [0, 1]) {
      const column = stacked.filter((_, i) => i % 2 === k);
      const right = edge - k * (widest + gaps.column);
      stackParameters(column, lift, right, picture, false);
    }
    return;
  }
  let free = -Infinity;
  for (const node of stacked) {
    const { height } = node.box;
    node.x = edge - gaps.parameters - widest / 2;
    node.y = Math.max(lift(node.y), free + height / 2);
    free = node.y + height / 2 + gaps.parameter;
  }
  if (needed > picture.bottom - picture.top) return;
  let room = picture.bottom;
  for (const node of stacked.reverse()) {
    const { height } = node.box;
    node.y = Math.min(node.y, room - height / 2);
    room = node.y - height / 2 - gaps.parameter;
  }
}
