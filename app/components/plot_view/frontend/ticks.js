/** Along an axis, as many numbers and names are written as have room beside one another. */

import { axesOf } from "./axes.js";
import { plain, widthOf } from "./text_width.js";

/** @import { Axis, Layout } from "./figure.d.ts" */

const GAP = 6; // pixels between two of them
const LETTERS = -3; // letters of a text may stand as close as in print: their boxes touch there, too
const EACH = 40; // pixels for a number
const ROW = 17; // pixels from one line to the next

/**
 * @param {Layout} layout with its width and the ranges that will be drawn; changed in place
 * @param {string} font of the page
 */
export function fitTicks(layout, font) {
  for (const [name, axis] of axesOf(layout)) {
    const [start, end] = axis.domain ?? [0, 1];
    if (name.startsWith("y")) {
      const { height, margin } = layout;
      fitRows(axis, (height - margin.t - margin.b) * (end - start));
    }
    if (!name.startsWith("x") || !axis.range) continue;
    const room = (layout.width - layout.margin.l - layout.margin.r) * (end - start);
    const pixels = room / Math.abs(axis.range[1] - axis.range[0]);
    if (axis.ticktext) thin(axis, pixels, font);
    else if (axis.dtick === 1 && axis.tickformat === "d") {
      const widest = Math.max(
        ...axis.range.map((value) => widthOf(String(Math.round(value)), font)),
      );
      axis.dtick = roundAbove((widest + GAP) / pixels);
      if (axis.dtick > 1) axis.tick0 = 0;
    } else if (axis.dtick && axis.type === "log") {
      axis.dtick *= roundAbove(EACH / (axis.dtick * pixels));
    } else if (!axis.dtick) {
      axis.tickangle = 0; // turned ones reach into what stands below
      const fit = [axis.nticks ?? Infinity, Math.max(2, Math.floor(room / EACH))];
      // Halves of whole numbers would be written as these: each of them twice.
      if (axis.tickformat === "d") fit.push(Math.max(1, Math.floor(room / pixels)));
      axis.nticks = Math.min(...fit);
    }
  }
}

/**
 * Numbers that stand below one another.
 * @param {Axis} axis
 * @param {number} room pixels
 */
function fitRows(axis, room) {
  const most = Math.max(2, Math.floor(room / ROW));
  if (axis.nticks) axis.nticks = Math.min(axis.nticks, most);
  const { dtick, range, tickvals } = axis;
  if (axis.ticktext || !range) return; // names are not left out
  if (tickvals) {
    const each = Math.ceil(tickvals.length / most);
    axis.tickvals = tickvals.filter((_, i) => i % each === 0);
  }
  if (!dtick) return;
  const times = Math.abs(range[1] - range[0]) / dtick / most;
  if (times <= 1) return;
  axis.dtick = dtick * roundAbove(times);
  axis.tick0 = 0;
}

/**
 * Leave out each name that would touch the one before it.
 * @param {Axis} axis
 * @param {number} pixels of one unit
 * @param {string} font
 */
function thin(axis, pixels, font) {
  const { ticktext = [], tickvals = [] } = axis;
  const gap = ticktext.every((text) => [...plain(text)].length === 1) ? LETTERS : GAP;
  let free = -Infinity;
  const kept = tickvals.map((value, i) => {
    const at = (axis.type === "log" ? Math.log10(value) : value) * pixels;
    const half = widthOf(String(ticktext[i]), font) / 2;
    if (at - half < free) return false;
    free = at + half + gap;
    return true;
  });
  axis.tickvals = tickvals.filter((_, i) => kept[i]);
  axis.ticktext = ticktext.filter((_, i) => kept[i]);
}

/**
 * The least of 1, 2, 5, 10, 20 … that is at least `size`.
 * @param {number} size
 */
function roundAbove(size) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(size, 1)));
  return [1, 2, 5].map((factor) => factor * ten).find((step) => step >= size) ?? 10 * ten;
}
