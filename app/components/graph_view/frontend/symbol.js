/** Symbols with subscripts on a canvas, from their LaTeX: `W_{hh,2,1}\,h_{2,1}`. */

import { contextOf } from "../../shared/frontend/dom.js";

/** @type {Record<string, string>} */
const COMMANDS = {
  ",": " ",
  ";": " ",
  "!": "",
  " ": " ",
  cdot: "·",
  odot: "⊙",
  left: "",
  right: "",
  operatorname: "",
  times: "×",
  hat: "",
  ell: "ℓ",
  mathcal: "",
  mathbf: "",
  mathrm: "",
  text: "",
  sigma: "σ",
  tanh: "tanh",
  partial: "∂",
};
const SUBSCRIPT_SIZE = 0.72;
const SUBSCRIPT_DROP = 0.22;

/** @typedef {{text: string, sub: boolean}} Letters in a row, on the line or below it */

/** @type {Map<string, Letters[]>} */
const parsed = new Map();
/** @type {Map<string, number>} */
const widths = new Map();

/** @param {string} latex @returns {Letters[]} */
export function runsOf(latex) {
  const known = parsed.get(latex);
  if (known) return known;
  /** @type {Letters[]} */
  const runs = [];
  /** @param {string} text @param {boolean} sub */
  const push = (text, sub) => {
    const last = runs.at(-1);
    if (last && last.sub === sub) last.text += text;
    else if (text) runs.push({ text, sub });
  };
  const token = /\\([a-zA-Z]+|.)|([_^])(?:\{([^{}]*)\}|(.))|[{}]|([^\\_^{}]+)/gu;
  for (const match of latex.matchAll(token)) {
    const [, command, script, group, single, text] = match;
    if (command !== undefined) push(COMMANDS[command] ?? command, false);
    else if (script) push((group ?? single).replace(/\\[,;! ]|\\/g, ""), true);
    else if (text) push(text, false);
  }
  if (parsed.size > 20000) parsed.clear();
  parsed.set(latex, runs);
  return runs;
}

/** Whether a symbol is a product or a sum, which needs brackets in another. @param {string} latex */
export const isTerm = (latex) => /\\(?:[,;]|cdot|odot)| [+-] /.test(latex);

/**
 * Symbol as plain text with Unicode subscripts where they exist, for words and labels.
 * @param {string} latex
 */
export function spoken(latex) {
  return runsOf(latex)
    .map(({ text, sub }) => (sub ? lowered(text) : text))
    .join("")
    .replace(/\s+/g, " ");
}

const LOW = "₀₁₂₃₄₅₆₇₈₉";

/** @param {string} text */
function lowered(text) {
  if (/^\d+$/.test(text)) return text.replace(/\d/g, (digit) => LOW[Number(digit)]);
  return `_${text}`;
}

const ruler = contextOf(document.createElement("canvas"));

/**
 * How wide a symbol is, in pixels at a size.
 * @param {string} latex
 * @param {number} size
 */
export function symbolWidth(latex, size) {
  const key = `${size} ${latex}`;
  let total = widths.get(key);
  if (total === undefined) {
    total = 0;
    for (const run of runsOf(latex)) {
      ruler.font = fontOf(run, size);
      total += ruler.measureText(run.text).width;
    }
    if (widths.size > 20000) widths.clear();
    widths.set(key, total);
  }
  return total;
}

/** Fonts have arrived: what was measured before is not so wide any more. */
export function forgetWidths() {
  widths.clear();
}

/**
 * Draw centred at (x, y).
 * @param {CanvasRenderingContext2D} context
 * @param {string} latex
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 * @param {number} [widest] shrink to this width
 */
export function drawSymbol(context, latex, x, y, size, colour, widest = Infinity) {
  const total = symbolWidth(latex, size);
  const scale = Math.min(1, widest / total);
  context.fillStyle = colour;
  context.textAlign = "left";
  context.textBaseline = "middle";
  let left = x - (total * scale) / 2;
  for (const run of runsOf(latex)) {
    context.font = fontOf(run, size * scale);
    context.fillText(run.text, left, run.sub ? y + size * scale * SUBSCRIPT_DROP : y);
    left += context.measureText(run.text).width;
  }
}

/** @param {Letters} run @param {number} size */
function fontOf(run, size) {
  return run.sub
    ? `${size * SUBSCRIPT_SIZE}px KaTeX_Main, serif`
    : `italic ${size}px KaTeX_Math, KaTeX_Main, serif`;
}
