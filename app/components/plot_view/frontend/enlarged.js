/** A drawing for a lecture hall: the page enlarges it by `zoom`, and no more of it fits a screen. */

import { leastOfLanes, spreadLanes } from "./lanes.js";
import { placeLegend } from "./legend.js";

/** @import { Layout } from "./figure.d.ts" */

const LEAST = 0.5; // of a plot's height, however little room there is
const LINES = 72; // pixels in which lines can be told apart
const MARGIN = 12; // pixels below it

/**
 * How many pixels of the screen one of an element's own is.
 * @param {Element} element
 */
export const zoomOf = (element) => element.currentCSSZoom || 1;

/**
 * The share of the window's height that the page asks for by `--ur-plots-share`; 0 if it does not.
 * @param {Element} frame
 */
export const shareOf = (frame) =>
  Number(getComputedStyle(frame).getPropertyValue("--ur-plots-share"));

/**
 * Where an element begins, in pixels of the screen from the top of a page that is not scrolled.
 * @param {Element} element
 */
export const topOf = (element) =>
  element.getBoundingClientRect().top + (element.closest("[data-testid=stMain]")?.scrollTop ?? 0);

/**
 * Make a drawing so low that it ends where the window does; one for which no room is left there, so
 * that ↓ leads to it, takes its share of the height. The plot gives way to its numbers and names.
 * @param {Layout} layout with the room for its names; changed in place
 * @param {HTMLElement} frame where it is drawn
 * @param {number} share
 * @param {number} names  pixels that those beside the plot take from its top down
 */
export function fitScreen(layout, frame, share, names) {
  if (!share) return;
  const zoom = zoomOf(frame);
  const { t, b } = layout.margin;
  const before = layout.height - t - b;
  const lines = Math.min(LEAST * before, layout.showlegend ? LINES : Infinity);
  const least = Math.max(lines, leastOfLanes(layout), names) + t + b;
  // A show has no buttons that they would stand below.
  if (names && layout.legend) layout.legend.y = 1;
  const left = (innerHeight - topOf(frame) - MARGIN) / zoom;
  const room = left < least ? (innerHeight * share) / zoom + (layout.showlegend ? b : 0) : left;
  layout.height = Math.min(layout.height, Math.max(room, least));
  spreadLanes(layout);
  placeLegend(layout, before / (layout.height - t - b));
  layout.hovermode = false; // Plotly looks beside the pointer on an enlarged page
}
