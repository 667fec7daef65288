/**
 * Pictures of nodes: a look is drawn once and then copied, since text is what costs most.
 *
 * Pictures have the resolution of the canvas and are copied to whole pixels, so they are as sharp
 * as what they stand for. While the zoom changes, nodes are drawn directly.
 */

import { contextOf } from "../../shared/frontend/dom.js";
import { RIM } from "./boxes.js";
import { drawNode } from "./shapes.js";

/** @import { Drawn, Look } from "./shapes.js" */

const MOST_NEW = 24; // made during one redraw: after a zoom not all are to be made at once
const REST_MS = 120; // without a redraw, after which those that are missing are made

export class Faces {
  /** @param {() => void} redraw asks for another redraw */
  constructor(redraw) {
    this.redraw = redraw;
    this.waiting = 0;
    /** @type {WeakMap<Drawn, {key: string, image: HTMLCanvasElement}>} */
    this.pictures = new WeakMap();
    this.zoom = 0;
    this.steady = false;
    this.origin = { x: 0, y: 0 };
    this.budget = 0;
  }

  /**
   * Call at the start of each redraw, with the transform that the nodes are drawn in.
   * @param {CanvasRenderingContext2D} context
   */
  begin(context) {
    const { a, e, f } = context.getTransform();
    this.steady = a === this.zoom;
    if (!this.steady) this.forget();
    clearTimeout(this.waiting);
    this.waiting = this.steady ? 0 : setTimeout(this.redraw, REST_MS);
    this.zoom = a;
    this.origin = { x: e, y: f };
    this.budget = MOST_NEW;
  }

  destroy() {
    clearTimeout(this.waiting);
  }

  /** Fonts have arrived, or something else that the key of a look does not say. */
  forget() {
    this.pictures = new WeakMap();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Drawn} node
   * @param {number} x
   * @param {number} y
   * @param {Look} look
   */
  draw(context, node, x, y, look) {
    const picture = this.steady ? this.pictureOf(node, look) : null;
    if (!picture) {
      drawNode(context, node, x, y, look);
      return;
    }
    const { zoom, origin } = this;
    const { width, height } = node.box;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(
      picture.image,
      Math.round(origin.x + zoom * (x - width / 2 - RIM)),
      Math.round(origin.y + zoom * (y - height / 2 - RIM)),
    );
    context.setTransform(zoom, 0, 0, zoom, origin.x, origin.y);
  }

  /**
   * @returns {?{key: string, image: HTMLCanvasElement}} null: not now
   * @param {Drawn} node
   * @param {Look} look
   */
  pictureOf(node, look) {
    const made = this.pictures.get(node);
    if (made?.key === look.key) return made;
    if (this.budget <= 0) {
      this.waiting ||= setTimeout(this.redraw, REST_MS);
      return null;
    }
    this.budget -= 1;
    const { width, height } = node.box;
    const image = made?.image ?? document.createElement("canvas");
    image.width = Math.ceil((width + 2 * RIM) * this.zoom); // clears it as well
    image.height = Math.ceil((height + 2 * RIM) * this.zoom);
    const context = contextOf(image);
    context.setTransform(this.zoom, 0, 0, this.zoom, 0, 0);
    drawNode(context, node, width / 2 + RIM, height / 2 + RIM, look);
    const picture = { key: look.key, image };
    this.pictures.set(node, picture);
    return picture;
  }
}
