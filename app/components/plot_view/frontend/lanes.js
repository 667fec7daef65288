/** Lanes with long names: beside the plot where there is room, else each above its own lane. */

import { common } from "../../shared/frontend/common.js";
import { isNarrow } from "./legend.js";
import { widthOf } from "./text_width.js";

/** @import { Annotation, Axis, Figure, Layout, Trace } from "./figure.d.ts" */

const LANE = 40; // pixels for a name and what lies below it
const DOWN = 0.22; // of a lane, by which what lies in it makes room for the name
const BETWEEN = 8; // pixels between two notes of a lane
const LOWEST = 17; // pixels of a lane whose name stands beside it
const GAP = 40; // pixels below the plot above: the numbers of its axis
const ABOVE = 80; // pixels of that plot in which a curve can be told

/**
 * A layout says by `meta.lanes` that its second vertical axis has a name for each lane, and by
 * `meta.left` that its left margin is that wide for the sake of such names.
 * @param {Figure} figure with its width; changed in place
 */
export function fitLanes({ data, layout }) {
  const { lanes, left } = layout.meta ?? {};
  if (!isNarrow(layout) || !(lanes || left)) return;
  layout.margin.l = common().charts.left;
  const axis = layout.yaxis2;
  if (!lanes || !axis?.domain || !layout.yaxis.domain) return;
  const { ticktext = [] } = axis;
  const around = layout.margin.t + layout.margin.b;
  const plot = layout.height - around;
  const [above, gap] = [1 - layout.yaxis.domain[0], layout.yaxis.domain[0] - axis.domain[1]];
  const heights = [LANE * Math.max(1, ticktext.length), gap * plot, above * plot];
  const total = heights.reduce((sum, height) => sum + height, 0);
  layout.height = total + around;
  layout.yaxis.domain = [1 - heights[2] / total, 1];
  axis.domain = [0, heights[0] / total];
  axis.showticklabels = false;
  for (const note of layout.annotations ?? []) note.y += DOWN;
  const names = ticktext.map((text, row) => ({
    text,
    x: 0,
    y: row - DOWN,
    xref: "x2 domain",
    yref: "y2",
    xanchor: "left",
    yanchor: "middle",
    showarrow: false,
    borderpad: 1,
  }));
  layout.annotations = [...(layout.annotations ?? []), ...names];
  for (const trace of data) {
    if (trace.yaxis === "y2" && !trace.meta?.accent) {
      trace.y = Float64Array.from(trace.y, (row) => row + DOWN);
    }
  }
}

/**
 * How high the plots are at least, in pixels: no lane's name touches the next one's.
 * @param {Layout} layout
 */
export const leastOfLanes = ({ meta, yaxis2 }) =>
  meta?.lanes && yaxis2 ? lanesOf(yaxis2) + GAP + ABOVE : 0;

/** @param {Axis} axis of the lanes */
function lanesOf({ ticktext = [], showticklabels }) {
  return Math.max(1, ticktext.length) * (showticklabels === false ? LANE : LOWEST);
}

/**
 * A drawing has been made lower: the curve above the lanes gives way to them.
 * @param {Layout} layout changed in place
 */
export function spreadLanes({ meta, height, margin, yaxis, yaxis2 }) {
  if (!meta?.lanes || !yaxis2?.domain || !yaxis.domain) return;
  const plot = height - margin.t - margin.b;
  const lanes = Math.max(yaxis2.domain[1], lanesOf(yaxis2) / plot);
  yaxis2.domain = [0, lanes];
  yaxis.domain = [Math.max(yaxis.domain[0], lanes + GAP / plot), 1];
}

/**
 * Notes in lanes hide what is drawn across them; where two of a lane have no room between their bars,
 * the second stands on its own bar.
 * @param {Figure} figure with its width and margins; changed in place
 * @param {string} font
 * @param {string} background
 */
export function fitNotes({ data, layout }, font, background) {
  if (!layout.meta?.lanes) return;
  const notes = layout.annotations ?? [];
  for (const note of notes) note.bgcolor = background;
  const limits = notes.filter(({ xref }) => xref === "x2");
  for (const note of limits) {
    const before = limits.find(({ y, xanchor }) => y === note.y && xanchor === "left");
    if (note.xanchor !== "right" || !before || note.x < before.x) continue;
    const needed = widthOf(before.text, font) + widthOf(note.text, font) + BETWEEN;
    const shifts = (before.xshift ?? 0) - (note.xshift ?? 0);
    if (pixels(layout, note.x - before.x) >= needed + shifts) continue;
    Object.assign(note, { x: (note.x + endOf(data, note)) / 2, xanchor: "center", xshift: 0 });
  }
}

/** Where the bar ends that a note stands at the beginning of. @param {Trace[]} data @param {Annotation} note */
function endOf(data, note) {
  for (const { x, y, yaxis, meta } of data) {
    if (yaxis !== "y2" || meta?.accent) continue;
    const at = x.findIndex((start, i) => start === note.x && y[i] === note.y);
    if (at >= 0) return x[at + 1];
  }
  return note.x;
}

/** How many pixels across a difference of numbers is. @param {Layout} layout @param {number} numbers */
function pixels({ width, margin, xaxis }, numbers) {
  const [from, to] = xaxis.range;
  return ((width - margin.l - margin.r) * numbers) / (to - from);
}
