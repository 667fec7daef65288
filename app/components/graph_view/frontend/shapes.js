/** How a node looks on the canvas: its symbol above its numbers, each number on its own colour. */

import { short } from "../../shared/frontend/numbers.js";
import {
  BESIDE_SYMBOL,
  BETWEEN,
  EDGE,
  linesOf,
  NAME_ROW,
  NAME_SIZE,
  NUMBER_SIZE,
  RIM,
  SYMBOL_SIZE,
} from "./boxes.js";
import { drawFromAfar, isFar } from "./afar.js";
import { drawCells, heat, write } from "./cells.js";
import { drawEntries } from "./entries.js";
import { drawSymbol, symbolWidth } from "./symbol.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { Box, Inner } from "./boxes.js" */
/** @import { CanvasTheme } from "./looks.js" */
/** @import { Entry } from "./entries.js" */

const PIN = 5; // radius
const TAG = 16; // height of the numbers with what is held
const MOST_DIFFERENCES = 2; // that are written

/**
 * @typedef {object} Drawn
 * @property {string} id
 * @property {string} [name]  in place of its symbol: of a function
 * @property {?string} op     what is computed has an operation
 * @property {Box} box
 */

/**
 * @typedef {object} Differing
 * @property {ArrayLike<number>} numbers
 * @property {ArrayLike<number>} by      how much they differ
 * @property {Scale} scale               of the differences
 * @property {boolean} isBefore           the run beside is that before a change
 *
 * @typedef {object} Look
 * @property {string} key        equal for looks that give the same picture of a node
 * @property {string} latex      its symbol, with the step that it shows
 * @property {string} label      what the step is called, if anything
 * @property {?ArrayLike<number>} numbers null: not known yet
 * @property {?Entry[]} [entries] what a learner has written in the place of its numbers
 * @property {Scale} scale
 * @property {boolean} asked     the reader is to say it
 * @property {boolean} none      there is nothing to be shown, not only not yet
 * @property {?Pick<Look, "numbers"|"entries"|"scale"|"gradient"|"asked">} second  below: the gradient
 * @property {boolean} current   being computed
 * @property {boolean} operand   feeds the node being computed
 * @property {boolean} selected
 * @property {boolean} pinned
 * @property {?Differing} held   its numbers in the run beside, where they differ
 * @property {boolean} holds     one of its numbers is held
 * @property {boolean} gradient  the numbers are a gradient
 * @property {boolean} dashed    it is given, or stands for what is not shown
 * @property {boolean} [linked]  the same thing as what is selected, in another graph
 * @property {?string} [tint]    a colour in place of the card's
 * @property {?{latex?: string, text?: string, strong?: boolean}} [instead]  of numbers that there
 *   are none of
 * @property {boolean} [inAHall] numbers that the last row cannot read make way for the symbol
 * @property {CanvasTheme} theme
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} node
 * @param {number} x
 * @param {number} y
 * @param {Look} look
 */
export function drawNode(context, node, x, y, look) {
  const box = node.box;
  const left = x - box.width / 2;
  const top = y - box.height / 2;
  const { theme } = look;
  frame(context, node, left, top, box, look);
  if (isFar(context, box, look)) {
    drawFromAfar(context, { left, top, ...box }, look);
    return;
  }
  const room = box.width - BESIDE_SYMBOL;
  const middle = box.body ? top + box.head / 2 : y;
  if (node.name) named(context, x, top + EDGE, room, linesOf(node.name), theme);
  else title(context, x, middle, room, look);
  const inner = { left: left + EDGE, top: top + box.head, width: box.width - 2 * EDGE };
  if (box.body) parts(context, x, box, inner, look);
  if (look.second) {
    const below = { ...inner, top: inner.top + box.body + BETWEEN };
    parts(context, x, box, below, { ...look, ...look.second, none: false });
  }
  if (look.held) difference(context, x, top + box.height, box.width, look, look.held);
  if (look.holds) holding(context, left, top, theme);
}

/**
 * The numbers of a node once: its values, or its gradient.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {Box} box
 * @param {Inner} inner
 * @param {Look} look
 */
