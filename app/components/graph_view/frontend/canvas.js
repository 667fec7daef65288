/**
 * A graph on a canvas: vis-network with fixed positions for nodes, camera and pointer; edges are
 * drawn below the nodes.
 *
 * Nodes and edges are drawn by functions that look numbers and marks up at each redraw, so a step
 * of the player changes no data of vis at all and costs one redraw.
 */

import { DataSet, Network } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js";
import { contextOf } from "../../shared/frontend/dom.js";
import { gestures, zoomed } from "../../shared/frontend/gestures.js";
import { printed } from "../../shared/frontend/printing.js";
import { Beyond } from "./beyond.js";
import { Layer } from "./layer.js";
import { edgeAt } from "./lines.js";

/** @import { CustomNode } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Styles } from "./layer.js" */
/** @import { Line, Named, Point, Sight } from "./lines.js" */

const OPTIONS = {
  physics: false,
  layout: { improvedLayout: false },
  interaction: {
    dragNodes: false,
    selectConnectedEdges: false,
    hover: false,
    zoomView: false, // the wheel belongs to the page: see gestures.js
    dragView: false,
    keyboard: false,
    multiselect: false,
  },
  nodes: { chosen: false },
};

/**
 * @typedef {object} Box a node on the canvas, by its middle
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {(context: CanvasRenderingContext2D, x: number, y: number) => void} draw
 */

/**
 * @template {Named} Edge
 * @typedef {object} Hooks
 * @property {(id: ?string) => void} onSelect   a node's or an edge's; null for none
 * @property {() => void} onLooked              the user has looked elsewhere
 * @property {(camera: Camera) => void} [onCamera]  at every movement of it by the user
 * @property {(pressed: PointerEvent, now: PointerEvent) => boolean} [hold] see `gestures`
 * @property {() => void} onResize              after vis has looked at the new size
 * @property {(context: CanvasRenderingContext2D) => void} [onDraw]  before each redraw
 * @property {Styles<Edge>} edgeLooks
 */

/** @param {Box} box @param {Point} point */
const holds = ({ x, y, width, height }, point) =>
  Math.abs(point.x - x) <= width / 2 && Math.abs(point.y - y) <= height / 2;

