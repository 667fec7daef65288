/** Gradients as sums over paths, as `rnn_core.paths` finds them: those of largest |product| first. */

/** @import { Paths } from "../../graph_view/frontend/data.d.ts" */
/** @import { Model } from "../../graph_view/frontend/model.js" */
/** @import { Edge, GraphNode } from "../../graph_view/frontend/structure.js" */

const MOST = 200;

/**
 * @typedef {{node: GraphNode, before: ?Steps}} Steps the last node, and what came before it
 * @typedef {{bound: number, depth: number, tie: number, product: number, steps: Steps}} Beginning
 */

/**
 * The paths from a number to the loss; null where there is none to look at.
 * @param {Model} model of single numbers
 * @param {string} selected
 * @returns {?Paths}
 */
export function pathsOf(model, selected) {
  const [source, sink] = [model.byId.get(selected), model.loss];
  if (!source || !sink || source === sink) return null;
  const { largest, counts } = toTheLoss(model, source, sink);
  const found = bestFirst(model, source, sink, largest);
  found.sort((a, b) => sizeOf(b.product) - sizeOf(a.product)); // bounds and products differ in rounding
  return {
    list: found.map(({ steps, product }) => ({ symbols: symbolsOf(steps), product })),
    total: String(counts.get(source) ?? 0n),
    sum: found.reduce((sum, { product }) => sum + product, 0),
    gradient: model.gradOf(source)[0],
  };
}

/**
 * The largest |product| and the number of paths from each node to the loss.
 * @param {Model} model
 * @param {GraphNode} source
 * @param {GraphNode} sink
 */
function toTheLoss(model, source, sink) {
  const largest = new Map([[sink, 1]]);
  const counts = new Map([[sink, 1n]]);
  for (let i = sink.i - 1; i >= source.i; i -= 1) {
    const node = model.nodes[i];
    const ways = node.out.filter(({ to }) => counts.has(to));
    if (!ways.length) continue;
    const sizes = ways.map((edge) =>
      sizeOf(times(derivative(model, edge), largest.get(edge.to) ?? 0)),
    );
    largest.set(node, Math.max(...sizes));
    counts.set(
      node,
      ways.reduce((count, { to }) => count + (counts.get(to) ?? 0n), 0n),
    );
  }
  return { largest, counts };
}

/**
 * @param {Model} model
 * @param {GraphNode} source
 * @param {GraphNode} sink
 * @param {Map<GraphNode, number>} largest
 */
function bestFirst(model, source, sink, largest) {
  /** @type {Beginning[]} */
  const found = [];
  if (!largest.has(source)) return found;
  let ties = 0; // of equal bounds the longest beginning, then the first edge
  const waiting = new Heap();
  const first = { node: source, before: null };
  waiting.push({ bound: 0, depth: 0, tie: ties, product: 1, steps: first });
  for (let next = waiting.pop(); next && found.length < MOST; next = waiting.pop()) {
    const { depth, product, steps } = next;
    if (steps.node === sink) {
      found.push(next);
      continue;
    }
    for (const edge of steps.node.out) {
      const rest = largest.get(edge.to);
      if (rest === undefined) continue;
      const longer = times(product, derivative(model, edge));
      ties += 1;
      waiting.push({
        bound: sizeOf(times(longer, rest)),
        depth: depth + 1,
        tie: ties,
        product: longer,
        steps: { node: edge.to, before: steps },
      });
    }
  }
  return found;
}

/** @param {Model} model @param {Edge} edge */
const derivative = (model, edge) => model.localOf(edge)?.[0] ?? NaN;

/** 0 where a factor is: nothing goes on from there, also to infinity. @param {number} a @param {number} b */
const times = (a, b) => (a && b ? a * b : a === 0 || b === 0 ? 0 : NaN);

/** What is not a number counts as the largest. @param {number} product */
const sizeOf = (product) => (Number.isNaN(product) ? Infinity : Math.abs(product));

/** @param {Steps} steps */
function symbolsOf(steps) {
  const symbols = [];
  for (let at = /** @type {?Steps} */ (steps); at; at = at.before) symbols.push(at.node.symbol);
  return symbols.reverse();
}

/** @param {Beginning} a @param {Beginning} b */
const comesBefore = (a, b) =>
  a.bound !== b.bound ? a.bound > b.bound : a.depth !== b.depth ? a.depth > b.depth : a.tie < b.tie;

class Heap {
  /** @type {Beginning[]} */
  #list = [];

  /** @param {Beginning} item */
  push(item) {
    const list = this.#list;
    let at = list.length;
    list.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!comesBefore(item, list[above])) break;
      list[at] = list[above];
      at = above;
    }
    list[at] = item;
  }

  /** @returns {Beginning|undefined} */
  pop() {
    const list = this.#list;
    const [first] = list;
    const last = list.pop();
    if (!last || !list.length) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= list.length) break;
      if (below + 1 < list.length && comesBefore(list[below + 1], list[below])) below += 1;
      if (!comesBefore(list[below], last)) break;
      list[at] = list[below];
      at = below;
    }
    list[at] = last;
    return first;
  }
}
