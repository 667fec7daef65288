/**
 * The edges at rest as a picture: hundreds of lines are most of a redraw, and a step of the player
 * marks a few of them and widens a few more.
 *
 * While the camera moves, edges are drawn directly.
 */

import { contextOf } from "../../shared/frontend/dom.js";
import { drawLines, inSight, keyOf } from "./lines.js";

/** @import { Line, Named, Sight, Style } from "./lines.js" */

/**
 * @template {Named} Edge
 * @typedef {{line: Line<Edge>, style: Style}} Styled
 */

/**
 * How edges look at rest, and those that a position uses or that are selected.
 * @template {Named} Edge
 * @typedef {{rest: (edge: Edge) => Style, active: (edge: Edge) => ?Style}} Styles
 */

/** @template {Named} Edge */
export class Layer {
  constructor() {
    this.canvas = document.createElement("canvas");
    /** @type {Map<Edge, Style>} */
    this.drawn = new Map(); // edge -> its style in the picture
    this.camera = "";
    /** @type {?{camera: string, lines: Line<Edge>[]}} */
    this.pictured = null; // camera and lines of the picture
  }

  /**
   * @param {CanvasRenderingContext2D} context with the transform of the graph
   * @param {Line<Edge>[]} lines of one window
   * @param {Styles<Edge>} styles
   * @param {Sight} sight
   */
  draw(context, lines, styles, sight) {
    /** @type {Styled<Edge>[]} */
    const active = [];
    /** @type {Styled<Edge>[]} */
    const resting = [];
    for (const line of lines) {
      if (!inSight(line, sight)) continue;
      resting.push({ line, style: styles.rest(line.edge) });
      const style = styles.active(line.edge);
      if (style) active.push({ line, style });
    }
    const { a, e, f } = context.getTransform();
    const { width, height } = context.canvas;
    const camera = [a, e, f, width, height].join(" ");
    if (camera === this.camera) {
      this.renew(lines, resting, context);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(this.canvas, 0, 0);
      context.setTransform(a, 0, 0, a, e, f);
    } else drawLines(context, resting);
    this.camera = camera;
    drawLines(context, active); // over themselves at rest, which are thinner
  }

  /**
   * Add what has become wider; anything else that differs takes a new picture.
   * @param {Line<Edge>[]} lines
   * @param {Styled<Edge>[]} resting
   * @param {CanvasRenderingContext2D} source
   */
  renew(lines, resting, source) {
    const same = this.pictured?.camera === this.camera && this.pictured?.lines === lines;
    const changed = same ? resting.filter((each) => this.differs(each)) : resting;
    const onlyWider = changed.every(({ line, style }) => {
      const before = this.drawn.get(line.edge);
      return before && before.colour === style.colour && before.width < style.width;
    });
    const added = same && onlyWider;
    const shown = added ? changed : resting;
    if (!added) {
      this.drawn.clear();
      this.canvas.width = source.canvas.width; // clears it as well
      this.canvas.height = source.canvas.height;
    }
    this.pictured = { camera: this.camera, lines };
    for (const { line, style } of shown) this.drawn.set(line.edge, style);
    const context = contextOf(this.canvas);
    context.setTransform(source.getTransform());
    drawLines(context, shown);
  }

  /** @param {Styled<Edge>} styled */
  differs({ line, style }) {
    const before = this.drawn.get(line.edge);
    return !before || keyOf(before) !== keyOf(style);
  }
}