/** @template {Named} Edge */
export class Canvas {
  /**
   * @param {HTMLElement} container in the page, since vis measures what it draws on
   * @param {Hooks<Edge>} hooks
   */
  constructor(container, hooks) {
    this.container = container;
    this.hooks = hooks;
    /** @type {DataSet<CustomNode>} */
    this.nodes = new DataSet();
    /** @type {Box[]} */
    this.boxes = [];
    /** @type {Line<Edge>[]} */
    this.lines = [];
    /** @type {Layer<Edge>} */
    this.layer = new Layer();
    this.size = { width: 0, height: 0 };
    /** @type {Sight} */
    this.sight = { centre: { x: 0, y: 0 }, room: { x: 0, y: 0 } };
    this.resizing = 0;
    this.network = new Network(container, { nodes: this.nodes, edges: new DataSet() }, OPTIONS);
    this.beyond = new Beyond(container); // vis empties the container
    // A click would give the focus to the frame of vis, where the keys of the graph are not heard.
    container.querySelector(".vis-network")?.removeAttribute("tabindex");
    this.letGo = gestures(container, {
      camera: () => this.camera(),
      look: (camera) => {
        this.look(camera);
        hooks.onCamera?.(this.camera());
      },
      toGraph: (place) => this.network.DOMtoCanvas(place),
      end: hooks.onLooked,
      hold: hooks.hold,
      click: (event) => this.#click(event),
    });
    this.unprinted = printed(container);
    this.network.on("beforeDrawing", (context) => this.#begin(context));
    this.network.on("resize", () => this.#onResize());
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(container);
    this.measure();
    container.querySelector("canvas")?.setAttribute("aria-hidden", "true");
  }

  /** The browser's own click: vis hears none that takes a quarter of a second. @param {MouseEvent} event */
  #click({ clientX, clientY }) {
    const { left, top } = this.container.getBoundingClientRect();
    const { node, edge } = this.at({ x: clientX - left, y: clientY - top });
    this.hooks.onSelect(node ?? edge?.id ?? null);
  }

  /** vis changes the scale with the size and then draws without the nodes: draw again after it. */
  #onResize() {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(() => {
      this.measure();
      this.hooks.onResize();
      this.refresh();
    });
  }

  /**
   * Put these on the canvas, and only these.
   * @param {Box[]} boxes
   * @param {Line<Edge>[]} lines
   */
  place(boxes, lines) {
    this.boxes = boxes;
    this.lines = lines;
    this.beyond.take(boxes);
    const keep = new Set(boxes.map((box) => box.id));
    this.#quietly(() => {
      const gone = this.nodes.getIds().filter((id) => !keep.has(id));
      if (gone.length) this.nodes.remove(gone);
      this.nodes.update(boxes.map((box) => this.#nodeOf(box)));
    });
  }

  /** vis would go on drawing the nodes of a graph before, where they have the same ids. */
  clear() {
    this.boxes = [];
    this.lines = [];
    this.#quietly(() => this.nodes.clear());
  }

  /** @param {string} id */
  has(id) {
    return Boolean(this.nodes.get(id));
  }

  /** @param {Box} box @returns {CustomNode} */
  #nodeOf({ id, x: left, y: top, width, height, draw }) {
    return {
      id,
      x: left,
      y: top,
      fixed: true,
      shape: "custom",
      ctxRenderer: ({ ctx, x, y }) => ({
        drawNode: () => {
          if (this.#sees(x, y, width, height)) draw(ctx, x, y);
        },
        nodeDimensions: { width, height },
      }),
    };
  }

  /**
   * Whether a box is in view: vis draws all nodes, though most may be outside.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  #sees(x, y, width, height) {
    const { centre, room } = this.sight;
    return (
      Math.abs(x - centre.x) < room.x + width / 2 && Math.abs(y - centre.y) < room.y + height / 2
    );
  }

  /**
   * What stands at a place, in pixels of the container.
   * @param {Point} place
   * @returns {{node: ?string, edge: ?Edge}}
   */
  at(place) {
    const point = this.toGraph(place);
    // Not asked of vis: it knows the size of a node only from a redraw, and missed many.
    const box = this.boxes.findLast((each) => holds(each, point)); // the upper one
    return { node: box?.id ?? null, edge: box ? null : edgeAt(this.lines, point) };
  }

  /** @param {Point} place in pixels of the container @returns {Point} */
  toGraph(place) {
    return this.network.DOMtoCanvas(place);
  }

  /**
   * Where a box is on the screen, in pixels of the container, from its middle.
   * @param {{x: number, y: number, width: number, height: number}} box
   */
  onScreen({ x, y, width, height }) {
    const scale = this.network.getScale();
    return { ...this.network.canvasToDOM({ x, y }), width: width * scale, height: height * scale };
  }

  /** Redraw in the next frame. */
  refresh() {
    this.network.body.emitter.emit("_requestRedraw");
  }

  /**
   * vis redraws at once at each update of a DataSet: hold that back, and draw once, next frame.
   * A node that was elsewhere it leaves out, and only then learns its place: hence the one after.
   * @param {() => void} change
   */
  #quietly(change) {
    const { emitter } = this.network.body;
    emitter.emit("_blockRedraw");
    change();
    emitter.emit("_allowRedraw");
    emitter.emit("_requestRedraw");
    requestAnimationFrame(() => this.refresh());
  }

  /** @returns {Camera} */
  camera() {
    return { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  /** @param {Camera} camera */
  look(camera) {
    this.network.moveTo({ ...camera, animation: false });
    requestAnimationFrame(() => this.refresh()); // as in #quietly: what has come into view
  }

  /** @param {number} factor about the middle */
  zoom(factor) {
    const camera = this.camera();
    this.look(zoomed(camera, factor, camera.position));
  }

  /**
   * Once for each redraw: what part of the graph is in view, and the edges below the nodes.
   * @param {CanvasRenderingContext2D} context
   */
  #begin(context) {
    const scale = this.network.getScale();
    const half = { x: this.size.width / 2 / scale, y: this.size.height / 2 / scale };
    const centre = this.network.getViewPosition();
    this.sight = { centre, room: { x: half.x + 12, y: half.y + 12 } };
    this.beyond.show(centre, half);
    this.hooks.onDraw?.(context);
    this.layer.draw(context, this.lines, this.hooks.edgeLooks, this.sight);
  }

  /** Kept, since reading it during a step would force a layout. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.container;
    this.size = { width, height };
    return this.size;
  }

  /**
   * The canvas as a PNG on the page's background.
   * @param {string} background
   */
  png(background) {
    const source = /** @type {HTMLCanvasElement} vis's */ (this.container.querySelector("canvas"));
    const copy = document.createElement("canvas");
    copy.width = source.width;
    copy.height = source.height;
    const context = contextOf(copy);
    context.fillStyle = background;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(source, 0, 0);
    return copy.toDataURL("image/png");
  }

  destroy() {
    cancelAnimationFrame(this.resizing);
    this.observer.disconnect();
    this.letGo();
    this.unprinted();
    this.network.destroy();
  }
}
