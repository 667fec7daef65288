/**
 * What the numbers of a graph do not change: its nodes and edges, with adjacency, sizes and places.
 *
 * The topology is text that changes only with the shapes, so what is made of it is kept.
 *
 * @typedef {object} GraphNode
 * @property {number} i       place in computation order
 * @property {string} id
 * @property {string} kind
 * @property {?string} quantity what it holds, null of a term in a line
 * @property {?number} unit    of a scalar, from 1
 * @property {?string} parameter that it is, or is a product of
 * @property {?[string, number, number?]} reads what such a product multiplies
 * @property {?string} variable of the cell's program
 * @property {?string} line    of the cell
 * @property {?number} layer
 * @property {number} t       time step, 0 for none
 * @property {string} title   in words, where the cell says more than the kind
 * @property {string} symbol  plain text
 * @property {string} latex
 * @property {?string} op     null for a leaf
 * @property {?number[]} index unit indices at the scalar level
 * @property {number[]} shape [] scalar, [n] vector, [r, c] matrix
 * @property {number} x
 * @property {number} y
 * @property {?string} at_step   rolled level: its symbol at a step ⟦t⟧
 * @property {number} times   rolled level: how many steps its numbers are for, one after the other
 * @property {number} at      where its numbers start in `value` and `grad`
 * @property {number} size
 * @property {boolean} tall   its box has room for value and gradient
 * @property {boolean} turned  a matrix that is shown as its transpose
 * @property {Box} box        how large that is
 * @property {Edge[]} in      by slot
 * @property {(Edge|number)[]} operands  what it is computed from, numbers of the cell among them
 * @property {Edge[]} out
 * @property {Edge[]} back    those of `out` that a gradient comes back through
 *
 * @typedef {object} Edge
 * @property {string} id
 * @property {GraphNode} from
 * @property {GraphNode} to
 * @property {number[]} places among the operands of the sink
 * @property {number} at      where its local derivative starts in `local`
 * @property {number} size    0: the rule of the operation gives it
 *
 * @typedef {object} Room what boxes have room for, where not all nodes have numbers to show
 * @property {string} name  no two of them have the same
 * @property {(node: Pick<GraphNode, "kind"|"quantity"|"parameter"|"t"|"op">) => 0|1|2} of  how many
 *   times a node's numbers stand in its box
 * @property {(node: Pick<GraphNode, "kind"|"quantity"|"parameter"|"t">) => boolean} begins  whether
 *   it is the first that is asked for
 *
 * @typedef {Omit<Shape, "nodes"|"edges"|"quantities"> & {nodes: GraphNode[], edges: Edge[],
 *   byId: Map<?string, GraphNode>, edgeById: Map<?string, Edge>, loss: ?GraphNode,
 *   known: Required<Known>, stride: number}} Structure
 */

import { hasRows, notationName } from "../../shared/frontend/notation/notation.js";
import { arrange, setApart } from "./arrange.js";
import { boxOf } from "./boxes.js";
import { shapeOf } from "./topology.js";

/** @import { Box } from "./boxes.js" */
/** @import { Known } from "../../shared/frontend/named.js" */
/** @import { Shape } from "./topology.js" */

const MOST_STRUCTURES = 8;
/** @type {Map<string, Structure>} */
const structures = new Map();

/**
 * @param {string} text
 * @param {boolean} tall whether the boxes have room for value and gradient
 * @param {?Room} room
 */
export function structureOf(text, tall, room) {
  const key = `${notationName()} ${tall} ${room?.name} ${text}`;
  const known = structures.get(key);
  if (known) return known;
  const { quantities, ...raw } = shapeOf(text);
  let at = 0;
  const nodes = raw.nodes.map((node, i) => {
    const size = node.shape.reduce((product, length) => product * length, 1);
    const { latex, shape } = node;
    const turned = shape.length === 2 && hasRows();
    const times = room ? room.of({ ...node, t: node.t ?? 0 }) : tall && showsBoth(node) ? 2 : 1;
    const boxed = { latex, shape, tall: times === 2, bare: times === 0, turned };
    /** @type {GraphNode} */
    const full = {
      ...node,
      tall: boxed.tall,
      turned,
      box: boxOf(boxed),
      i,
      t: node.t ?? 0,
      size,
      at,
      in: [],
      operands: [],
      out: [],
      back: [],
    };
    at += size * Math.max(1, node.times);
    return full;
  });
  at = 0;
  const edges = raw.edges.map(([from, to, places, size]) => {
    /** @type {Edge} */
    const edge = {
      id: `${nodes[from].id}→${nodes[to].id}#${places[0]}`,
      from: nodes[from],
      to: nodes[to],
      places,
      size,
      at,
    };
    at += size;
    nodes[from].out.push(edge);
    nodes[to].in.push(edge);
    return edge;
  });
  for (const node of nodes) {
    node.in.sort((a, b) => a.places[0] - b.places[0]);
    node.operands = operandsIn(node.in, raw.nodes[node.i].numbers);
    for (const edge of node.in) edge.places = placesOf(edge, node.operands);
    node.back = node.out.filter(({ to }) => to.out.length > 0 || isLoss(to));
  }
  if (raw.level === "rolled") setApart(nodes);
  else arrange(nodes, { low: room !== null, aside: raw.aside });
  /** @type {Structure} */
  const result = {
    ...raw,
    nodes,
    edges,
    byId: new Map(nodes.map((node) => [node.id, node])),
    edgeById: new Map(edges.map((edge) => [edge.id, edge])),
    loss: nodes.find(isLoss) ?? null,
    known: { parameters: parametersOf(nodes), quantities },
    stride: strideOf(nodes),
  };
  if (structures.size > MOST_STRUCTURES) structures.clear();
  structures.set(key, result);
  return result;
}

const WITH_ONE = new Set(["x", "y", "p"]);

/**
 * Whether a node has a value and a gradient to show on the way back: not what is given, nor the
 * prediction, through which nothing flows, nor what stands for other steps.
 * @param {Pick<GraphNode, "kind"|"quantity">} node
 */
const showsBoth = ({ kind, quantity }) => kind !== "rest" && !WITH_ONE.has(quantity ?? "");

/** The loss over all that is read out. @param {GraphNode} node */
export const isLoss = (node) => node.quantity === "L";

/** The names of the parameters. @param {GraphNode[]} nodes */
function parametersOf(nodes) {
  const parameters = nodes.filter(({ kind }) => kind === "parameter");
  return new Set(parameters.map(({ parameter }) => parameter ?? ""));
}

/**
 * What a node is computed from, in the order of its operation's operands.
 * @param {Edge[]} edges by slot, which counts nodes alone
 * @param {?[place: number, value: number][]} numbers of the cell
 */
function operandsIn(edges, numbers) {
  /** @type {(Edge|number)[]} */
  const operands = [];
  for (const edge of edges) for (const slot of edge.places) operands[slot] = edge;
  for (const [place, value] of numbers ?? []) operands.splice(place, 0, value);
  return operands;
}

/** @param {Edge} edge @param {(Edge|number)[]} operands */
const placesOf = (edge, operands) =>
  operands.flatMap((operand, place) => (operand === edge ? [place] : []));

/**
 * Distance between the same node of one step and the next.
 * @param {GraphNode[]} nodes
 */
function strideOf(nodes) {
  const states = nodes.filter((node) => node.quantity === "h" && (node.unit ?? 1) === 1);
  if (states.length < 2) return 0;
  const [first, last] = [states[0], states[states.length - 1]];
  return (last.x - first.x) / (last.t - first.t);
}
