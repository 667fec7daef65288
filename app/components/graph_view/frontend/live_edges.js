/** Where a node stands in a run in the browser, and the derivatives on edges of a scalar graph. */

import { EXACT } from "./expression.js";

/** @import { Network } from "../../shared/frontend/interpreter/network.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */

/**
 * A run of the program, and which sequence of the batch is looked at.
 * @typedef {{network: Network, sample: number}} Run
 */

/** The row of the run that a step is. @param {Run} run @param {number} step */
export const rowOf = ({ network, sample }, step) => (step - 1) * network.batch + sample;

/**
 * Where in a row of its array the number of a scalar graph stands; an array begins at its first.
 * @param {Run} run
 * @param {GraphNode} node
 */
export function placeIn({ network }, { index, variable }) {
  if (!index) return 0;
  const [row, column = 1] = index;
  const shape = network.program.parameters[variable ?? ""];
  return shape ? (row - 1) * (shape[1] ?? 1) + column - 1 : row - 1;
}

/** A product W[i,j] · v[j] of a scalar graph. @param {GraphNode} node */
export const isTerm = (node) => node.index?.length === 2 && node.kind !== "parameter";

/**
 * @param {Model} model with the values of the run
 * @param {Run} run
 * @param {Edge} edge
 */
export function derivative(model, run, edge) {
  const { from, to } = edge;
  if (isTerm(to)) {
    const other = to.in[edge === to.in[0] ? 1 : 0];
    return model.value[other.from.at];
  }
  if (from.variable === to.variable) return 1; // a product of the row that it is a term of
  const instruction = run.network.instructions.get(to.variable ?? "");
  if (!instruction?.work.local) return byRule(model, edge);
  // The operand may be read more than once, and numbers of the line are operands, too.
  const { operands, work } = instruction;
  const [row, unit] = [rowOf(run, to.t), placeIn(run, to)];
  const source = run.network.of(from.variable ?? "");
  const at = source.at(rowOf(run, from.t)) + placeIn(run, from);
  let found = 0;
  operands.forEach((operand, slot) => {
    const isRead = operand.value === source.value && operand.at(row) + unit === at;
    if (isRead) found += work.local?.(row, slot)(unit) ?? 0;
  });
  return found;
}

/** Of a softmax and a loss, which mix all outputs. @param {Model} model @param {Edge} edge */
function byRule(model, { places, to }) {
  const operands = to.in.map((each) => model.valueOf(each.from));
  const tree = model.ruleOf(to.op)?.back(places[0], 0, operands, model.valueOf(to), [1]);
  return tree ? tree.run(EXACT) : NaN;
}
