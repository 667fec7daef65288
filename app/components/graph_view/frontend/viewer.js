/** The graph of one level on its canvas: the window of steps, what is pointed at, where one looks. */

import { grip, isVertical } from "../../shared/frontend/grip.js";
import { areTooSmall } from "./afar.js";
import { numberAt } from "./boxes.js";
import { canReadAll, firstLook, walkOn, wayBack, wholeCamera } from "./first_look.js";
import { NO_MODEL } from "./model.js";
import { Picture } from "./picture.js";
import { boundsOf, carried } from "./sight.js";
import { isInside, positionIn, windowAround } from "./window.js";

/** @import { Mention } from "./data.d.ts" */
/** @import { Shown, State } from "./first_look.js" */
/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Styles } from "./layer.js" */
/** @import { Point } from "./lines.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */
/** @import { Place } from "./picture.js" */
/** @import { Look } from "./shapes.js" */
/** @import { Bounds } from "./sight.js" */
/** @import { Window } from "./window.js" */

// A page may take the component away and bring it back: where the user looked is kept.
/** @typedef {{camera: Camera, T: number, bounds: Bounds, isLed: boolean}} Kept and how many steps the picture had */
/** @type {Map<string, Kept>} by picture */
const cameras = new Map();

/** A level has two pictures: with and without room for gradients. @param {Pick<Model, "level"|"tall"|"room">} model */
const nameOf = ({ level, tall, room }) => [level, tall, ...(room ? [room.name] : [])].join(" ");

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
    this.isLed = true; // nobody has chosen what to look at
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
        // Unless the user has chosen what to look at, it is looked at as if for the first time.
        if (this.isLed) this.fit(false);
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
    const kept = cameras.get(nameOf(model)) ?? this.#keptOfOther(model);
    // A run of another length that is at its start is looked at from there: the weights are in view.
    const isOther = this.hooks.stateOf().atStart && kept?.T !== model.T;
    if (kept && !isOther) {
      this.look(kept.camera);
      this.isLed = kept.isLed;
      this.reveal(this.hooks.stateOf().current);
    } else {
      this.isLed = true;
      this.fit(false);
    }
    return true;
  }

  /** Where one looked in the other picture of a level, with taller boxes or with lower ones. @param {Model} model */
  #keptOfOther(model) {
    const kept = cameras.get(nameOf({ ...model, tall: !model.tall }));
    return kept && { ...kept, camera: carried(kept.camera, kept.bounds, this.#bounds()) };
  }

  #bounds() {
    return boundsOf(this.visible.map((each) => this.placeOf(each)));
  }

  /**
   * What a scene speaks of is to be in view.
   * @param {Mention[]} mentions
   * @param {boolean} isScene whether there is one at all
   * @returns {boolean} whether one has just been left
   */
  speak(mentions, isScene) {
    const isLeft = this.isScene && !isScene;
    this.mentions = mentions;
    this.isScene = isScene;
    return isLeft;
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
    if (this.large && areTooSmall(this.canvas.camera().scale)) return null; // they are not drawn
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
    const turned = this.picture.reveal(
      this.placeOf(node),
      this.#bounds(),
      this.hooks.legendHeight(),
    );
    // To measure what it stands in would force a layout at each step.
    const isAlong = this.isLed && !(this.large && this.isScene);
    const along = this.large ? walkOn : wayBack;
    const camera = isAlong && along(this.#shown(this.canvas.size), this.canvas.camera());
    if (camera) this.look(camera);
    return turned || Boolean(camera);
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
    } else if (!room || canReadAll(this.#shown(), true)) {
      this.before = { camera: this.canvas.camera(), level };
      this.fit(false);
    } else return;
    this.keepCamera();
  }

  /**
   * Show everything.
   * @param {boolean} [remember] false for the first look, at which what is selected, or what the
   *   player is at, is in view
   */
  fit(remember = true) {
    const shown = this.#shown();
    const { visible, size, covered } = shown;
    if (!visible.length || size.width <= 0 || size.height <= covered) return; // not on the page yet
    if (remember) {
      this.look(wholeCamera(shown));
      this.looked();
      return;
    }
    const { camera, isSpoken } = firstLook(shown);
    this.look(camera);
    if (!isSpoken) this.#turnTo(shown.state.node);
  }

  /** @returns {Shown} */
  #shown(size = this.canvas.measure()) {
    const { model, visible, mentions, isScene, large } = this;
    return {
      ...{ model, visible, mentions, isScene, large },
      isPart: this.window[1] - this.window[0] + 1 < model.T,
      state: this.hooks.stateOf(),
      size,
      covered: this.hooks.legendHeight(),
      placeOf: (node) => this.placeOf(node),
    };
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
    const [camera, bounds] = [this.canvas.camera(), this.#bounds()];
    const { isLed } = this;
    cameras.set(nameOf(this.model), { camera, T: this.model.T, bounds, isLed });
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
