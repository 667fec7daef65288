/** How wide a text of a figure is, in pixels. */

import { common } from "../../shared/frontend/common.js";
import { contextOf } from "../../shared/frontend/dom.js";

const TAG = /<[^>]*>/g;
const ESCAPED = /&(?:amp|lt|gt);/g; // one character, about as wide as an n

const pen = contextOf(document.createElement("canvas"));

/** @param {string} text with Plotly's tags @param {string} font of the page */
export function widthOf(text, font) {
  pen.font = `${common().charts.letters}px ${font}`;
  return pen.measureText(plain(text)).width;
}

/**
 * The text as it is drawn, but for what an escaped character is.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(TAG, "").replace(ESCAPED, "n");
}
