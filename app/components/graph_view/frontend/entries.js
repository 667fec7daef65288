/** What a learner has written in a node, each number in the colour and with the sign of its mark. */

import { common } from "../../shared/frontend/common.js";
import { numberIn } from "./boxes.js";

/** @import { Box } from "./boxes.js" */
/** @import { CanvasTheme } from "./looks.js" */

/**
 * @typedef {object} Entry
 * @property {string} text empty where nothing is written
 * @property {""|"right"|"follows"|"near"|"wrong"|"shown"|"given"} status
 */

const LARGEST = 15; // graph units
const SMALLEST = 8;
const SIGNS = { right: "✓", follows: "✓", near: "✗", wrong: "✗" };

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{left: number, top: number}} corner
 * @param {{width: number, height: number}} cell
 * @param {Box} box
 * @param {Entry[]} entries row by row of the numbers
 * @param {{theme: CanvasTheme, gradient: boolean}} look
 */
export function drawEntries(context, corner, cell, box, entries, { theme, gradient }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  entries.forEach((_, k) => {
    const [row, column] = [Math.floor(k / box.columns), k % box.columns];
    const { text, status } = entries[numberIn(box, row, column)];
    const left = corner.left + column * cell.width;
    const top = corner.top + row * cell.height;
    const [width, height] = [cell.width - 2, cell.height - 2];
    const colour = colourOf(status, theme);
    context.globalAlpha = status ? 0.2 : 0.1;
    context.fillStyle = colour;
    context.fillRect(left + 1, top + 1, width, height);
    context.globalAlpha = 1;
    context.fillStyle = text ? theme.text : theme.primary;
    const style = text ? (gradient ? "italic " : "") : "bold ";
    const sign = status in SIGNS ? SIGNS[/** @type {keyof typeof SIGNS} */ (status)] : "";
    const written = text ? `${text.replace("-", "−")}${sign && ` ${sign}`}` : "?";
    write(context, written, width - 4, Math.min(LARGEST, height - 3), theme.mono, style);
    context.fillText(written, left + cell.width / 2, top + cell.height / 2 + 0.5);
    if (!status || status === "given") return;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.strokeRect(left + 1, top + 1, width, height);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} room
 * @param {number} size
 * @param {string} font
 * @param {string} style
 */
function write(context, text, room, size, font, style) {
  /** @param {number} pixels */
  const fontOf = (pixels) => `${style}${pixels}px ${font}`;
  context.font = fontOf(size);
  const { width } = context.measureText(text);
  if (width > room) context.font = fontOf(Math.max(SMALLEST, (size * room) / width));
}

/** @param {Entry["status"]} status @param {CanvasTheme} theme */
function colourOf(status, theme) {
  if (status === "right" || status === "follows") return theme.right;
  if (status === "wrong" || status === "near") return common().colours.caution;
  return status === "given" ? theme.faint : theme.primary;
}
