/** A drawing for a lecture hall: the page enlarges it by `zoom`, and no more of it fits a screen. */

/** @import { Layout } from "./figure.d.ts" */

const LEAST = 0.55; // of its height, however little room there is
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
 * Make a drawing so low that it ends where the window does, or takes its share of its height, if
 * there is less room below what stands above.
 * @param {Layout} layout changed in place
 * @param {HTMLElement} frame where it is drawn
 * @param {number} share
 */
export function fitScreen(layout, frame, share) {
  if (!share) return;
  const zoom = zoomOf(frame);
  const left = innerHeight - frame.getBoundingClientRect().top - MARGIN;
  const room = Math.max(left, innerHeight * share) / zoom;
  const { t, b } = layout.margin;
  const before = layout.height - t - b;
  layout.height = Math.min(layout.height, Math.max(room, LEAST * layout.height));
  const shrunk = before / (layout.height - t - b);
  // Where names stand is told in shares of the height.
  if (layout.legend?.y !== undefined) {
    const { y } = layout.legend;
    layout.legend.y = y < 0 ? y * shrunk : 1 - (1 - y) * shrunk;
  }
  layout.hovermode = false; // Plotly looks beside the pointer on an enlarged page
}
