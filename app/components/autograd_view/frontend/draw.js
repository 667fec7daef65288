/** How a node looks: its name above its tensor, or above its gradient once it has been visited. */

import { drawSymbol, symbolWidth } from "../../graph_view/frontend/symbol.js";
import { contextOf } from "../../shared/frontend/dom.js";
import { norm, short } from "../../shared/frontend/numbers.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { Theme } from "./looks.js" */
/** @import { Node } from "./pane.js" */

const WIDTH = 102;
const LINE = 16;
const CELLS = 17;
const EDGE = 3;
const NAME_SIZE = 11;
const NUMBER_SIZE = 11;
const SYMBOL_SIZE = 14;
const LONGEST = 15; // characters of a name in one line of a box
const LONGEST_OF_LONG = 19;
const BESIDE = 10; // left and right of a name, together
const MOST_NUMBERS = 2;

/**
 * @typedef {{width: number, height: number}} Size
 * @typedef {{left: number, top: number, width: number}} Inner where the numbers stand
 *
 * @typedef {object} Look
 * @property {Theme} theme
 * @property {Scale} scale
 * @property {?number[]} numbers
 * @property {boolean} current   being made or visited
 * @property {boolean} linked    the counterpart of what is selected
 * @property {boolean} selected
 * @property {boolean} felt      the numbers are a gradient
 * @property {boolean} fresh     new since another T
 */

/**
 * The name of a backward function in lines that fit its box, broken before a capital.
 * @param {string} name
 */
export function linesOf(name) {
  if (name.length <= LONGEST) return [name];
  const parts = name.match(/[A-Z][a-z0-9]*|[^A-Z]+/g) ?? [name];
  const lines = [""];
  for (const part of parts) {
    const last = lines.length - 1;
    if (lines[last] && lines[last].length + part.length > LONGEST_OF_LONG) lines.push(part);
    else lines[last] += part;
  }
  return lines;
}

const ruler = contextOf(document.createElement("canvas"));
/** @type {WeakMap<Node, Size>} */
const sizes = new WeakMap();

/**
 * Size of a node's box in graph units: what it says fits in. @param {string} mono the font
 * @param {Node} node
 * @param {string} mono the font
 */
export function boxOf(node, mono) {
  const known = sizes.get(node);
  if (known) return known;
  const size = measured(node, mono);
  sizes.set(node, size);
  return size;
}

/** @param {Node} node @param {string} mono */
function measured(node, mono) {
  const lines = node.name ? linesOf(node.name) : [];
  ruler.font = `600 ${NAME_SIZE}px ${mono}`;
  const title = node.name
    ? Math.max(...lines.map((line) => ruler.measureText(line).width))
    : symbolWidth(node.latex, SYMBOL_SIZE);
  const width = Math.max(WIDTH, Math.ceil(title) + BESIDE);
  return { width, height: Math.max(1, lines.length) * (LINE - 2) + CELLS + 2 * EDGE };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Node} node
 * @param {number} x
 * @param {number} y
 * @param {Look} look
 */
export function drawNode(context, node, x, y, look) {
  const box = boxOf(node, look.theme.mono);
  const left = x - box.width / 2;
  const top = y - box.height / 2;
  frame(context, node, left, top, box, look);
  context.textAlign = "center";
  context.textBaseline = "middle";
  let line = top + EDGE + LINE / 2 - 1;
  if (node.name) {
    context.fillStyle = look.theme.text;
    context.font = `600 ${NAME_SIZE}px ${look.theme.mono}`;
    for (const text of linesOf(node.name)) {
      context.fillText(text, x, line, box.width - 6);
      line += LINE - 2;
    }
  } else {
    drawSymbol(context, node.latex, x, line, SYMBOL_SIZE, look.theme.text, box.width - 8);
  }
  const inner = {
    left: left + EDGE,
    top: top + box.height - CELLS - EDGE,
    width: box.width - 2 * EDGE,
  };
  context.textAlign = "center";
  if (node.mark) word(context, node.mark, inner, look);
  else if (look.numbers) numbers(context, look.numbers, look, inner);
  else label(context, node, inner, look);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Node} node
 * @param {number} left
 * @param {number} top
 * @param {Size} box
 * @param {Look} look
 */
