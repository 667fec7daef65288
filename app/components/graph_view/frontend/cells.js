/** A node's numbers on the canvas. */

import { norm, short } from "../../shared/frontend/numbers.js";
import { CELL_HEIGHT, NUMBER_SIZE, numberIn } from "./boxes.js";

/** @import { Box, Inner } from "./boxes.js" */
/** @import { Look } from "./shapes.js" */

/**
 * Numbers that are written, each on its own colour.
 * @param {CanvasRenderingContext2D} context
 * @param {Inner} inner
 * @param {Box} box
 * @param {Look} look
 * @param {ArrayLike<number>} numbers
 */
export function drawCells(context, inner, box, look, numbers) {
  const width = inner.width / box.columns;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < box.rows; row += 1) {
    for (let column = 0; column < box.columns; column += 1) {
      const value = numbers[numberIn(box, row, column)];
      const left = inner.left + column * width;
      const top = inner.top + row * CELL_HEIGHT;
      fillCell(context, value, left, top, width - (box.columns > 1 ? 1 : 0), CELL_HEIGHT - 1, look);
      context.fillStyle = Number.isFinite(value) ? look.scale.ink(value) : look.theme.text;
      const text = short(value);
      write(context, text, width - 1, look); // a sign, four digits and a point: no smaller than 0.5
      context.fillText(text, left + width / 2, top + CELL_HEIGHT / 2 + 0.5);
    }
  }
}

/**
 * Set the font for a number, as large as fits.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} room
 * @param {Look} look
 * @param {number} [size]
 */
export function write(context, text, room, { gradient, theme }, size = NUMBER_SIZE) {
  /** @param {number} pixels */
  const fontOf = (pixels) => `${gradient ? "italic " : ""}${pixels}px ${theme.mono}`;
  context.font = fontOf(size);
  const { width } = context.measureText(text);
  if (width > room) context.font = fontOf((size * room) / width);
}

/**
 * Too many numbers to write: one coloured cell each, and the length of the whole.
 * @param {CanvasRenderingContext2D} context
 * @param {Inner} inner
 * @param {Box} box
 * @param {Look} look
 * @param {ArrayLike<number>} numbers
 */
export function heat(context, inner, box, look, numbers) {
  const height = box.body - CELL_HEIGHT;
  const width = inner.width / box.columns;
  const tall = height / box.rows;
  for (let k = 0; k < numbers.length; k += 1) {
    const column = k % box.columns;
    const row = Math.floor(k / box.columns);
    const value = numbers[numberIn(box, row, column)];
    fillCell(
      context,
      value,
      inner.left + column * width,
      inner.top + row * tall,
      width,
      tall,
      look,
    );
  }
  context.strokeStyle = look.theme.line;
  context.lineWidth = 0.75;
  context.strokeRect(inner.left, inner.top, inner.width, height);
  context.fillStyle = look.theme.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const text = `‖·‖ ${short(norm(Array.from(numbers)))}`;
  write(context, text, inner.width, { ...look, gradient: false }, NUMBER_SIZE - 1);
  context.fillText(text, inner.left + inner.width / 2, inner.top + height + CELL_HEIGHT / 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} value
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @param {Look} look
 */
export function fillCell(context, value, left, top, width, height, look) {
  context.fillStyle = Number.isFinite(value) ? look.scale.fill(value) : look.theme.card;
  context.fillRect(left, top, width, height);
  if (Number.isFinite(value)) return;
  // No colour stands for NaN or infinity: stripes.
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = look.theme.warning;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = left - height; x < left + width; x += 6) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.fillStyle = look.theme.card;
  if (width > 20) context.fillRect(left + width / 2 - 18, top + 3, 36, height - 6);
  context.restore();
}
