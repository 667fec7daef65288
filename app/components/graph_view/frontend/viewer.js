/**
 * The graph on a canvas: vis-network with fixed positions for nodes, camera and pointer.
 *
 * Nodes and edges are drawn by functions that look numbers and marks up at each redraw, so a step
 * of the player changes no data of vis at all and costs one redraw.
 */

import { DataSet, Network } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js";
import { contextOf } from "../../shared/frontend/dom.js";
import { gestures, zoomed } from "../../shared/frontend/gestures.js";
import { hand } from "../../shared/frontend/hand.js";
import { grip, isVertical } from "../../shared/frontend/grip.js";
import { Faces } from "./faces.js";
import { Layer } from "./layer.js";
import { edgeAt, lineOf } from "./lines.js";
import { NO_MODEL } from "./model.js";
import { boxOf, numberAt } from "./shapes.js";
import { forgetWidths } from "./symbol.js";

/** @import { CustomNode } from "../../../../assets/vendor/vis-network/vis-network.esm.min.js" */
/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Styles } from "./layer.js" */
/** @import { Line, Sight } from "./lines.js" */
/** @import { GraphNode, Model } from "./model.js" */
/** @import { Look } from "./shapes.js" */

const MOST_NODES = 180;
const MOST_STEPS = 10;
const READABLE_SCALE = 0.45;
const LARGEST_FIT = 1.25;
const LECTURE_HALL_SCALE = 24 / 14; // numbers of 14 graph units are then 24 pixels high
const MARGIN = 16;
const LEGEND_HEIGHT = 26; // pixels at the top that the legend takes
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
// A page may take the component away and bring it back: where the user looked is kept.
/** @type {Map<string, Camera>} by level */
const cameras = new Map();

/**
 * Steps first..last that may be on the canvas at once, around a step.
 * @param {Model} model
 * @param {number} step
 * @param {?Window} previous
 * @returns {Window}
 */
export function windowAround(model, step, previous) {
  const perStep = Math.max(1, model.nodes.filter((node) => node.t === Math.min(2, model.T)).length);
  const steps = Math.max(2, Math.min(MOST_STEPS, Math.floor((MOST_NODES - 8) / perStep)));
  const first = model.first;
  const last = model.last;
  if (model.level === "rolled" || last - first + 1 <= Math.max(steps, 2)) return [first, last];
  if (
    previous &&
    step >= previous[0] &&
    step <= previous[1] &&
    previous[1] - previous[0] + 1 === steps
  ) {
    return previous;
  }
  const start = Math.max(first, Math.min(last - steps + 1, step - Math.floor(steps / 2)));
  return [start, start + steps - 1];
}

/**
 * @typedef {[first: number, last: number]} Window of time steps
 *
 * @typedef {object} Hooks
 * @property {(id: ?string) => void} onSelect
 * @property {() => void} onMove                       other nodes are on the canvas
 * @property {(node: ?GraphNode) => void} onPoint      null for none
 * @property {(node: GraphNode, component: number) => ?Change} onHold  what a hand would change
 * @property {() => {step: number, atEnd: boolean}} stateOf  where the player is
 * @property {(node: GraphNode) => Look} lookOf
 * @property {Styles} edgeLooks
 */

