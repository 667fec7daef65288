/** One camera for both graphs: what is at the same place in both is the same thing. */

const LARGEST = 1.15;
const READABLE = 0.9;
const SMALLEST = 0.4; // of graphs that are shown whole

import { revealing } from "../../graph_view/frontend/sight.js";

/** @import { Camera as Place } from "../../shared/frontend/gestures.js" */
/** @import { Node } from "./pane.js" */

export class Camera {
  /** @param {import("./pane.js").Pane[]} panes */
  constructor(panes) {
    this.panes = panes;
    this.all = false; // whether the first look takes in everything
    /** @type {(place: Place) => void} */
    this.keep = () => {};
    /** @type {Place|undefined} where to look first */
    this.wanted = undefined;
    this.waiting = false; // for a size
    this.untouched = false; // since the first look
  }

  /**
   * The panes get their size only after the first data, and again when the styles arrive: the first
   * look waits for that, and holds until the user moves. After vis-network's own look at the size.
   */
  onResize() {
    if ((this.waiting || this.untouched) && this.size().width) this.first(this.wanted);
  }

  size() {
    return this.panes[0].canvas.size;
  }

  /**
   * As last time, or so that all rows are readable, from the side of the loss.
   * @param {Place} [camera]
   */
  first(camera) {
    this.wanted = camera;
    this.untouched = !camera;
    this.waiting = !this.panes[0].canvas.measure().width;
    if (this.waiting) return;
    if (camera) this.set(camera);
    else this.fit(this.all ? SMALLEST : READABLE);
  }

  /** Show all of both graphs, or as much as is readable at a least scale. */
  fit(least = 0) {
    const bounds = this.panes.flatMap((pane) => pane.bounds() ?? []);
    if (!bounds.length) return;
    const left = Math.min(...bounds.map((box) => box.left));
    const right = Math.max(...bounds.map((box) => box.right));
    const top = Math.min(...bounds.map((box) => box.top));
    const bottom = Math.max(...bounds.map((box) => box.bottom));
    const { width, height } = this.size();
    const whole = Math.min(width / (right - left), height / (bottom - top), LARGEST);
    const scale = Math.max(whole, Math.min(least, height / (bottom - top)));
    const fits = width / scale >= right - left;
    const x = fits ? (left + right) / 2 : right - width / scale / 2;
    this.set({ position: { x, y: (top + bottom) / 2 }, scale });
    if (!least) this.moved(this.panes[0].canvas.camera());
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
    this.moved(camera);
  }

  /** @param {number} factor */
  zoom(factor) {
    const { position, scale } = this.panes[0].canvas.camera();
    this.set({ position, scale: scale * factor });
    this.moved(this.panes[0].canvas.camera());
  }

  /** @param {Place} camera */
  moved(camera) {
    this.untouched = false;
    this.keep(camera);
  }

  /**
   * Bring a node into view if it is outside.
   * @param {?Node|undefined} node
   */
  reveal(node) {
    if (!node) return;
    const [pane] = this.panes;
    const target = revealing(pane.placeOf(node), pane.canvas.camera(), this.size());
    if (target) this.set(target);
  }
}
