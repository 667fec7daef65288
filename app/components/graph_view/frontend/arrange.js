/**
 * Fit the layout to the boxes as they are drawn here.
 *
 * Python gives rows, columns and their order; how large a box is depends on how its numbers are
 * written. Rows are set as close as their tallest boxes allow, time steps as close as the widest
 * neighbours of a row allow, and the shared parameters in a column of their own on the left.
 */

/** @import { NodeData } from "./data.d.ts" */

/**
 * @typedef {Pick<NodeData, "kind"|"quantity"|"parameter"|"index"|"op"|"x"|"y"> & {t: number,
 *   box: {width: number, height: number}}} Placed a node, and how large its box is
 */

const ROW_GAP = 17;
const PRODUCT_GAP = 9; // between rows of products, which all add up to what stands above them
const COLUMN_GAP = 20;
const PARAMETER_GAP = 12;
const PARAMETER_DISTANCE = 46;
const BESIDE_X = 100;
const LEAST_SHRINK = 0.4;
const MOST_STRETCH = 4;

/**
 * @param {Placed[]} nodes changed in place, once
 * @param {object} room
 * @param {boolean} [room.low]     parameters that are higher than the rest stand in two columns
 * @param {number} [room.beside]   how far apart Python sets the numbers of a step and row
 */
export function arrange(nodes, { low = false, beside: apart = Infinity } = {}) {
  const shared = nodes.filter((node) => node.kind === "parameter");
  const timed = nodes.filter((node) => node.kind !== "parameter");
  if (!timed.length) return;
  joinRows(timed, apart);
  setLossOverLastStep(timed);
  const beside = readOnce(timed);
  const lift = spreadRows(timed);
  const factor = columnFactor(timed.filter((node) => !beside.includes(node)));
  for (const node of timed) node.x *= factor;
  setBeside(timed, beside);
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

// What stands side by side on the screen, to save height: the two products of a step, and what is
// read from a logit. A place is the column beside the middle of the step; null keeps the old one.
/** @type {Record<string, ?number>[]} */
const JOINED = [
  { W_xh: null, W_hh: null },
  { p: -1, l: 0, y: 1 },
];

/**
 * Set the rows together that fit beside each other.
 * @param {Placed[]} nodes
 * @param {number} apart
 */
function joinRows(nodes, apart) {
  if (nodes.some((node) => node.index)) {
    joinReadout(nodes, apart);
    return;
  }
  const middle = middles(nodes.filter((node) => node.quantity === "h"));
  for (const places of JOINED) {
    const members = nodes.filter((node) => stem(node) in places);
    const y = Math.max(...members.map((node) => node.y));
    for (const node of members) {
      const place = places[stem(node)];
      if (place !== null) node.x = middle(node.t) + place * BESIDE_X;
      node.y = y;
    }
  }
}

/** Where the middle of a step is, by the nodes that stand there. @param {Placed[]} nodes */
function middles(nodes) {
  const found = new Map(nodes.map((node) => [node.t, node.x]));
  /** @param {number} t */
  return (t) => found.get(t) ?? NaN;
}

/**
 * Of several steps read out the last: there the forward pass ends and the first look goes.
 * @param {Placed[]} nodes
 */
function setLossOverLastStep(nodes) {
  const loss = nodes.find((node) => node.quantity === "L");
  const terms = nodes.filter((node) => stem(node) === "l");
  if (!loss || !terms.length) return;
  const last = terms.filter((node) => node.t === terms[terms.length - 1].t);
  loss.x = last.reduce((total, node) => total + node.x, 0) / last.length;
}

/**
 * Vectors that are read out once: target and prediction stand to the left of the losses, where there
 * is room, so that they take no width; the target above, whose edge then crosses none.
 * @param {Placed[]} nodes
 * @returns {Placed[]} those two
 */
function readOnce(nodes) {
  const loss = nodes.find((node) => node.quantity === "L");
  const beside = nodes.filter(({ quantity }) => quantity === "p" || quantity === "y");
  const isOnce = nodes.filter(({ quantity }) => quantity === "a").length === 1;
  if (!loss || !isOnce || beside.length !== 2 || nodes.some((node) => node.index)) return [];
  for (const node of beside) if (node.quantity === "y") node.y = loss.y;
  return beside;
}

/** @param {Placed[]} nodes @param {Placed[]} beside */
function setBeside(nodes, beside) {
  for (const node of beside) {
    const other = nodes.find(({ quantity }) => quantity === (node.quantity === "y" ? "L" : "l"));
    if (!other) continue;
    node.x = other.x - (node.box.width + other.box.width) / 2 - COLUMN_GAP;
  }
}

/**
 * Scalars: what is read from a single logit stands beside its loss, if there is room.
 * @param {Placed[]} nodes
 * @param {number} beside
 */
function joinReadout(nodes, beside) {
  const logits = nodes.filter((node) => stem(node) === "a");
  const steps = new Set(logits.map((node) => node.t));
  const apart = logits.length > 1 ? logits[1].x - logits[0].x : Infinity;
  if (steps.size < logits.length || apart < 3 * beside) return;
  const middle = middles(logits);
  const members = nodes.filter((node) => stem(node) in JOINED[1]);
  const y = Math.max(...members.map((node) => node.y));
  for (const node of members) {
    node.x = middle(node.t) + (JOINED[1][stem(node)] ?? 0) * beside;
    node.y = y;
  }
}

/** What a node is in its step. @param {Placed} node */
const stem = (node) => node.parameter ?? node.quantity ?? "";

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
  for (let k = 1; k < old.length; k += 1) {
    const [above, below] = [old[k - 1], old[k]];
    const gap = products.get(above) && products.get(below) ? PRODUCT_GAP : ROW_GAP;
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
  for (const node of nodes) rows.set(node.y, [...(rows.get(node.y) ?? []), node].slice(-400));
  let factor = 0;
  for (const row of rows.values()) {
    row.sort((a, b) => a.x - b.x);
    for (let k = 1; k < row.length; k += 1) {
      const apart = row[k].x - row[k - 1].x;
      const needed = (row[k].box.width + row[k - 1].box.width) / 2 + COLUMN_GAP;
      if (apart > 0) factor = Math.max(factor, needed / apart);
    }
  }
  return factor ? Math.min(MOST_STRETCH, Math.max(LEAST_SHRINK, factor)) : 1;
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
  const stacked = [...nodes].sort((a, b) => a.y - b.y);
  const widest = Math.max(0, ...stacked.map((node) => node.box.width));
  const needed = stacked.reduce((sum, node) => sum + node.box.height + PARAMETER_GAP, 0);
  if (low && needed > picture.bottom - picture.top) {
    for (const k of [0, 1]) {
      const column = stacked.filter((_, i) => i % 2 === k);
      const right = edge - k * (widest + COLUMN_GAP);
      stackParameters(column, lift, right, picture, false);
    }
    return;
  }
  let free = -Infinity;
  for (const node of stacked) {
    const { height } = node.box;
    node.x = edge - PARAMETER_DISTANCE - widest / 2;
    node.y = Math.max(lift(node.y), free + height / 2);
    free = node.y + height / 2 + PARAMETER_GAP;
  }
  if (needed > picture.bottom - picture.top) return;
  let room = picture.bottom;
  for (const node of stacked.reverse()) {
    const { height } = node.box;
    node.y = Math.min(node.y, room - height / 2);
    room = node.y - height / 2 - PARAMETER_GAP;
  }
}
