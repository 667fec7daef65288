/** Heat maps beside one another: none is narrower than its title. */

import { axesOf } from "./axes.js";
import { widthOf } from "./text_width.js";

/** @import { Annotation, Layout } from "./figure.d.ts" */
/** @typedef {{ title: Annotation, axis: { domain: [number, number] } }} Panel */

const AIR = 10; // pixels between two titles

/**
 * Titles are notes over the left ends of their panels, in the same order; where one has no room,
 * its panel takes some from the wider ones of its row.
 * @param {Layout} layout with its width; domains and places of titles are changed
 * @param {string} font of the page
 */
export function fitPanels(layout, font) {
  const room = layout.width - layout.margin.l - layout.margin.r;
  const titles = (layout.annotations ?? []).filter(({ yref }) => yref === "paper");
  const across = axesOf(layout).flatMap(([name, axis]) => (name.startsWith("x") ? [axis] : []));
  if (titles.length !== across.length) return;
  /** @type {Map<number, Panel[]>} */
  const rows = new Map();
  titles.forEach((title, i) => {
    const { domain } = across[i];
    if (!domain) return;
    const axis = /** @type {Panel["axis"]} */ (across[i]);
    rows.set(title.y, [...(rows.get(title.y) ?? []), { title, axis }]);
  });
  for (const row of rows.values()) if (row.length > 1) widen(row, room, font);
}

/**
 * @param {Panel[]} row from left to right
 * @param {number} room pixels of all of them
 * @param {string} font
 */
function widen(row, room, font) {
  const widths = row.map(({ axis: { domain } }) => domain[1] - domain[0]);
  const [first, last] = [row[0].axis.domain[0], row[row.length - 1].axis.domain[1]];
  const gap = row[1].axis.domain[0] - row[0].axis.domain[1];
  const least = row.map(({ title }) => (widthOf(title.text, font) + AIR) / room - gap);
  if (widths.every((width, i) => width >= least[i])) return;
  const needed = widths.map((width, i) => Math.max(0, least[i] - width));
  const spare = widths.map((width, i) => Math.max(0, width - least[i]));
  const given = Math.min(1, sum(needed) / (sum(spare) || Infinity));
  const wanted = widths.map((width, i) => width + needed[i] - spare[i] * given);
  const share = (last - first - gap * (row.length - 1)) / sum(wanted);
  let at = first;
  row.forEach(({ title, axis }, i) => {
    axis.domain = [at, Math.min(1, at + wanted[i] * share)];
    title.x = at;
    at += wanted[i] * share + gap;
  });
}

/** @param {number[]} list */
function sum(list) {
  return list.reduce((total, one) => total + one, 0);
}
