/** How wide a text of a figure is, in pixels. */

const FONT_SIZE = 13;
const TAG = /<[^>]*>/g;

const pen = document.createElement("canvas").getContext("2d");

/** @param {string} text with Plotly's tags @param {string} font of the page */
export function widthOf(text, font) {
  pen.font = `${FONT_SIZE}px ${font}`;
  return pen.measureText(text.replace(TAG, "")).width;
}
