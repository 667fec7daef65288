/** One of the two graphs on its canvas: a node is there once it has been made. */

import { Canvas } from "../../graph_view/frontend/canvas.js";
import { lineOf } from "../../graph_view/frontend/lines.js";
import { boundsOf } from "../../graph_view/frontend/sight.js";
import { el, setText, themeOf } from "../../shared/frontend/dom.js";
import { boxOf, drawNode } from "./draw.js";

/** @import { Style } from "../../graph_view/frontend/lines.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Look } from "./draw.js" */

/**
 * @typedef {import("./data.d.ts").NodeData} NodeData
 * @typedef {Omit<NodeData, "value"|"grad"> & {value: number[], grad: ?number[], round: boolean,
 *   dashed: boolean}} Node with its numbers as numbers, and how its border is
 * @typedef {{title: string, nodes: Node[], edges: [from: string, to: string][]}} PaneState
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
export const NO_PANE = { title: "", nodes: [], edges: [] };

export class Pane {
  /**
   * @param {number} index 0 or 1
   * @param {HTMLElement} stage in the page, since vis measures what it draws on
   * @param {Hooks} hooks
   */
  constructor(index, stage, hooks) {
    this.index = index;
    this.hooks = hooks;
    this.data = NO_PANE;
    /** @type {Map<string, Node>} */
    this.byId = new Map();
    /** @type {Edge[]} */
    this.edgeList = [];
    /** @type {Set<string>} the nodes on the canvas */
    this.placed = new Set();
    this.mono = "monospace";
    /** @type {?string} */
    this.pointed = null;
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
    /** @type {Canvas<Edge>} */
    this.canvas = new Canvas(place, {
      onSelect: (id) => this.hooks.onSelect(this.index, this.byId.has(id ?? "") ? id : null),
      onLooked: () => {},
      onCamera: (camera) => this.hooks.onCamera(this.index, camera),
      onResize: () => this.hooks.onResize(),
      edgeLooks: { rest: (edge) => this.hooks.edgeLook(this.index, edge), active: () => null },
    });
    place.addEventListener("pointermove", (event) => this.point(event));
    place.addEventListener("pointerleave", () => this.point(null));
  }

  /**
   * Tell when the pointer comes upon another node, or upon none.
   * @param {?PointerEvent} event
   */
  point(event) {
    const id = event && this.canvas.at({ x: event.offsetX, y: event.offsetY }).node;
    if (id === this.pointed) return;
    this.pointed = id;
    this.canvas.container.style.cursor = id === null ? "" : "pointer";
    this.hooks.onHover(this.index, id);
  }

  /** @param {PaneState} data */
  show(data) {
    this.data = data;
    this.byId = new Map(data.nodes.map((node) => [node.id, node]));
    this.title.textContent = data.title;
    this.mono = themeOf(this.element).mono;
    this.edgeList = data.edges.flatMap(([from, to], k) => {
      const [start, end] = [this.byId.get(from), this.byId.get(to)];
      return start && end ? [{ id: `${k}:${from}>${to}`, from: start, to: end }] : [];
    });
    this.canvas.clear();
    this.placed = new Set();
    this.pointed = null;
  }

  /**
   * Put what has been made up to a position on the canvas, and only that.
   * @param {number} position
   */
  place(position) {
    const there = this.data.nodes.filter((node) => node.born <= position);
    const ids = new Set(there.map((node) => node.id));
    if (ids.size !== this.placed.size) {
      const lines = this.edgeList
        .filter(({ from, to }) => ids.has(from.id) && ids.has(to.id))
        .map((edge) => lineOf(edge, edge.from, this.placeOf(edge.to)));
      this.canvas.place(
        there.map((node) => ({
          id: node.id,
          ...this.placeOf(node),
          draw: (context, x, y) =>
            drawNode(context, node, x, y, this.hooks.lookOf(this.index, node)),
        })),
        lines,
      );
    }
    const total = this.data.nodes.length;
    const word = total === 1 ? "node" : "nodes";
    this.count.textContent =
      ids.size === total ? `${total} ${word}` : `${ids.size} of ${total} ${word}`;
    this.empty.hidden = ids.size > 0;
    this.placed = ids;
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
    const names = nodes.map((node) => (node.name ? `${node.name} of ${node.symbol}` : node.symbol));
    setText(this.named, names.join(", "));
  }

  /** The box of a node, by its middle. @param {Node} node */
  placeOf(node) {
    const { width, height } = boxOf(node, this.mono);
    return { x: node.x, y: node.y, width, height };
  }

  redraw() {
    this.canvas.refresh();
  }

  bounds() {
    const boxes = this.data.nodes.map((node) => this.placeOf(node));
    return boxes.length ? boundsOf(boxes) : null;
  }

  destroy() {
    this.canvas.destroy();
  }
}
