/** The shape of a level as Python sends it, `topology.py`, taken apart: nodes and edges. */

/** @import { Column, NodeData, Topology } from "./data.d.ts" */

/**
 * @typedef {Pick<Topology, "key"|"level"|"first"|"last"|"T"|"aside"|"wholes"> & {
 *   states: ReadonlySet<string>, recurrent: ReadonlySet<string>, quantities: ReadonlySet<string>,
 *   nodes: NodeData[],
 *   edges: [from: number, to: number, slots: number[], size: number][]}} Shape
 */

/** Until the first data arrive. @returns {Shape} */
const nothing = () => ({
  key: "",
  level: "operation",
  first: 1,
  last: 0,
  T: 0,
  aside: [],
  wholes: {},
  states: new Set(),
  recurrent: new Set(),
  quantities: new Set(),
  nodes: [],
  edges: [],
});

/** @param {string} text empty for no graph @returns {Shape} */
export function shapeOf(text) {
  if (!text) return nothing();
  /** @type {Topology} */
  const { names, fields, edges, states, recurrent, quantities, ...about } = JSON.parse(text);
  /**
   * @template Value
   * @param {Column<Value>} column
   * @param {number} i
   */
  const of = ([values, at], i) => values[at[i]];
  return {
    ...about,
    states: new Set(states),
    recurrent: new Set(recurrent),
    quantities: new Set(quantities),
    nodes: names.id.map((id, i) => ({
      id,
      symbol: names.symbol[i],
      latex: names.latex[i],
      kind: of(fields.kind, i),
      title: of(fields.title, i),
      op: of(fields.op, i),
      quantity: of(fields.quantity, i),
      t: of(fields.t, i),
      unit: of(fields.unit, i),
      index: of(fields.index, i),
      parameter: of(fields.parameter, i),
      reads: of(fields.reads, i),
      line: of(fields.line, i),
      layer: of(fields.layer, i),
      shape: of(fields.shape, i),
      times: of(fields.times, i),
      at_step: of(fields.at_step, i),
      variable: of(fields.variable, i),
      numbers: of(fields.numbers, i),
      x: of(fields.x, i),
      y: of(fields.y, i),
    })),
    edges: edges.from.map((from, i) => {
      return [from, edges.to[i], of(edges.slots, i), of(edges.size, i)];
    }),
  };
}
