/** The graph of one level on its canvas: the window of steps, what is pointed at, where one looks. */

import { grip, isVertical } from "../../shared/frontend/grip.js";
import { numberAt } from "./boxes.js";
import { lectureHallCamera, spokenCamera } from "./lecture_hall.js";
import { NO_MODEL } from "./model.js";
import { Picture } from "./picture.js";
import { boundsOf, framing, uncut } from "./sight.js";
import { mentionedNodes } from "./mentioned.js";
import { isInside, positionIn, windowAround } from "./window.js";

/** @import { Mention } from "./data.d.ts" */
/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Styles } from "./layer.js" */
/** @import { Point } from "./lines.js" */
/** @import { Edge, GraphNode, Model } from "./model.js" */
/** @import { Place } from "./picture.js" */
/** @import { Look } from "./shapes.js" */
/** @import { Window } from "./window.js" */

const READABLE_SCALE = 0.45; // of a single number, and of all together once all is computed
const READABLE_FILLED = 0.66; // of what is to be filled in, whose numbers stand beside it as well
const READABLE_BOTH = 0.74; // of two numbers of a node: letters of 11 pixels, since they are compared
const WHOLE_BOTH = 0.6; // of them below a scene, whose text takes room and says what counts: 9 pixels
const LARGEST_FIT = 1.25;
const LEAST_SPOKEN = 0.52; // of what a scene speaks of, down from the loss: 8 pixels
const LARGEST_SPOKEN = 0.9; // of a part, so that what is around it is seen as well
// A page may take the component away and bring it back: where the user looked is kept.
/** @type {Map<string, {camera: Camera, T: number}>} by picture, and how many steps it had */
const cameras = new Map();

/** A level has two pictures: with and without room for gradients. @param {Pick<Model, "level"|"tall"|"room">} model */
const nameOf = ({ level, tall, room }) => [level, tall, ...(room ? [room.name] : [])].join(" ");

/**
 * @typedef {object} State where the player is
 * @property {number} step
 * @property {boolean} atStart
 * @property {boolean} atEnd
 * @property {?GraphNode} [node]     that is selected, or else the player is at
 * @property {?GraphNode} [current]  that the player is at
 * @property {boolean} [goesBack]    the player is in the backward pass
 */

/**
 * @typedef {object} Hooks
 * @property {(id: ?string) => void} onSelect
 * @property {() => void} onMove                       other nodes are on the canvas
 * @property {(node: ?GraphNode) => void} onPoint      null for none
 * @property {(node: GraphNode, component: number) => ?Change} onHold  what a hand would change
 * @property {() => State} stateOf
 * @property {() => number} legendHeight  pixels at the top that it takes
 * @property {(node: GraphNode) => Look} lookOf
 * @property {Styles<Edge>} edgeLooks
 */

export class Viewer {
  /**
   * @param {HTMLElement} container
   * @param {Hooks} hooks
   */
  constructor(container, hooks) {
    this.container = container;
    this.hooks = hooks;
    /** @type {GraphNode[]} those on the canvas */
    this.visible = [];
    this.model = NO_MODEL;
    this.large = false;
    this.isLed = false; // in a show: nobody has looked elsewhere since the scene was opened
    /** @type {?{camera: Camera, level: Model["level"]}} where one looked before all was computed */
    this.before = null;
    this.isScene = false;
    /** @type {Mention[]} what a scene speaks of */
    this.mentions = [];
    /** @type {Window} */
    this.window = [1, 0];
    /** @type {Picture<GraphNode, Edge>} */
    this.picture = new Picture(container, {
      onSelect: hooks.onSelect,
      onPoint: hooks.onPoint,
      onLooked: () => this.looked(),
      hold: (pressed, now) => this.hold(pressed, now),
      canHold: (place) => this.changeAt(place) !== null,
      onResize: () => {
        if (this.model === NO_MODEL) return;
        // Unless the user has chosen what to look at, the whole height is.
        const follows = this.isLed && (this.large || this.isScene);
        const isChosen = cameras.has(nameOf(this.model)) && !follows;
        if (!isChosen) this.fit(false);
      },
      lookOf: hooks.lookOf,
      edgeLooks: hooks.edgeLooks,
    });
  }

