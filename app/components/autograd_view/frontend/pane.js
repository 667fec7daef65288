/** One graph on a canvas: vis-network with fixed places; a node is there once it has been made. */

import { DataSet, Network } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js";
import { el, setText, themeOf } from "../../shared/frontend/dom.js";
import { gestures } from "../../shared/frontend/gestures.js";
import { boxOf, drawNode } from "./draw.js";

/** @import { CustomNode, DrawnEdge } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Look } from "./draw.js" */

const OPTIONS = {
  physics: false,
  layout: { improvedLayout: false },
  interaction: {
    dragNodes: false,
    zoomView: false, // the wheel belongs to the page: see gestures.js
    dragView: false,
    selectConnectedEdges: false,
    selectable: true,
    hover: false, // asked for below: vis forgets to tell when the pointer leaves the canvas
    keyboard: false,
    multiselect: false,
  },
  edges: {
    smooth: false,
    arrows: { to: { enabled: true, scaleFactor: 0.45 } },
    color: { inherit: false },
    selectionWidth: 0,
    hoverWidth: 0,
    chosen: false,
  },
  nodes: { chosen: false },
};
const MARGIN = 16;

/**
 * @typedef {import("./data.d.ts").NodeData} NodeData
 * @typedef {Omit<NodeData, "value"|"grad"> & {value: number[], grad: ?number[], round: boolean,
 *   dashed: boolean}} Node with its numbers as numbers, and how its border is
 * @typedef {{title: string, nodes: Node[], edges: [from: string, to: string][]}} PaneState
 * @typedef {{id: string, from: string, to: string}} Edge
 *
 * @typedef {object} Hooks
 * @property {(pane: number, id: ?string) => void} onSelect   null for none
 * @property {(pane: number, id: ?string) => void} onHover
 * @property {(pane: number, camera: Camera) => void} onCamera the user has moved it
 * @property {(pane: number, node: Node) => Look} lookOf
 * @property {(pane: number, edge: Edge) => {colour: string, width: number, opacity: number}} edgeLook
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
    /** @type {Map<string, string>} how each edge looks on the canvas */
    this.styles = new Map();
    /** @type {Set<string>} the nodes on the canvas */
    this.placed = new Set();
    this.mono = "monospace";
    /** @type {?string} */
    this.pointed = null;
    /** @type {DataSet<CustomNode>} */
    this.nodes = new DataSet();
    /** @type {DataSet<DrawnEdge>} */
    this.edges = new DataSet();
    this.title = el("h3", { class: "ur-autograd-title" });
    this.named = el("span", { class: "ur-autograd-named" });
    this.count = el("span", { class: "ur-autograd-count" });
    this.empty = el("p", { class: "ur-autograd-empty" }, "no nodes");
    this.canvas = el("div", { class: "ur-autograd-canvas", "aria-hidden": "true" });
    this.element = el(
      "section",
      { class: "ur-autograd-pane" },
      el("div", { class: "ur-autograd-head" }, this.title, this.named, this.count),
      el("div", { class: "ur-autograd-stage" }, this.canvas, this.empty),
    );
    stage.append(this.element);
    this.network = new Network(this.canvas, { nodes: this.nodes, edges: this.edges }, OPTIONS);
    this.canvas.querySelector(".vis-network")?.removeAttribute("tabindex");
    this.network.on("click", ({ nodes }) => this.hooks.onSelect(this.index, nodes[0] ?? null));
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.letGo = gestures(this.canvas, {
      camera: () => this.camera(),
      look: (camera) => {
        this.look(camera);
        this.hooks.onCamera(this.index, this.camera());
      },
      toGraph: (place) => this.network.DOMtoCanvas(place),
    });
  }

  /**
   * Tell when the pointer comes upon another node, or upon none.
   * @param {?PointerEvent} event
   */
  point(event) {
    const id = (event && this.network.getNodeAt({ x: event.offsetX, y: event.offsetY })) ?? null;
    if (id === this.pointed) return;
    this.pointed = id;
    this.canvas.style.cursor = id === null ? "" : "pointer";
    this.hooks.onHover(this.index, id);
  }

  /** @param {PaneState} data */
  show(data) {
    this.data = data;
    this.byId = new Map(data.nodes.map((node) => [node.id, node]));
    this.title.textContent = data.title;
    this.mono = themeOf(this.element).mono;
    this.edgeList = data.edges.map(([from, to], k) => ({
      id: `${k}:${from}>${to}`,
      from,
      to,
    }));
    this.quietly(() => {
      this.nodes.clear();
      this.edges.clear();
    });
    this.styles.clear();
    this.pointed = null;
  }

  /**
   * Put what has been made up to a position on the canvas, and only that.
   * @param {number} position
   */
  place(position) {
    const there = this.data.nodes.filter((node) => node.born <= position);
    const ids = new Set(there.map((node) => node.id));
    const edges = this.edgeList.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
    this.quietly(() => {
      const keep = new Set(edges.map((edge) => edge.id));
      this.edges.remove(this.edges.getIds().filter((id) => !keep.has(id)));
      this.nodes.remove(this.nodes.getIds().filter((id) => !ids.has(id)));
      this.nodes.add(
        there.filter((node) => !this.nodes.get(node.id)).map((node) => this.nodeData(node)),
      );
      /** @type {DrawnEdge[]} */
      const changed = [];
      for (const edge of edges) {
        const look = this.hooks.edgeLook(this.index, edge);
        const key = `${look.colour}|${look.width}|${look.opacity}`;
        if (this.edges.get(edge.id) && this.styles.get(edge.id) === key) continue;
        this.styles.set(edge.id, key);
        changed.push({
          ...edge,
          width: look.width,
          color: { color: look.colour, highlight: look.colour, opacity: look.opacity },
        });
      }
      this.edges.update(changed);
    });
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

  /** @param {Node} node @returns {CustomNode} */
  nodeData(node) {
    const { width, height } = boxOf(node, this.mono);
    return {
      id: node.id,
      x: node.x,
      y: node.y,
      fixed: true,
      shape: "custom",
      ctxRenderer: ({ ctx, x, y }) => ({
        drawNode: () => drawNode(ctx, node, x, y, this.hooks.lookOf(this.index, node)),
        nodeDimensions: { width, height },
      }),
    };
  }

  /**
   * vis redraws at once at each update of a DataSet: hold that back, and draw once, next frame.
   * @param {() => void} change
   */
  quietly(change) {
    const { emitter } = this.network.body;
    emitter.emit("_blockRedraw");
    change();
    emitter.emit("_allowRedraw");
    emitter.emit("_requestRedraw");
  }

  redraw() {
    this.network.body.emitter.emit("_requestRedraw");
  }

  /** @returns {Camera} */
  camera() {
    return { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  /** @param {Camera} camera */
  look(camera) {
    this.network.moveTo({ ...camera, animation: false });
  }

  size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  /** @returns {?{left: number, right: number, top: number, bottom: number}} */
  bounds() {
    if (!this.data.nodes.length) return null;
    const boxes = this.data.nodes.map((node) => ({
      ...boxOf(node, this.mono),
      x: node.x,
      y: node.y,
    }));
    return {
      left: Math.min(...boxes.map((box) => box.x - box.width / 2)) - MARGIN,
      right: Math.max(...boxes.map((box) => box.x + box.width / 2)) + MARGIN,
      top: Math.min(...boxes.map((box) => box.y - box.height / 2)) - MARGIN,
      bottom: Math.max(...boxes.map((box) => box.y + box.height / 2)) + MARGIN,
    };
  }

  destroy() {
    this.letGo();
    this.network.destroy();
  }
}
