/**
 * The marks of the current step: plain elements over the drawing, moved without drawing again.
 *
 * The margins of our figures are fixed, so the places follow from the layout alone.
 */

import { el } from "../../frontend/dom.js";

const NARROWEST = 3; // pixels

export class Marks {
  /** @param {HTMLElement} over the element that holds the drawing */
  constructor(over) {
    this.layer = el("div", { class: "ur-plots-marks", "aria-hidden": "true" });
    over.append(this.layer);
  }

  /** A band over one step of a time axis, and a veil over the steps before `since`. */
  band(layout, width, t, since) {
    const { margin } = layout;
    const [from, to] = layout.xaxis.range;
    const half = Math.max(0.5, ((NARROWEST / 2) * (to - from)) / (width - margin.l - margin.r));
    return this.show([
      ...(since > 0 ? stretch("veil", layout, width, from, since - 0.5) : []),
      ...stretch("band", layout, width, t - half, t + half),
    ]);
  }

  /** A ring around the state of step t in each panel of the state space. */
  rings(figure, width, t) {
    const { data, layout } = figure;
    const { margin, height } = layout;
    const places = [];
    for (const trace of data) {
      if (!trace.meta.path) continue;
      const k = nearest(trace.customdata, t);
      const across = layout[trace.xaxis.replace("x", "xaxis")];
      const up = layout[trace.yaxis.replace("y", "yaxis")];
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

  show(places) {
    while (this.layer.children.length > places.length) this.layer.lastChild.remove();
    places.forEach((place, i) => {
      const mark = this.layer.children[i] ?? this.layer.appendChild(el("div"));
      mark.className = `ur-plots-${place.kind}`;
      mark.style.transform = `translate(${place.x}px, ${place.y}px)`;
      mark.style.width = place.width === undefined ? "" : `${place.width}px`;
      mark.style.height = place.height === undefined ? "" : `${place.height}px`;
    });
  }
}

/** The part of the plot between two places of its time axis; nothing when they are out of view. */
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

const along = (axis, value) => (value - axis.range[0]) / (axis.range[1] - axis.range[0]);

/** Index of the greatest step drawn that is not after t. */
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

/** The step at a horizontal place, or null outside the axis. */
export function stepAt(layout, width, x) {
  const [from, to] = layout.xaxis.range;
  const share = (x - layout.margin.l) / (width - layout.margin.l - layout.margin.r);
  return share >= 0 && share <= 1 ? Math.round(from + share * (to - from)) : null;
}
