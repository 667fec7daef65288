/** Nodes and edges on a canvas: where they stand, how they look, what the mouse is upon. */

import { hand } from "../../shared/frontend/hand.js";
import { Canvas } from "./canvas.js";
import { Faces } from "./faces.js";
import { lineOf } from "./lines.js";
import { revealing } from "./sight.js";
import { forgetWidths } from "./symbol.js";

/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Styles } from "./layer.js" */
/** @import { Point } from "./lines.js" */
/** @import { Drawn, Look } from "./shapes.js" */
/** @import { Bounds } from "./sight.js" */

/** @typedef {Point & {width: number, height: number}} Place the box of a node, by its middle */
/**
 * @template Node
 * @typedef {{id: string, from: Node, to: Node}} Link
 */

/**
 * @template {Drawn} Node
 * @template {Link<Node>} Edge
 * @typedef {object} Hooks
 * @property {(id: ?string) => void} onSelect        a node's or an edge's; null for none
 * @property {(node: ?Node) => void} onPoint         null for none
 * @property {() => void} onLooked                   the user has looked elsewhere
 * @property {(camera: Camera) => void} [onCamera]   at every movement of it by the user
 * @property {() => void} onResize
 * @property {(pressed: PointerEvent, now: PointerEvent) => boolean} [hold]  see `gestures`
 * @property {(place: Point) => boolean} [canHold]   whether there is something to hold
 * @property {(node: Node) => Look} lookOf
 * @property {Styles<Edge>} edgeLooks
 */

/**
 * @template {Drawn} Node
 * @template {Link<Node>} Edge
 */
export class Picture {
  /**
   * @param {HTMLElement} container in the page, since vis measures what it draws on
   * @param {Hooks<Node, Edge>} hooks
   */
  constructor(container, hooks) {
    this.container = container;
    this.hooks = hooks;
    /** @type {Map<?string, Node>} those on the canvas */
    this.nodes = new Map();
    /** @type {?Node} */
    this.pointed = null;
    this.faces = new Faces(() => this.canvas.refresh());
    /** @type {Canvas<Edge>} */
    this.canvas = new Canvas(container, {
      onSelect: hooks.onSelect,
      onLooked: hooks.onLooked,
      onCamera: (camera) => {
        this.point(null); // the nodes move under the mouse
        hooks.onCamera?.(camera);
      },
      onResize: hooks.onResize,
      hold: hooks.hold,
      onDraw: (context) => this.faces.begin(context),
      edgeLooks: hooks.edgeLooks,
    });
    container.addEventListener("pointermove", (event) => this.point(event));
    container.addEventListener("pointerleave", () => this.point(null));
    this.onFonts = () => {
      forgetWidths();
      this.faces.forget();
      this.refresh();
    };
    document.fonts.addEventListener("loadingdone", this.onFonts);
  }

  /** Forget the nodes of a graph before. */
  clear() {
    this.nodes.clear();
    this.canvas.clear();
  }

  /**
   * Put these nodes on the canvas, and only these, with the edges between them.
   * @param {Node[]} nodes
   * @param {Edge[]} edges
   * @param {(node: Node) => Place} placeOf
   */
  place(nodes, edges, placeOf) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    const shown = new Set(nodes);
    this.canvas.place(
      nodes.map((node) => ({
        id: node.id,
        ...placeOf(node),
        draw: (context, x, y) => this.faces.draw(context, node, x, y, this.hooks.lookOf(node)),
      })),
      edges
        .filter(({ from, to }) => shown.has(from) && shown.has(to))
        .map((edge) => lineOf(edge, placeOf(edge.from), placeOf(edge.to))),
    );
  }

  /**
   * Tell when the mouse comes upon another node, or upon none; a finger does not point.
   * @param {?PointerEvent} event
   */
  point(event) {
    if (hand.holds()) return; // what is held is still pointed at
    const points = event && event.pointerType !== "touch" && event.buttons === 0;
    const place = points ? { x: event.offsetX, y: event.offsetY } : null;
    const found = place && this.canvas.at(place);
    const holds = place && found?.node && this.hooks.canHold?.(place);
    const some = found?.node || found?.edge;
    this.container.style.cursor = holds ? "ns-resize" : some ? "pointer" : "";
    this.tell(found?.node ?? null);
  }

  /** What the mouse is upon, if that is something else than before. @param {?string} id */
  tell(id) {
    const node = this.nodes.get(id) ?? null;
    if (node === this.pointed) return;
    this.pointed = node;
    this.hooks.onPoint(node);
  }

  /** The node at a place of the container, in pixels. @param {Point} place */
  at(place) {
    return this.nodes.get(this.canvas.at(place).node) ?? null;
  }

  /**
   * Bring a box into view if it is outside.
   * @param {Place} box
   * @param {?Bounds} [picture]  of all boxes: nothing beyond it is shown for this one's sake
   * @param {number} [top]  pixels of the container that are covered
   * @returns {boolean} whether one looks elsewhere now
   */
  reveal(box, picture = null, top = 0) {
    const { size } = this.canvas;
    const target = size.width ? revealing(box, this.canvas.camera(), size, picture, top) : null;
    if (target) this.look(target);
    return target !== null;
  }

  /** Redraw in the next frame. */
  refresh() {
    this.canvas.refresh();
  }

  /** @param {Camera} camera */
  look(camera) {
    this.point(null); // the nodes move under the mouse
    this.canvas.look(camera);
  }

  /** @param {number} factor */
  zoom(factor) {
    this.point(null);
    this.canvas.zoom(factor);
  }

  destroy() {
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    this.faces.destroy();
    this.canvas.destroy();
  }
}
