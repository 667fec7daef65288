/**
 * The marks of the current step: plain elements over the drawing, moved without drawing again.
 *
 * The margins of our figures are fixed, so the places follow from the layout alone.
 */

import { el } from "../../shared/frontend/dom.js";
import { axisOf } from "./axes.js";

/** @import { Axis, Figure, Layout, Numbers } from "./figure.d.ts" */

const NARROWEST = 3; // pixels

/** @typedef {{kind: string, x: number, y: number, width?: number, height?: number}} Mark in pixels */

export class Marks {
  /** @param {HTMLElement} over the element that holds the drawing */
  constructor(over) {
    this.layer = el("div", { class: "ur-plots-marks", "aria-hidden": "true" });
    /** @type {HTMLElement[]} */
    this.shown = [];
    over.append(this.layer);
  }

  /**
   * A band over one step of a time axis, and a veil over the steps before `since`.
   * @param {Layout} layout
   * @param {number} width
   * @param {number} t
   * @param {number} since
   */
  band(layout, width, t, since) {
    const { margin } = layout;
    const [from, to] = layout.xaxis.range;
    const half = Math.max(0.5, ((NARROWEST / 2) * (to - from)) / (width - margin.l - margin.r));
    return this.show([
      ...(since > 0 ? stretch("veil", layout, width, from, since - 0.5) : []),
      ...stretch("band", layout, width, t - half, t + half),
    ]);
  }

  /**
   * A ring around the state of step t in each panel of the state space.
   * @param {Figure} figure
   * @param {number} width
   * @param {number} t
   */
  rings(figure, width, t) {
    const { data, layout } = figure;
    const { margin, height } = layout;
    /** @type {Mark[]} */
    const places = [];
    for (const trace of data) {
      if (!trace.meta?.path) continue;
      const k = nearest(trace.customdata, t);
      const across = axisOf(layout, trace.xaxis ?? "x");
      const up = axisOf(layout, trace.yaxis ?? "y");
      const x = along(across, trace.x[k]);
      const y = along(up, trace.y[k]);
      if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) continue;
      const [start, end] = across.domain ?? [0, 1];
      places.push({
        kind: "ring",
        x: margin.l + (width - margin.l - margin.r) * (start + (end - start) * x),
        y: margin.t + (height - margin.t - margin.b) * (1 - y),
      });
    }
    return this.show(places);
  }

  /** @param {Mark[]} places */
  show(places) {
    while (this.shown.length > places.length) this.shown.pop()?.remove();
    places.forEach((place, i) => {
      const mark = (this.shown[i] ??= this.layer.appendChild(el("div")));
      mark.className = `ur-plots-${place.kind}`;
      mark.style.transform = `translate(${place.x}px, ${place.y}px)`;
      mark.style.width = place.width === undefined ? "" : `${place.width}px`;
      mark.style.height = place.height === undefined ? "" : `${place.height}px`;
    });
  }
}

/**
 * The part of the plot between two places of its time axis; nothing when they are out of view.
 * @param {string} kind
 * @param {Layout} layout
 * @param {number} width
 * @param {number} low
 * @param {number} high
 * @returns {Mark[]}
 */
function stretch(kind, { margin, height, xaxis }, width, low, high) {
  const [from, to] = xaxis.range;
  const across = width - margin.l - margin.r;
  const [left, right] = [low, high].map(
    (at) => Math.min(Math.max((at - from) / (to - from), 0), 1) * across,
  );
  if (right <= left) return [];
  const size = { width: right - left, height: height - margin.t - margin.b };
  return [{ kind, x: margin.l + left, y: margin.t, ...size }];
}

/** @param {Axis} axis @param {number} value */
const along = (axis, value) => (value - axis.range[0]) / (axis.range[1] - axis.range[0]);

/**
 * Index of the greatest step drawn that is not after t.
 * @param {Numbers} steps
 * @param {number} t
 */
function nearest(steps, t) {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (steps[middle] <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The step at a horizontal place, or null outside the axis.
 * @param {Layout} layout
 * @param {number} width
 * @param {number} x
 */
export function stepAt(layout, width, x) {
  const [from, to] = layout.xaxis.range;
  const share = (x - layout.margin.l) / (width - layout.margin.l - layout.margin.r);
  return share >= 0 && share <= 1 ? Math.round(from + share * (to - from)) : null;
}
