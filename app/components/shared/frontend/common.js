/**
 * What JavaScript shares with Python: levels, colours, limits, and how numbers are written.
 *
 * Python tells it to the page before any front end is loaded, so it is there whenever one asks.
 */

/** @import { Common } from "./data.d.ts" */

/** @type {?Common} */
let table = null;

/** @param {Common} sent */
export function tell(sent) {
  table = sent;
  const { style } = document.documentElement;
  style.setProperty("--ur-caution", sent.colours.caution);
  style.setProperty("--ur-wrong", sent.colours.wrong);
}

/** @returns {Common} */
export function common() {
  if (!table) throw new Error("Python has not told the page anything yet.");
  return table;
}

/** The colours of a theme. @param {{dark: boolean}} theme */
export const coloursOf = ({ dark }) => common().colours.themes[dark ? "dark" : "light"];
