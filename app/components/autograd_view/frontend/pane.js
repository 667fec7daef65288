/** One of the two graphs on its canvas: a node is there once it has been made. */

import { Picture } from "../../graph_view/frontend/picture.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";

/** @import { Box } from "../../graph_view/frontend/boxes.js" */
/** @import { Point, Style } from "../../graph_view/frontend/lines.js" */
/** @import { Look } from "../../graph_view/frontend/shapes.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */

/**
 * @typedef {import("./data.d.ts").NodeData} NodeData
 * @typedef {Omit<NodeData, "value"|"grad"> & {value: number[], grad: ?number[], op: ?string,
 *   box: Box}} Node with its numbers as numbers, and how large its box is
 * @typedef {{title: string, nodes: Node[], edges: [from: string, to: string][],
 *   places: Map<string, Point>}} PaneState with the middles of the boxes
 * @typedef {{id: string, from: Node, to: Node}} Edge
 *
 * @typedef {object} Hooks
 * @property {(pane: number, id: ?string) => void} onSelect   null for none
 * @property {(pane: number, id: ?string) => void} onHover
 * @property {(pane: number, camera: Camera) => void} onCamera the user has moved it
 * @property {() => void} onResize
 * @property {(pane: number, node: Node) => Look} lookOf
 * @property {(pane: number, edge: Edge) => Style} edgeLook
 */

/** Until the first data arrive. @type {PaneState} */
export const NO_PANE = { title: "", nodes: [], edges: [], places: new Map() };

export class Pane {
  /**
   * @param {number} index 0 or 1
   * @param {HTMLElement} stage in the page, since vis measures what it draws on
   * @param {Hooks} hooks
   */
  constructor(index, stage, hooks) {
    this.index = index;
    this.data = NO_PANE;
    /** @type {Map<string, Node>} */
    this.byId = new Map();
    /** @type {Edge[]} */
    this.edgeList = [];
    this.title = el("h3", { class: "ur-autograd-title" });
    this.named = el("span", { class: "ur-autograd-named" });
    this.count = el("span", { class: "ur-autograd-count" });
    this.empty = el("p", { class: "ur-autograd-empty" }, "no nodes");
    const place = el("div", { class: "ur-autograd-canvas", "aria-hidden": "true" });
    this.element = el(
      "section",
      { class: "ur-autograd-pane" },
      el("div", { class: "ur-autograd-head" }, this.title, this.named, this.count),
      el("div", { class: "ur-autograd-stage" }, place, this.empty),
    );
    stage.append(this.element);
    /** @type {Picture<Node, Edge>} */
    this.picture = new Picture(place, {
      onSelect: (id) => hooks.onSelect(index, this.byId.has(id ?? "") ? id : null),
      onPoint: (node) => hooks.onHover(index, node?.id ?? null),
      onLooked: () => {},
      onCamera: (camera) => hooks.onCamera(index, camera),
      onResize: () => hooks.onResize(),
      lookOf: (node) => hooks.lookOf(index, node),
      edgeLooks: { rest: (edge) => hooks.edgeLook(index, edge), active: () => null },
    });
  }

  get canvas() {
    return this.picture.canvas;
  }

  /** How many nodes are on the canvas. */
  get placed() {
    return this.picture.nodes.size;
  }

  /** @param {PaneState} data */
  show(data) {
    this.data = data;
    this.byId = new Map(data.nodes.map((node) => [node.id, node]));
    this.title.textContent = data.title;
    this.edgeList = data.edges.flatMap(([from, to], k) => {
      const [start, end] = [this.byId.get(from), this.byId.get(to)];
      return start && end ? [{ id: `${k}:${from}>${to}`, from: start, to: end }] : [];
    });
    this.picture.clear();
  }

  /**
   * Put what has been made up to a position on the canvas, and only that.
   * @param {number} position
   */
  place(position) {
    const there = this.data.nodes.filter((node) => node.born <= position);
    if (there.length !== this.placed) {
      this.picture.place(there, this.edgeList, (node) => this.placeOf(node));
    }
    const total = this.data.nodes.length;
    const word = total === 1 ? "node" : "nodes";
    const count = there.length === total ? `${total}` : `${there.length} of ${total}`;
    setText(this.count, `${count} ${word}`);
    this.empty.hidden = there.length > 0;
  }

  /** Those that are in this graph. @param {Iterable<string>} ids */
  nodesOf(ids) {
    return [...ids].flatMap((id) => this.byId.get(id) ?? []);
  }

  /**
   * Name the nodes that are framed, above the canvas.
   * @param {Node[]} nodes
   */
  call(nodes) {
    setText(this.named, nodes.map(calledOf).join(", "));
  }

  /** The box of a node, by its middle. @param {Node} node */
  placeOf({ id, box }) {
    const { x, y } = this.data.places.get(id) ?? { x: NaN, y: NaN };
    return { x, y, width: box.width, height: box.height };
  }

  redraw() {
    this.picture.refresh();
  }

  /**
   * The boxes of its nodes.
   * @param {boolean} [ofSteps] without parameters
   */
  boxes(ofSteps = false) {
    const nodes = this.data.nodes.filter(({ shared }) => !(ofSteps && shared));
    return nodes.map((node) => this.placeOf(node));
  }

  destroy() {
    this.picture.destroy();
  }
}

/** How a node is called in a text. @param {Node} node */
export function calledOf({ name, symbol }) {
  const written = writtenText(symbol);
  return name ? `${name} of ${written}` : written;
}