function frame(context, node, left, top, box, look) {
  const { theme } = look;
  const radius = node.kind === "function" || node.round ? 8 : 2;
  const strong = look.current || look.selected || look.linked;
  if (look.current) halo(context, left, top, box, radius, theme);
  context.beginPath();
  context.roundRect(left, top, box.width, box.height, radius);
  context.fillStyle = look.fresh ? theme.fresh : theme.card;
  context.fill();
  context.setLineDash(node.mark && node.dashed ? [4, 3] : []);
  context.lineWidth = look.current ? 3 : strong ? 2.5 : node.kind === "leaf" ? 1.75 : 1.25;
  context.strokeStyle = strong || look.fresh ? theme.primary : theme.line;
  context.stroke();
  context.setLineDash([]);
  if (!look.selected && !look.linked) return;
  context.beginPath();
  context.roundRect(left - 4, top - 4, box.width + 8, box.height + 8, radius + 3);
  context.lineWidth = 1.75;
  context.strokeStyle = theme.text;
  context.setLineDash(look.linked && !look.selected ? [5, 3] : []);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} top
 * @param {Size} box
 * @param {number} radius
 * @param {Theme} theme
 */
function halo(context, left, top, box, radius, theme) {
  context.beginPath();
  context.roundRect(left - 5, top - 5, box.width + 10, box.height + 10, radius + 4);
  context.globalAlpha = 0.25;
  context.fillStyle = theme.primary;
  context.fill();
  context.globalAlpha = 1;
}

/**
 * What has no gradient yet: the tensor's symbol and shape.
 * @param {CanvasRenderingContext2D} context
 * @param {Node} node
 * @param {Inner} inner
 * @param {Look} look
 */
function label(context, node, inner, look) {
  const middle = inner.top + CELLS / 2;
  const shape = node.shape.length ? `(${node.shape.join("×")})` : "";
  const size = shape ? inner.width * 0.62 : inner.width;
  drawSymbol(context, node.latex, inner.left + size / 2, middle, 13, look.theme.faint, size);
  if (!shape) return;
  context.fillStyle = look.theme.faint;
  context.font = `${NUMBER_SIZE}px ${look.theme.mono}`;
  context.textAlign = "center";
  context.fillText(shape, inner.left + size + (inner.width - size) / 2, middle, inner.width - size);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {Inner} inner
 * @param {Look} look
 */
function word(context, text, inner, look) {
  context.fillStyle = look.theme.text;
  context.font = `${NUMBER_SIZE}px ${look.theme.mono}`;
  context.fillText(text, inner.left + inner.width / 2, inner.top + CELLS / 2, inner.width);
}

/** @param {number} value @param {Theme} theme */
const finite = (value, theme) => (Number.isFinite(value) ? theme.text : theme.warning);

/**
 * Values in plain ink, gradients on their colours; more than two as cells with their length.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} list
 * @param {Look} look
 * @param {Inner} inner
 */
function numbers(context, list, look, inner) {
  const { scale, theme } = look;
  context.textAlign = "center";
  const written = list.length <= MOST_NUMBERS;
  const width = inner.width / Math.max(1, list.length);
  list.forEach((value, k) => {
    const left = inner.left + k * width;
    const coloured = look.felt && Number.isFinite(value);
    if (coloured || !written) {
      context.fillStyle = Number.isFinite(value) ? scale.fill(value) : theme.card;
      context.fillRect(left, inner.top, Math.max(0.5, width - (written ? 1 : 0)), CELLS);
    }
    if (!written) return;
    context.fillStyle = coloured ? scale.ink(value) : finite(value, theme);
    context.font = `${NUMBER_SIZE}px ${theme.mono}`;
    context.fillText(short(value), left + width / 2, inner.top + CELLS / 2 + 0.5, width - 4);
  });
  if (written) return;
  context.strokeStyle = theme.line;
  context.lineWidth = 0.5;
  context.strokeRect(inner.left, inner.top, inner.width, CELLS);
  const text = `‖·‖ ${short(norm(list), 2)}`;
  context.font = `${NUMBER_SIZE - 1}px ${theme.mono}`;
  const room = context.measureText(text).width + 6;
  context.fillStyle = theme.card;
  context.fillRect(inner.left + (inner.width - room) / 2, inner.top + 3, room, CELLS - 6);
  context.fillStyle = theme.text;
  context.fillText(text, inner.left + inner.width / 2, inner.top + CELLS / 2 + 0.5);
}
