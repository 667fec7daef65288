/** Room for the names of lines: beside the drawing where there is some, else in rows below it. */

import { widthOf } from "./text_width.js";

/** @import { Figure, Layout } from "./figure.d.ts" */

const NARROW = 520; // pixels
const SYMBOL = 46; // pixels before a name, and after it: Plotly's 30 + 10 + 5, and one
const ROW = 20;
const ABOVE = 46; // pixels of tick labels and title between a plot and the names below it
const RIGHT = 16;
const BESIDE = 8; // pixels between a plot and the names beside it, however wide the plot is
const END = 4; // pixels after the longest name beside a plot
const AIR = 12; // pixels under the names

/** Whether a drawing has no room for names beside what they name. @param {Layout} layout */
export const isNarrow = ({ width }) => width < NARROW;

/**
 * @param {Figure} figure with its width; its height and margins are changed
 * @param {string} font of the page
 * @returns {number} pixels that names beside the plot take from its top down
 */
export function fitLegend({ data, layout }, font) {
  if (!layout.showlegend) return 0;
  const under = layout.legend?.orientation === "h";
  const names = data
    .filter(({ type, showlegend }) => type !== "heatmap" && showlegend !== false)
    .flatMap(({ name }) => name || []);
  const widths = names.map((name) => SYMBOL + widthOf(name, font));
  if (!under && !isNarrow(layout)) {
    layout.margin.r = Math.max(layout.margin.r, BESIDE + Math.max(0, ...widths) + END);
    const { l, r } = layout.margin;
    layout.legend = { ...layout.legend, x: 1 + BESIDE / (layout.width - l - r) };
    return ROW * names.length + AIR;
  }
  if (!under && !data.some(({ type }) => type === "heatmap") && !layout.coloraxis) {
    layout.margin.r = RIGHT;
  }
  const { l, r } = layout.margin;
  const rows = rowsOf(widths, layout.width - l - r);
  let more = ROW * (rows + 0.5);
  if (under) more = Math.max(0, ABOVE + ROW * rows + AIR - layout.margin.b);
  layout.height += more;
  if (under) layout.margin.b += more;
  else below(layout, more);
  return 0;
}

/**
 * How many rows Plotly needs: one, or columns as wide as the widest name.
 * @param {number[]} widths
 * @param {number} room
 */
function rowsOf(widths, room) {
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return 1;
  return Math.ceil(widths.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/**
 * Keep names where they are, which is told in shares of a plot's height, when that has shrunk.
 * @param {Layout} layout
 * @param {number} shrunk by which factor
 */
export function placeLegend({ legend }, shrunk) {
  if (legend?.y === undefined) return;
  legend.y = legend.y < 0 ? legend.y * shrunk : 1 - (1 - legend.y) * shrunk;
}

/** @param {Layout} layout @param {number} more */
function below(layout, more) {
  const plot = layout.height - more - layout.margin.t - layout.margin.b;
  layout.legend = { orientation: "h", x: 0, y: -ABOVE / plot, yanchor: "top" };
  layout.margin.b += more;
}