  get canvas() {
    return this.picture.canvas;
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
    this.picture.clear();
    this.place(this.hooks.stateOf().step, true);
    const kept = cameras.get(nameOf(model)) ?? cameras.get(nameOf({ ...model, tall: !model.tall }));
    // A run of another length that is at its start is looked at from there: the weights are in view.
    const isOther = this.hooks.stateOf().atStart && kept?.T !== model.T;
    if (kept && !isOther) {
      this.look(kept.camera);
      this.reveal(this.hooks.stateOf().current);
    } else this.fit(false);
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
    this.afresh();
    return true;
  }

  /** Look at the graph as if for the first time. */
  afresh() {
    cameras.clear();
    this.before = null;
    this.isLed = true;
    this.fit(false);
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
    this.visible = this.model.nodes.filter((node) => isInside(this.model, next, node));
    this.picture.place(this.visible, this.model.edges, (node) => this.placeOf(node));
    this.hooks.onMove();
    return true;
  }

  /** The box of a node, by its middle. @param {GraphNode} node */
  placeOf(node) {
    const { width, height } = node.box;
    return { ...positionIn(this.model, this.window, node), width, height };
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
    this.picture.tell(this.picture.at(place)?.id ?? null);
    grip(now, change);
    return true;
  }

  /**
   * What a hand would change at a place of the container; null where it would move the picture.
   * @param {Point} place in pixels
   */
  changeAt(place) {
    const node = this.picture.at(place);
    if (!node) return null;
    const [at, middle] = [this.canvas.toGraph(place), this.placeOf(node)];
    const component = numberAt(node.box, at.x - middle.x, at.y - middle.y);
    return component === null ? null : this.hooks.onHold(node, component);
  }

  /**
   * Where a node is on the screen, in pixels of the container, from its middle.
   * @param {GraphNode} node
   */
  boxOnScreen(node) {
    return this.canvas.onScreen(this.placeOf(node));
  }

  /** Redraw in the next frame. */
  refresh() {
    this.picture.refresh();
  }

  /**
   * Bring the node into view if it is outside.
   * @param {?GraphNode|undefined} node
   */
  reveal(node) {
    if (this.#turnTo(node)) this.keepCamera();
  }

  /** @param {?GraphNode|undefined} node @returns {boolean} whether one looks elsewhere now */
  #turnTo(node) {
    if (!node || !this.picture.nodes.has(node.id)) return false;
    const picture = boundsOf(this.visible.map((each) => this.placeOf(each)));
    return this.picture.reveal(this.placeOf(node), picture, this.hooks.legendHeight());
  }

  /**
   * The player has come to its end, or goes on from it: there the whole is seen, or, where that
   * cannot be read, what came out of the last step; and then again what was seen before.
   * @param {boolean} isThere
   */
  overlook(isThere) {
    const { level, room } = this.model;
    const wasThere = this.before?.level === level;
    if (isThere === wasThere) return;
    if (this.before && wasThere) {
      this.look(this.before.camera);
      this.before = null;
    } else if (!room || this.#around(this.visible).whole >= this.#leastOfAll(true)) {
      this.before = { camera: this.canvas.camera(), level };
      this.fit(false);
    } else return;
    this.keepCamera();
  }

