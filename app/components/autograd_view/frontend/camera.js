/** One camera for both graphs: what is at the same place in both is the same thing. */

import { NAME_SIZE } from "../../graph_view/frontend/boxes.js";
import { lettersInAHall, spokenCamera } from "../../graph_view/frontend/lecture_hall.js";
import { boundsOf, framing, uncut } from "../../graph_view/frontend/sight.js";

/** @import { Camera as Place } from "../../shared/frontend/gestures.js" */
/** @import { Node, Pane } from "./pane.js" */

const LARGEST = 0.9;
const READABLE = 9 / NAME_SIZE; // the names of functions are then 9 pixels high
const NEARLY = 0.85; // of it: so much is given up to see all rows
const IN_A_HALL = 1 / 2; // of the letters of what is said: with larger ones a graph is two boxes
const SMALLEST = 0.3; // of graphs that are shown whole

export class Camera {
  /** @type {Place|undefined} where to look first */
  #wanted = undefined;
  #all = false; // whether everything is to be taken in
  /** @type {[Pane, Node][]} what is to be seen first where not all can be read: the same in both */
  #nodes = [];
  #large = false;
  #waiting = false; // for a size
  #untouched = false; // since the first look

  /**
   * @param {Pane[]} panes
   * @param {(place: Place) => void} keep what the user has chosen to look at
   */
  constructor(panes, keep) {
    this.panes = panes;
    this.keep = keep;
  }

  /**
   * The panes get their size only after the first data, and again when the styles arrive: the first
   * look waits for that, and holds until the user moves. After vis-network's own look at the size.
   */
  onResize() {
    if ((this.#waiting || this.#untouched) && this.size().width) this.#look();
  }

  size() {
    return this.panes[0].canvas.size;
  }

  /**
   * As last time, or all of both; where that cannot be read, what there is room for with a node in
   * view and no box cut.
   * @param {Place|undefined} camera
   * @param {boolean} all whether everything is to be taken in
   * @param {boolean} large whether it is for a lecture hall
   * @param {[Pane, Node][]} nodes  of which the first is in the first graph
   */
  first(camera, all, large, nodes) {
    this.#wanted = camera;
    this.#all = all;
    this.#large = large;
    this.#nodes = nodes;
    this.#look();
  }

  #look() {
    this.#untouched = !this.#wanted;
    this.#waiting = !this.panes[0].canvas.measure().width;
    if (this.#waiting) return;
    const camera = this.#wanted ?? this.#chosen();
    if (camera) this.set(camera);
  }

  /** Show all of both graphs. */
  fit() {
    const camera = this.#whole();
    if (camera) this.set(camera);
    this.moved();
  }

  /** Where both graphs are seen at once. */
  #whole() {
    const boxes = this.panes.flatMap((pane) => pane.boxes());
    if (!boxes.length) return null;
    const size = this.size();
    const all = boundsOf(boxes);
    const [width, height] = [all.right - all.left, all.bottom - all.top];
    const scale = Math.min(size.width / width, size.height / height, LARGEST);
    return framing(all, size, scale, { atEnd: false });
  }

  /** Where one looks at first. */
  #chosen() {
    const whole = this.#whole();
    if (!whole) return null;
    const readable = this.#all ? SMALLEST : this.#large ? hallScale() : READABLE;
    const found = this.#nodes.map(([pane, node]) => pane.placeOf(node));
    if (whole.scale >= readable || !found.length) return whole;
    const size = this.size();
    const boxes = this.panes.flatMap((pane) => pane.boxes());
    // The column of parameters may be far taller than the rest.
    const steps = this.panes.flatMap((pane) => pane.boxes(true));
    const { top, bottom } = boundsOf(steps.length ? steps : boxes);
    const high = size.height / (bottom - top);
    const least = high >= NEARLY * readable ? Math.min(readable, high) : readable;
    const [first] = found;
    const calm = uncut([first, ...boxes], size, least, LARGEST, first);
    // Where the boxes of a step stand too close for that, those that are nearest.
    return calm ?? spokenCamera(boxes, [found, boxes], size, 0, [least, least]);
  }

  /** @param {Place} camera */
  set(camera) {
    for (const pane of this.panes) pane.canvas.look(camera);
  }

  /**
   * The user has moved one of the two.
   * @param {number} index
   * @param {Place} camera
   */
  follow(index, camera) {
    this.panes[1 - index].canvas.look(camera);
    this.moved();
  }

  /** @param {number} factor */
  zoom(factor) {
    const { position, scale } = this.panes[0].canvas.camera();
    this.set({ position, scale: scale * factor });
    this.moved();
  }

  moved() {
    this.#untouched = false;
    this.keep(this.panes[0].canvas.camera());
  }

  /**
   * Bring a node into view if it is outside.
   * @param {Pane} pane
   * @param {?Node|undefined} node
   */
  reveal(pane, node) {
    if (node && pane.picture.reveal(pane.placeOf(node))) this.set(pane.canvas.camera());
  }
}

/** In a show a name takes so much less room than what is said that some boxes are seen at once. */
const hallScale = () => (IN_A_HALL * lettersInAHall()) / NAME_SIZE;
