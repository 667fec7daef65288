/** How a node looks on the canvas: its symbol above its numbers, each number on its own colour. */

import { norm, short } from "../../shared/frontend/numbers.js";
import { drawEntries } from "./entries.js";
import { drawSymbol, symbolWidth } from "./symbol.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { CanvasTheme } from "./looks.js" */
/** @import { Entry } from "./entries.js" */
/** @import { GraphNode } from "./model.js" */

const SYMBOL_SIZE = 17;
const SYMBOL_ROW = 23;
export const NUMBER_SIZE = 15; // graph units, as pixels where the scale is 1
const CELL_HEIGHT = 22;
const CELL_WIDTH = 64;
const LEAST_WIDTH = 74;
const EDGE = 5;
const BETWEEN = 3; // a value and its gradient
const MOST_CELLS = 4;
const MOST_COLUMNS = 2;
const STRIP_HEIGHT = 14;
const HEAT = 46;
const BESIDE_SYMBOL = 8; // between the symbol and the border, and before a label
const PIN = 5; // radius
const TAG = 16; // height of the numbers with what is held
const MOST_DIFFERENCES = 2; // that are written
export const RIM = 9; // around the box: half of a thick border, the ring of a selection, a tag

/** @typedef {Pick<GraphNode, "latex"|"shape"|"tall">} Boxed what the size of a node depends on */
/**
 * @typedef {{width: number, height: number, body: number, rows: number, columns: number}} Box in
 *   graph units; the body is what its numbers take, once
 */
/** @typedef {{left: number, top: number, width: number}} Inner where the numbers of a node stand */

/** @type {WeakMap<Boxed, Box>} */
const boxes = new WeakMap();

/**
 * Size of a node's box in graph units; it depends on its symbol and the shape of its numbers only.
 * @param {Boxed} node
 */
export function boxOf(node) {
  const known = boxes.get(node);
  if (known) return known;
  const box = measured(node);
  boxes.set(node, box);
  return box;
}

/** @param {Boxed} node @returns {Box} */
function measured(node) {
  const [rows, columns] = gridOf(node);
  const bodies = node.tall ? 2 : 1;
  if (written(rows, columns)) {
    const symbol = symbolWidth(node.latex, SYMBOL_SIZE) + BESIDE_SYMBOL;
    const body = rows * CELL_HEIGHT;
    return {
      width: Math.max(LEAST_WIDTH, Math.ceil(symbol), columns * CELL_WIDTH + 2 * EDGE),
      height: SYMBOL_ROW + bodies * body + (bodies - 1) * BETWEEN + EDGE,
      body,
      rows,
      columns,
    };
  }
  const strip = node.shape.length < 2;
  const body = (strip ? STRIP_HEIGHT : HEAT) + CELL_HEIGHT;
  return {
    width: strip ? 96 : 82,
    height: SYMBOL_ROW + bodies * body + (bodies - 1) * BETWEEN,
    body,
    rows: strip ? 1 : rows,
    columns: strip ? rows : columns,
  };
}

/**
 * Which of a node's numbers stands at a point, counted from the middle of its box; null for none.
 * @param {Boxed} node
 * @param {number} dx
 * @param {number} dy
 */
export function numberAt(node, dx, dy) {
  const { width, height, body, rows, columns } = boxOf(node);
  const strip = body === STRIP_HEIGHT + CELL_HEIGHT;
  const tall = written(rows, columns) && !strip ? CELL_HEIGHT * rows : strip ? STRIP_HEIGHT : HEAT;
  const column = Math.floor(((dx + width / 2 - EDGE) / (width - 2 * EDGE)) * columns);
  const row = Math.floor(((dy + height / 2 - SYMBOL_ROW) / tall) * rows);
  return column < 0 || column >= columns || row < 0 || row >= rows ? null : row * columns + column;
}

/** @param {number} rows @param {number} columns */
const written = (rows, columns) => rows <= MOST_CELLS && columns <= MOST_COLUMNS;

/** @param {Boxed} node */
function gridOf(node) {
  if (node.shape.length === 0) return [1, 1];
  return node.shape.length === 1 ? [node.shape[0], 1] : node.shape;
}

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
 * @property {CanvasTheme} theme
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {GraphNode} node
 * @param {number} x
 * @param {number} y
 * @param {Look} look
 */