export class Viewer {
  /**
   * @param {HTMLElement} container
   * @param {Hooks} hooks
   */
  constructor(container, hooks) {
    this.container = container;
    this.hooks = hooks;
    /** @type {DataSet<CustomNode>} */
    this.nodes = new DataSet();
    /** @type {GraphNode[]} those on the canvas */
    this.visible = [];
    /** @type {Line[]} */
    this.lines = [];
    this.model = NO_MODEL;
    this.large = false;
    this.layer = new Layer();
    this.faces = new Faces();
    /** @type {Window} */
    this.window = [1, 0];
    this.size = { width: 0, height: 0 };
    /** @type {Sight} */
    this.sight = { centre: { x: 0, y: 0 }, room: { x: 0, y: 0 } };
    this.resizing = 0;
    this.network = new Network(container, { nodes: this.nodes, edges: new DataSet() }, OPTIONS);
    // A click would give the focus to the frame of vis, where the keys of the graph are not heard.
    container.querySelector(".vis-network")?.removeAttribute("tabindex");
    this.network.on("click", ({ nodes, pointer }) =>
      hooks.onSelect(nodes[0] ?? edgeAt(this.lines, pointer.canvas)?.id ?? null),
    );
    this.letGo = gestures(container, {
      camera: () => this.camera(),
      look: (camera) => this.look(camera),
      toGraph: (place) => this.network.DOMtoCanvas(place),
      end: () => this.keepCamera(),
      hold: (pressed, now) => this.hold(pressed, now),
    });
    /** @type {?GraphNode} */
    this.pointed = null;
    container.addEventListener("pointermove", (event) => this.point(event));
    container.addEventListener("pointerleave", () => this.point(null));
    this.network.on("beforeDrawing", (context) => this.begin(context));
    this.onFonts = () => {
      forgetWidths();
      this.faces.forget();
      this.refresh();
    };
    document.fonts.addEventListener("loadingdone", this.onFonts);
    this.network.on("resize", () => this.onResize());
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(container);
    this.measure();
    container.querySelector("canvas")?.setAttribute("aria-hidden", "true");
  }

  /**
   * vis changes the scale with the size and then draws without the nodes: draw again after it, and
   * look again at the whole height unless the user has chosen what to look at.
   */
  onResize() {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(() => {
      this.measure();
      if (this.model !== NO_MODEL && !cameras.has(this.model.level)) this.fit(false);
      this.refresh();
    });
  }

  /**
   * Show a model; the camera stays unless this level was never seen.
   * @param {Model} model
   * @returns {boolean} whether it is new
   */
  show(model) {
    const known = this.model.nodes === model.nodes;
    this.model = model;
    if (known) return false;
    // vis would go on drawing the nodes of the model before, where they have the same ids.
    this.quietly(() => this.nodes.clear());
    this.place(this.hooks.stateOf().step, true);
    const camera = cameras.get(model.level);
    if (camera) this.look(camera);
    else this.fit(false);
    return true;
  }

  /**
   * Draw in letters for a lecture hall, or as it was.
   * @param {boolean} large
   * @returns {boolean} whether that is new
   */
  enlarge(large) {
    if (large === this.large) return false;
    this.large = large;
    cameras.clear();
    this.fit(false);
    return true;
  }

  /**
   * Put the nodes around a step on the canvas.
   * @param {number} step
   * @returns {boolean} whether the window moved
   */
  place(step, force = false) {
    const next = windowAround(this.model, step, force ? null : this.window);
    if (!force && next[0] === this.window[0] && next[1] === this.window[1]) {
      return false;
    }
    this.window = next;
    this.visible = this.model.nodes.filter((node) => this.isInside(node));
    const shown = new Set(this.visible);
    const nodes = this.visible.map((node) => this.nodeData(node));
    this.lines = this.model.edges
      .filter((edge) => shown.has(edge.from) && shown.has(edge.to))
      .map((edge) => lineOf(edge, (node) => this.positionOf(node)));
    this.quietly(() => replace(this.nodes, nodes));
    this.hooks.onMove();
    return true;
  }

  /**
   * A state of the cell; the one before the window is shown too, since the first step reads it.
   * @param {GraphNode} node
   */
  isState(node) {
    return this.model.states.has(node.quantity ?? "") && node.times === 0;
  }

  /** @param {GraphNode} node */
  isInside(node) {
    const [first, last] = this.window;
    if (this.isState(node)) return node.t >= first - 1 && node.t <= last;
    if (node.t > this.model.last) return last === this.model.last;
    return !node.t || (node.t >= first && node.t <= last);
  }