function parts(context, x, box, inner, look) {
  const { theme } = look;
  if (look.entries) {
    const cell = { width: inner.width / box.columns, height: box.body / box.rows };
    drawEntries(context, inner, cell, box, look.entries, look);
  } else if (!look.numbers && look.instead) {
    instead(context, x, inner.top + box.body / 2, inner.width, look.instead, theme);
  } else if (!look.numbers) {
    context.fillStyle = look.asked ? theme.primary : theme.faint;
    context.font = look.asked ? `bold 20px ${theme.font}` : `${NUMBER_SIZE}px ${theme.mono}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(look.asked ? "?" : look.none ? "–" : "·", x, inner.top + box.body / 2);
  } else if (box.written) {
    drawCells(context, inner, box, look, look.numbers);
  } else {
    heat(context, inner, box, look, look.numbers);
  }
}

/**
 * What stands where there are no numbers: a symbol, a text beside it, or one of them.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} room
 * @param {NonNullable<Look["instead"]>} said
 * @param {CanvasTheme} theme
 */
function instead(context, x, y, room, { latex, text, strong }, theme) {
  const colour = strong ? theme.text : theme.faint;
  const font = `${NUMBER_SIZE}px ${theme.mono}`;
  context.font = font;
  const beside = text ? context.measureText(text).width + (latex ? BESIDE_SYMBOL : 0) : 0;
  const symbol = latex ? Math.min(symbolWidth(latex, NUMBER_SIZE), room - beside) : 0;
  const left = x - (symbol + beside) / 2;
  if (latex) drawSymbol(context, latex, left + symbol / 2, y, NUMBER_SIZE, colour, symbol);
  if (!text) return;
  context.font = font;
  context.fillStyle = colour;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(text, left + symbol + beside, y, room);
}

/**
 * The name of a function, in lines.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} top
 * @param {number} room
 * @param {string[]} lines
 * @param {CanvasTheme} theme
 */
function named(context, x, top, room, lines, theme) {
  context.fillStyle = theme.text;
  context.font = `600 ${NAME_SIZE}px ${theme.mono}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  lines.forEach((line, k) => context.fillText(line, x, top + (k + 0.5) * NAME_ROW, room));
}

/**
 * On the lower border: the numbers of the run beside, on the colour of the difference.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} room
 * @param {Look} look
 * @param {Differing} held
 */
function difference(context, x, y, room, look, { numbers, by, scale, isBefore }) {
  const { theme } = look;
  const count = numbers.length;
  const width = room + (count > 1 ? 8 : -10); // as wide as its picture allows
  const height = count > MOST_DIFFERENCES ? TAG - 5 : TAG;
  const left = x - width / 2;
  const top = y + RIM - 1 - height;
  const each = width / count;
  for (let k = 0; k < count; k += 1) {
    const known = Number.isFinite(by[k]);
    context.fillStyle = known ? scale.fill(by[k]) : theme.card;
    context.fillRect(left + k * each, top, each, height);
    if (count > MOST_DIFFERENCES) continue;
    context.fillStyle = known ? scale.ink(by[k]) : theme.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const text =
      count > 1 ? short(numbers[k], 2) : `${isBefore ? "←" : "→"} ${short(numbers[k], 3)}`;
    write(context, text, each - 3, look, NUMBER_SIZE - 2);
    context.fillText(text, left + (k + 0.5) * each, top + height / 2 + 0.5);
  }
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.strokeRect(left, top, width, height);
}

/**
 * On the corner of what is held at a value: a square.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {CanvasTheme} theme
 */
function holding(context, x, y, theme) {
  context.fillStyle = theme.text;
  context.fillRect(x - 6, y - 6, 12, 12);
  context.strokeStyle = theme.card;
  context.lineWidth = 1.5;
  context.strokeRect(x - 6, y - 6, 12, 12);
}

/**
 * The symbol, and beside it what the step is called, if there is room.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} room
 * @param {Look} look
 */
function title(context, x, y, room, look) {
  const { latex, label, theme } = look;
  const symbol = symbolWidth(latex, SYMBOL_SIZE);
  let beside = 0;
  if (label) {
    context.font = `${NUMBER_SIZE}px ${theme.mono}`;
    beside = context.measureText(label).width + BESIDE_SYMBOL;
    if (symbol + beside > room) beside = 0;
  }
  drawSymbol(context, latex, x - beside / 2, y, SYMBOL_SIZE, theme.text, room);
  if (!beside) return;
  context.font = `${NUMBER_SIZE}px ${theme.mono}`;
  context.fillText(label, x - beside / 2 + symbol / 2 + BESIDE_SYMBOL, y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} node
 * @param {number} left
 * @param {number} top
 * @param {Box} box
 * @param {Look} look
 */
function frame(context, node, left, top, box, look) {
  const { theme } = look;
  context.beginPath();
  context.roundRect(left, top, box.width, box.height, radiusOf(node));
  context.fillStyle = look.tint ?? theme.card;
  context.fill();
  context.setLineDash(look.dashed ? [4, 3] : []);
  const isMarked = look.operand || look.selected || look.linked;
  context.lineWidth = look.current ? 4 : isMarked ? 2.5 : 1.25;
  context.strokeStyle = look.current || isMarked || look.tint ? theme.primary : theme.line;
  context.stroke();
  context.setLineDash([]);
  if (look.selected || look.linked) {
    context.setLineDash(look.selected ? [] : [6, 4]);
    context.beginPath();
    context.roundRect(left - 5, top - 5, box.width + 10, box.height + 10, radiusOf(node) + 4);
    context.lineWidth = 1.75;
    context.strokeStyle = theme.text;
    context.stroke();
    context.setLineDash([]);
  }
  if (look.pinned) pin(context, left + box.width + 2, top - 2, theme);
}

/**
 * On the corner of what stays selected while the player goes on.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {CanvasTheme} theme
 */
function pin(context, x, y, theme) {
  context.beginPath();
  context.arc(x, y, PIN, 0, 2 * Math.PI);
  context.fillStyle = theme.primary;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = theme.card;
  context.stroke();
}

/**
 * What is given has square corners, what is computed round ones.
 * @param {Drawn} node
 */
function radiusOf(node) {
  return node.op ? 9 : 2;
}
