/** A node in a show where its numbers would be too small: its symbol in large letters, above their colours. */

import { EDGE, numberIn, NUMBER_SIZE } from "./boxes.js";
import { fillCell } from "./cells.js";
import { lettersInAHall } from "./lecture_hall.js";
import { drawSymbol, symbolExtent, symbolWidth } from "./symbol.js";

/** @import { Box } from "./boxes.js" */
/** @import { Look } from "./shapes.js" */

const LEAST = 0.4; // of the letters of what is said: of a number that is written
const COLOURS = 0.32; // of the height
const CAPITAL = 0.4; // how far one reaches above the middle of its line, at size 1
const GAP = 3; // above and below a symbol
const LARGEST = 44; // letters of a symbol, in graph units

/**
 * Whether that is how a node is drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<Box, "body">} box
 * @param {Look} look
 */
export function isFar(context, { body }, look) {
  if (!look.inAHall || !body || look.asked || look.second?.asked) return false;
  return areTooSmall(context.getTransform().a / devicePixelRatio);
}

/** Whether numbers are so in a show, at a scale. @param {number} scale */
export const areTooSmall = (scale) => scale * NUMBER_SIZE < LEAST * lettersInAHall();

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box & {left: number, top: number}} box
 * @param {Look} look
 */
export function drawFromAfar(context, box, look) {
  const shown = [look, ...(look.second ? [{ ...look, ...look.second }] : [])];
  const width = box.width - 2 * EDGE;
  const below = box.height * COLOURS;
  const above = box.height - below - EDGE;
  // As large as there is room for with its subscript, whose y would be read as a v if it were cut.
  const { up: own, down } = symbolExtent(look.latex);
  const up = Math.max(own, CAPITAL); // letters with and without a top are of one size
  const high = Math.min(LARGEST, (above - 2 * GAP) / (up + down));
  const size = high * Math.min(1, width / symbolWidth(look.latex, high));
  const y = box.top + (above + (up - down) * size) / 2;
  drawSymbol(context, look.latex, box.left + box.width / 2, y, size, look.theme.text);
  const each = below / shown.length;
  shown.forEach((one, k) => {
    const inner = { left: box.left + EDGE, top: box.top + above + k * each };
    drawColours(context, inner, { width, height: each - 2 }, box, one);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{left: number, top: number}} inner
 * @param {{width: number, height: number}} room
 * @param {Box} box
 * @param {Look} look
 */
function drawColours(context, { left, top }, room, box, look) {
  const [width, height] = [room.width / box.columns, room.height / box.rows];
  for (let row = 0; look.numbers && row < box.rows; row += 1) {
    for (let column = 0; column < box.columns; column += 1) {
      const value = look.numbers[numberIn(box, row, column)];
      fillCell(context, value, left + column * width, top + row * height, width, height, look);
    }
  }
  context.strokeStyle = look.theme.line;
  context.lineWidth = 0.75;
  context.strokeRect(left, top, room.width, room.height);
}