export function drawNode(context, node, x, y, look) {
  const box = boxOf(node);
  const left = x - box.width / 2;
  const top = y - box.height / 2;
  const { theme } = look;
  frame(context, node, left, top, box, look);
  title(context, x, top + SYMBOL_ROW / 2 + 1, box.width - BESIDE_SYMBOL, look);
  const inner = { left: left + EDGE, top: top + SYMBOL_ROW, width: box.width - 2 * EDGE };
  parts(context, node, x, box, inner, look);
  if (look.second) {
    const below = { ...inner, top: inner.top + box.body + BETWEEN };
    parts(context, node, x, box, below, { ...look, ...look.second, none: false });
  }
  if (look.held) difference(context, x, top + box.height, box.width, look, look.held);
  if (look.holds) holding(context, left, top, theme);
}

/**
 * The numbers of a node once: its values, or its gradient.
 * @param {CanvasRenderingContext2D} context
 * @param {GraphNode} node
 * @param {number} x
 * @param {Box} box
 * @param {Inner} inner
 * @param {Look} look
 */
function parts(context, node, x, box, inner, look) {
  const { theme } = look;
  if (look.entries) {
    const cell = { width: inner.width / box.columns, height: box.body / box.rows };
    drawEntries(context, inner, cell, box.columns, look.entries, look);
  } else if (!look.numbers) {
    context.fillStyle = look.asked ? theme.primary : theme.faint;
    context.font = look.asked ? `bold 20px ${theme.font}` : `${NUMBER_SIZE}px ${theme.mono}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(look.asked ? "?" : look.none ? "–" : "·", x, inner.top + box.body / 2);
  } else if (written(box.rows, box.columns) && box.body !== STRIP_HEIGHT + CELL_HEIGHT) {
    cells(context, inner, box, look, look.numbers);
  } else {
    heat(context, node, inner, box, look, look.numbers);
  }
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
 * @param {GraphNode} node
 * @param {number} left
 * @param {number} top
 * @param {Box} box
 * @param {Look} look
 */
function frame(context, node, left, top, box, look) {
  const { theme } = look;
  context.beginPath();
  context.roundRect(left, top, box.width, box.height, radiusOf(node));
  context.fillStyle = theme.card;
  context.fill();
  context.setLineDash(node.kind === "target" || node.kind === "rest" ? [4, 3] : []);
  context.lineWidth = look.current ? 4 : look.operand || look.selected ? 2.5 : 1.25;
  context.strokeStyle = look.current || look.selected || look.operand ? theme.primary : theme.line;
  context.stroke();
  context.setLineDash([]);
  if (look.selected) {
    context.beginPath();
    context.roundRect(left - 5, top - 5, box.width + 10, box.height + 10, radiusOf(node) + 4);
    context.lineWidth = 1.75;
    context.strokeStyle = theme.text;
    context.stroke();
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
 * @param {GraphNode} node
 */
function radiusOf(node) {
  return node.op ? 9 : 2;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Inner} inner
 * @param {Box} box
 * @param {Look} look
 * @param {ArrayLike<number>} numbers
 */
function cells(context, inner, box, look, numbers) {
  const width = inner.width / box.columns;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < box.rows; row += 1) {
    for (let column = 0; column < box.columns; column += 1) {
      const value = numbers[row * box.columns + column];
      const left = inner.left + column * width;
      const top = inner.top + row * CELL_HEIGHT;
      fillCell(context, value, left, top, width - (box.columns > 1 ? 1 : 0), CELL_HEIGHT - 1, look);
      context.fillStyle = Number.isFinite(value) ? look.scale.ink(value) : look.theme.text;
      const text = short(value);
      write(context, text, width - 3, look);
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
function write(context, text, room, { gradient, theme }, size = NUMBER_SIZE) {
  /** @param {number} pixels */
  const fontOf = (pixels) => `${gradient ? "italic " : ""}${pixels}px ${theme.mono}`;
  context.font = fontOf(size);
  const { width } = context.measureText(text);
  if (width > room) context.font = fontOf((size * room) / width);
}

/**
 * Too many numbers to write: one coloured cell each, and the length of the whole.
 * @param {CanvasRenderingContext2D} context
 * @param {GraphNode} node
 * @param {Inner} inner
 * @param {Box} box
 * @param {Look} look
 * @param {ArrayLike<number>} numbers
 */
function heat(context, node, inner, box, look, numbers) {
  const height = node.shape.length < 2 ? STRIP_HEIGHT : HEAT;
  const width = inner.width / box.columns;
  const tall = height / box.rows;
  for (let k = 0; k < numbers.length; k += 1) {
    const column = k % box.columns;
    const row = Math.floor(k / box.columns);
    fillCell(
      context,
      numbers[k],
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
function fillCell(context, value, left, top, width, height, look) {
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