  /**
   * What some nodes take up, and the scales at which their height, and all of them, are in view.
   * @param {GraphNode[]} nodes
   */
  #around(nodes) {
    const { width, height } = this.canvas.measure();
    const room = height - this.hooks.legendHeight();
    const bounds = boundsOf(nodes.map((node) => this.placeOf(node)));
    const high = Math.min(LARGEST_FIT, room / (bounds.bottom - bounds.top));
    return { ...bounds, high, whole: Math.min(width / (bounds.right - bounds.left), high) };
  }

  /**
   * Show everything.
   * @param {boolean} [remember] false for the first look: where everything would be too small to
   *   read, it takes the whole height, with as many steps as that leaves room for, from the side
   *   where the player stands, and what is selected, or what the player is at, is in view
   */
  fit(remember = true) {
    const rect = this.canvas.measure();
    const legend = this.hooks.legendHeight();
    const room = rect.height - legend;
    if (!this.visible.length || rect.width <= 0 || room <= 0) return; // not on the page yet
    const size = { width: rect.width, height: room };
    if (this.large && !remember) {
      this.look(lectureHallCamera(this.#placesOf(this.visible), this.#spoken(), size, legend));
      return;
    }
    const all = this.#around(this.visible);
    const { atEnd } = this.hooks.stateOf();
    const readable = this.#leastOfAll(atEnd);
    if (this.model.room && !remember && all.whole < readable) {
      this.look(this.#uncut(size, readable));
      return;
    }
    if (this.isScene && !remember && all.whole < readable && this.model.level !== "rolled") {
      const boxes = this.#placesOf(this.visible);
      const scales = /** @type {[number, number]} */ ([
        Math.min(readable, LEAST_SPOKEN),
        LARGEST_SPOKEN,
      ]);
      const spoken = this.#spoken();
      if (spoken.flat().length) {
        this.look(spokenCamera(boxes, spoken, size, legend, scales));
        return;
      }
    }
    const isWhole = remember || all.whole >= readable || this.model.level === "rolled";
    // The column of parameters may be far taller than the rest.
    const timed = this.visible.filter(({ kind }) => kind !== "parameter");
    const { right, top, bottom, high, whole } = isWhole ? all : this.#around(timed);
    const { left } = all; // at the start the weights are in view
    const scale = isWhole ? whole : Math.max(high, readable);
    const bounds = { left, right, top, bottom };
    this.look(framing(bounds, rect, scale, { atEnd, top: legend }));
    if (remember) this.looked();
    else this.#turnTo(this.hooks.stateOf().node);
  }

  /** Whether the window leaves steps out. */
  get #isPart() {
    return this.window[1] - this.window[0] + 1 < this.model.T;
  }

  /**
   * The smallest scale at which all on the canvas is shown at once. A part of a long run gains nothing
   * by that: one walks along it.
   * @param {boolean} atEnd
   */
  #leastOfAll(atEnd) {
    const { room, tall } = this.model;
    if (room) return tall ? READABLE_FILLED : READABLE_SCALE;
    if (this.#isPart) return READABLE_BOTH;
    if (!tall || atEnd) return READABLE_SCALE;
    return this.isScene ? WHOLE_BOTH : READABLE_BOTH;
  }

  /**
   * A whole part of what is too much to be read at once: from the weights on, or, where these leave
   * no room, around what is asked for first.
   * @param {{width: number, height: number}} size of what can be seen, in pixels
   * @param {number} readable
   */
  #uncut(size, readable) {
    const boxes = this.visible.map((node) => this.placeOf(node));
    const first = this.visible.findIndex((node) => this.model.room?.begins(node));
    return uncut(boxes, size, readable, LARGEST_FIT, boxes[Math.max(0, first)]);
  }

  /**
   * What is spoken of, the first one before all; at the end of a run its last step. On the way back
   * also where the gradient comes from; then the loss, which it is a gradient of, and its target.
   * @returns {Place[][]}
   */
  #spoken() {
    const { node: current, atEnd, goesBack } = this.hooks.stateOf();
    const spoken = mentionedNodes(this.model, this.visible, this.mentions);
    const nodes = [...(current && this.visible.includes(current) ? [current] : []), ...spoken];
    if (nodes.length) {
      if (!goesBack) return [this.#placesOf(nodes)];
      const loss = this.visible.filter(({ quantity }) => quantity === "L" || quantity === "y");
      const isNext = new Set(
        this.model.edges.filter(({ from }) => from === current).map(({ to }) => to),
      );
      const next = this.visible.filter((node) => isNext.has(node));
      return [nodes, next, loss].map((group) => this.#placesOf(group));
    }
    if (!atEnd) return [];
    const last = this.visible.filter(({ t }) => t === this.model.T);
    return [this.#placesOf(last.sort((a, b) => a.y - b.y))];
  }

  /** @param {GraphNode[]} nodes */
  #placesOf(nodes) {
    return nodes.map((node) => this.placeOf(node));
  }

  /** @param {Camera} camera */
  look(camera) {
    this.picture.look(camera);
  }

  /** The user has chosen what to look at. */
  looked() {
    this.isLed = false;
    this.keepCamera();
  }

  keepCamera() {
    cameras.set(nameOf(this.model), { camera: this.canvas.camera(), T: this.model.T });
  }

  /** @param {number} factor */
  zoom(factor) {
    this.picture.zoom(factor);
    this.looked();
  }

  /** @param {string} background */
  png(background) {
    return this.canvas.png(background);
  }

  destroy() {
    this.picture.destroy();
  }
}
