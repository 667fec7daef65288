/** One camera for both graphs: what is at the same place in both is the same thing. */

import { NAME_SIZE } from "../../graph_view/frontend/boxes.js";
import { framing } from "../../graph_view/frontend/sight.js";

/** @import { Camera as Place } from "../../shared/frontend/gestures.js" */
/** @import { Bounds } from "../../graph_view/frontend/sight.js" */
/** @import { Node, Pane } from "./pane.js" */

const LARGEST = 0.9;
const READABLE = 0.6;
const LECTURE_HALL = 24 / NAME_SIZE; // the names of functions are then 24 pixels high
const SMALLEST = 0.3; // of graphs that are shown whole

export class Camera {
  /** @type {Place|undefined} where to look first */
  #wanted = undefined;
  #least = READABLE; // at the first look
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
   * As last time, or so that all rows are readable: from the beginning, in a show from the loss.
   * @param {Place|undefined} camera
   * @param {boolean} all whether everything is to be taken in
   * @param {boolean} large whether it is for a lecture hall, whatever of it there is room for
   */
  first(camera, all, large) {
    this.#wanted = camera;
    this.#least = all ? SMALLEST : READABLE;
    this.#large = large;
    this.#look();
  }

  #look() {
    this.#untouched = !this.#wanted;
    this.#waiting = !this.panes[0].canvas.measure().width;
    if (this.#waiting) return;
    if (this.#wanted) this.set(this.#wanted);
    else this.#fit(this.#least);
  }

  /** Show all of both graphs. */
  fit() {
    this.#fit(0);
    this.moved();
  }

  /** As much of both graphs as is readable at a least scale. @param {number} least */
  #fit(least) {
    const all = around(this.panes.flatMap((pane) => pane.bounds() ?? []));
    if (!all) return;
    const size = this.size();
    const whole = Math.min(
      size.width / (all.right - all.left),
      size.height / (all.bottom - all.top),
      LARGEST,
    );
    const rows = around(this.panes.flatMap((pane) => pane.bounds(true) ?? [])) ?? all;
    const readable = Math.min(least, size.height / (rows.bottom - rows.top));
    const isLarge = this.#large && least > 0;
    const scale = isLarge ? LECTURE_HALL : Math.max(whole, readable);
    const { top, bottom } = scale > whole ? rows : all;
    this.set(framing({ ...all, top, bottom }, size, scale, { atEnd: isLarge }));
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

/** @param {Bounds[]} bounds @returns {?Bounds} what all of them take up; null for none */
function around(bounds) {
  if (!bounds.length) return null;
  return {
    left: Math.min(...bounds.map((box) => box.left)),
    right: Math.max(...bounds.map((box) => box.right)),
    top: Math.min(...bounds.map((box) => box.top)),
    bottom: Math.max(...bounds.map((box) => box.bottom)),
  };
}
