/** At each edge of a canvas beyond which the graph goes on: a shade. */

import { el } from "../../shared/frontend/dom.js";
import { boundsOf } from "./sight.js";

/** @import { Bounds, Placed } from "./sight.js" */
/** @import { Sight } from "./lines.js" */

const LEAST = 2; // units of the graph: so much of a box's rim may be outside

export class Beyond {
  /** @param {HTMLElement} container of the canvas */
  constructor(container) {
    this.element = el("div", { class: "ur-beyond" });
    container.append(this.element);
    /** @type {?Bounds} of all boxes on the canvas */
    this.bounds = null;
    this.sides = "";
  }

  /** @param {Placed[]} boxes */
  take(boxes) {
    this.bounds = boxes.length ? boundsOf(boxes, -LEAST) : null;
  }

  /**
   * At each redraw: the page is told only where that is new.
   * @param {Sight["centre"]} centre of what is seen
   * @param {Sight["centre"]} half   of its width and height
   */
  show(centre, half) {
    const sides = this.bounds ? outside(this.bounds, centre, half) : "";
    if (sides === this.sides) return;
    this.sides = sides;
    this.element.dataset.sides = sides;
  }
}

/**
 * @param {Bounds} bounds
 * @param {Sight["centre"]} centre
 * @param {Sight["centre"]} half
 */
function outside({ left, right, top, bottom }, { x, y }, half) {
  const sides = [
    left < x - half.x && "left",
    right > x + half.x && "right",
    top < y - half.y && "top",
    bottom > y + half.y && "bottom",
  ];
  return sides.filter(Boolean).join(" ");
}