  /**
   * Positions are counted from the window, so that the camera need not follow it.
   * @param {GraphNode} node
   */
  positionOf(node) {
    if (this.model.level === "rolled") return { x: node.x, y: node.y };
    const shift = (this.window[0] - this.model.first) * this.model.stride;
    return { x: node.kind === "parameter" ? node.x : node.x - shift, y: node.y };
  }

  /** @param {GraphNode} node @returns {CustomNode} */
  nodeData(node) {
    const { width, height } = boxOf(node);
    return {
      id: node.id,
      ...this.positionOf(node),
      fixed: true,
      shape: "custom",
      ctxRenderer: ({ ctx, x, y }) => ({
        drawNode: () => {
          if (this.sees(x, y, width, height)) {
            this.faces.draw(ctx, node, x, y, this.hooks.lookOf(node));
          }
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
  sees(x, y, width, height) {
    const { centre, room } = this.sight;
    return (
      Math.abs(x - centre.x) < room.x + width / 2 && Math.abs(y - centre.y) < room.y + height / 2
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
    const id = place && this.network.getNodeAt(place);
    const edge = place && !id && edgeAt(this.lines, this.network.DOMtoCanvas(place));
    const holds = place && id && this.changeAt(place);
    this.container.style.cursor = holds ? "ns-resize" : id || edge ? "pointer" : "";
    this.tell((id && this.model.byId.get(id)) || null);
  }

  /** What the mouse is upon, if that is something else than before. @param {?GraphNode} node */
  tell(node) {
    if (node === this.pointed) return;
    this.pointed = node;
    this.hooks.onPoint(node);
  }

  /**
   * Take hold of the number under a mouse that moves up or down.
   * @param {PointerEvent} pressed
   * @param {PointerEvent} now
   */
  hold(pressed, now) {
    if (!isVertical(now.clientX - pressed.clientX, now.clientY - pressed.clientY, 0)) return false;
    const place = { x: pressed.offsetX, y: pressed.offsetY };
    const change = this.changeAt(place);
    if (!change) return false;
    this.tell(this.model.byId.get(this.network.getNodeAt(place) ?? null) ?? null);
    grip(now, change);
    return true;
  }

  /**
   * What a hand would change at a place of the container; null where it would move the picture.
   * @param {{x: number, y: number}} place in pixels
   */
  changeAt(place) {
    const id = this.network.getNodeAt(place);
    const node = id && this.model.byId.get(id);
    if (!node) return null;
    const [at, middle] = [this.network.DOMtoCanvas(place), this.positionOf(node)];
    const component = numberAt(node, at.x - middle.x, at.y - middle.y);
    return component === null ? null : this.hooks.onHold(node, component);
  }

  /**
   * Where a node is on the screen, in pixels of the container, from its middle.
   * @param {GraphNode} node
   */
  boxOnScreen(node) {
    const { width, height } = boxOf(node);
    const scale = this.network.getScale();
    const place = this.network.canvasToDOM(this.positionOf(node));
    return { ...place, width: width * scale, height: height * scale };
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
  quietly(change) {
    const { emitter } = this.network.body;
    emitter.emit("_blockRedraw");
    change();
    emitter.emit("_allowRedraw");
    emitter.emit("_requestRedraw");
    requestAnimationFrame(() => this.refresh());
  }

  /**
   * Bring the node into view if it is outside.
   * @param {?GraphNode|undefined} node
   */
  reveal(node) {
    if (!node || !this.nodes.get(node.id)) return;
    const { x, y } = this.positionOf(node);
    const { width, height } = boxOf(node);
    const rect = this.size;
    if (!rect.width) return;
    const scale = this.network.getScale();
    const centre = this.network.getViewPosition();
    const room = {
      x: rect.width / 2 / scale - width / 2 - 12,
      y: rect.height / 2 / scale - height / 2 - 12,
    };
    // Sideways the node comes to the middle, so that the next ones are in view as well.
    const aside = Math.abs(x - centre.x) > room.x;
    const target = { x: aside ? x : centre.x, y: into(centre.y, y, room.y) };
    if (target.x !== centre.x || target.y !== centre.y) {
      this.look({ position: target, scale });
      this.keepCamera();
    }
  }

  /**
   * Show everything.
   * @param {boolean} [remember] false for the first look: where everything would be too small to
   *   read, it takes the whole height, with as many steps as that leaves room for, from the side
   *   where the player stands
   */
  fit(remember = true) {
    const rect = this.measure();
    const room = rect.height - LEGEND_HEIGHT;
    /** @param {GraphNode[]} nodes */
    const around = (nodes) => {
      const boxes = nodes.map((node) => ({ ...this.positionOf(node), ...boxOf(node) }));
      const left = Math.min(...boxes.map((box) => box.x - box.width / 2)) - MARGIN;
      const right = Math.max(...boxes.map((box) => box.x + box.width / 2)) + MARGIN;
      const top = Math.min(...boxes.map((box) => box.y - box.height / 2)) - MARGIN;
      const bottom = Math.max(...boxes.map((box) => box.y + box.height / 2)) + MARGIN;
      const high = Math.min(LARGEST_FIT, room / (bottom - top));
      return { left, right, top, bottom, high, whole: Math.min(rect.width / (right - left), high) };
    };
    if (!this.visible.length) return;
    const all = around(this.visible);
    const isWhole = remember || all.whole >= READABLE_SCALE || this.model.level === "rolled";
    // The column of parameters may be far taller than the rest.
    const timed = this.visible.filter(({ kind }) => kind !== "parameter");
    const { left, right, top, bottom, high, whole } = isWhole ? all : around(timed);
    const near = this.large && !remember ? LECTURE_HALL_SCALE : 0;
    const scale = Math.max(near, isWhole ? whole : Math.max(high, READABLE_SCALE));
    const width = rect.width / scale;
    const height = room / scale;
    const { atEnd } = this.hooks.stateOf();
    const x =
      width >= right - left ? (left + right) / 2 : atEnd ? right - width / 2 : left + width / 2;
    // What is too high to be readable as a whole shows the loss at the end, else the inputs.
    const middle =
      height >= bottom - top ? (top + bottom) / 2 : atEnd ? top + height / 2 : bottom - height / 2;
    const y = middle - LEGEND_HEIGHT / 2 / scale;
    this.look({ position: { x, y }, scale });
    if (remember) this.keepCamera();
  }

  /** @returns {Camera} */
  camera() {
    return { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  /** @param {Camera} camera */
  look(camera) {
    this.point(null); // the nodes move under the mouse
    this.network.moveTo({ ...camera, animation: false });
  }

  keepCamera() {
    cameras.set(this.model.level, this.camera());
  }

  /** @param {number} factor */
  zoom(factor) {
    const camera = this.camera();
    this.look(zoomed(camera, factor, camera.position));
    this.keepCamera();
  }

  /**
   * Once for each redraw: what part of the graph is in view, and the edges below the nodes.
   * @param {CanvasRenderingContext2D} context
   */
  begin(context) {
    const scale = this.network.getScale();
    const room = { x: this.size.width / 2 / scale + 12, y: this.size.height / 2 / scale + 12 };
    this.sight = { centre: this.network.getViewPosition(), room };
    this.faces.begin(context);
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
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    this.network.destroy();
  }
}

/** @param {number} centre @param {number} wanted @param {number} room */
const into = (centre, wanted, room) =>
  room <= 0 ? wanted : Math.max(wanted - room, Math.min(wanted + room, centre));

/** @param {DataSet<CustomNode>} set @param {CustomNode[]} items */
function replace(set, items) {
  const keep = new Set(items.map((item) => item.id));
  const gone = set.getIds().filter((id) => !keep.has(id));
  if (gone.length) set.remove(gone);
  set.update(items);
}
