/** Symbols with subscripts on a canvas, from their LaTeX: `W_{hh,2,1}\,h_{2,1}`. */

import { contextOf, el } from "../../shared/frontend/dom.js";
import { onNotation, writtenLatex } from "../../shared/frontend/notation/notation.js";

/** @type {Record<string, string>} */
const COMMANDS = {
  ",": " ",
  ";": " ",
  "!": "",
  " ": " ",
  cdot: " ·",
  odot: " ⊙",
  left: "",
  right: "",
  times: "×",
  ell: "ℓ",
  mathcal: "",
  sigma: "σ",
  tanh: "tanh",
  partial: "∂",
  delta: "δ",
  prime: "′",
  top: "⊤",
};
const SCRIPT_SIZE = 0.72;
const SUBSCRIPT_DROP = 0.22;
const SUPERSCRIPT_RISE = 0.34;
const UPRIGHT = new Set(["mathbf", "mathrm", "text", "operatorname"]);
const SLANTED = new Set(["ell", "mathcal", "sigma", "partial", "delta", "left", "right"]);
const SIGNS = /( [+−] |[()=⊙·]|\d+)/; // upright, as in print
const SIGN = /[+−()=⊙·\d]/;
const BOLD = new Set(["mathbf", "boldsymbol"]);
/** @type {Record<string, string>} */
const ACCENTS = { hat: "\u0302", tilde: "\u0303", bar: "\u0304" };
const SIZE_OF_ALL = 20000;

/**
 * @typedef {object} Letters in a row
 * @property {string} text
 * @property {boolean} sub      below the line
 * @property {boolean} sup      above it
 * @property {boolean} bold
 * @property {boolean} upright
 */

/** @type {Map<string, Letters[]>} */
const parsed = new Map();
/** @type {Map<string, number>} */
const widths = new Map();
/** @type {Map<string, Extent>} */
const extents = new Map();
onNotation(() => {
  parsed.clear();
  forgetWidths();
});

/** @typedef {{up: number, down: number}} Extent from the middle of its letters, at size 1 */

const PLAIN = { sub: false, sup: false, bold: false, upright: false };
const TOKEN = /\\([a-zA-Z]+|[^])|([_^{}])|([^\\_^{}]+)/gu;

/** A symbol as it is written in the notation that is asked for. @param {string} latex @returns {Letters[]} */
export function runsOf(latex) {
  const known = parsed.get(latex);
  if (known) return known;
  const runs = lettersOf(writtenLatex(latex));
  if (parsed.size > SIZE_OF_ALL) parsed.clear();
  parsed.set(latex, runs);
  return runs;
}

/** @param {string} latex */
function lettersOf(latex) {
  /** @type {Letters[]} */
  const runs = [];
  /** @param {string} text @param {Omit<Letters, "text">} look */
  const push = (text, look) => {
    const last = runs.at(-1);
    const isAlike = last && Object.keys(PLAIN).every((name) => alike(last, look, name));
    if (last && isAlike) last.text += text;
    else if (text) runs.push({ ...look, text });
  };
  /** @type {(string|undefined)[][]} */
  const tokens = [...latex.matchAll(TOKEN)].map((match) => [...match]);
  let at = 0;
  /** One token, or what stands in braces. @param {typeof PLAIN} look */
  const part = (look) => {
    const [, command, sign, text] = tokens[at];
    at += 1;
    if (sign === "{") {
      while (at < tokens.length && tokens[at][0] !== "}") part(look);
      at += 1;
    } else if (sign === "_" || sign === "^") {
      if (at < tokens.length) script(sign === "_", look);
    } else if (command && command in ACCENTS && at < tokens.length) {
      part(look);
      const last = runs.at(-1);
      if (last) last.text = (last.text + ACCENTS[command]).normalize("NFC");
    } else if (command && (UPRIGHT.has(command) || BOLD.has(command)) && at < tokens.length) {
      const upright = look.upright || UPRIGHT.has(command);
      part({ ...look, upright, bold: look.bold || BOLD.has(command) });
    } else if (command !== undefined) {
      const upright = look.upright || /^[a-z]+$/.test(command) !== SLANTED.has(command);
      push(COMMANDS[command] ?? command, { ...look, upright });
    } else if (look.sub || look.sup) push(text ?? "", look);
    else {
      for (const piece of (text ?? "").replaceAll(" - ", " − ").split(SIGNS)) {
        push(piece, SIGN.test(piece) ? { ...look, upright: true } : look);
      }
    }
  };
  /** @param {boolean} isBelow @param {typeof PLAIN} look */
  const script = (isBelow, look) => {
    const there = { ...look, sub: isBelow, sup: !isBelow };
    const text = tokens[at][3];
    if (!text || text.length < 2) {
      part(there);
      return;
    }
    push(text[0], there); // one sign alone
    tokens[at] = [text, undefined, undefined, text.slice(1)];
  };
  while (at < tokens.length) part(PLAIN);
  return runs;
}

/** @param {Record<string, unknown>} one @param {Record<string, unknown>} other @param {string} name */
const alike = (one, other, name) => one[name] === other[name];

/** Whether a symbol is a product or a sum, which needs brackets in another. @param {string} latex */
export const isTerm = (latex) => /\\(?:[,;]|cdot|odot)| [+-] /.test(latex);

/**
 * Symbol as plain text with Unicode subscripts where they exist, for words and labels.
 * @param {string} latex
 */
export function spoken(latex) {
  return runsOf(latex)
    .map(({ text, sub, sup }, i, runs) => {
      if (sub) return runs[i - 1]?.sub ? text : lowered(text); // upright and italic below one letter
      return sup ? raised(text) : text;
    })
    .join("")
    .replace(/\s+/g, " ");
}

const LOW = "₀₁₂₃₄₅₆₇₈₉";

/** @param {string} text */
function lowered(text) {
  if (/^\d+$/.test(text)) return text.replace(/\d/g, (digit) => LOW[Number(digit)]);
  return `_${text}`;
}

/** @param {string} text */
const raised = (text) => (/^[⊤′]/.test(text) ? text : `^${text}`).replace("⊤", "ᵀ");

/** A symbol with what stands below and above its line. @param {string} latex @returns {(Node|string)[]} */
export const symbolNodes = (latex) =>
  runsOf(latex).map(({ text, sub, sup, bold, upright }) => {
    const look = upright || /^[\d(),]+$/.test(text) ? { class: "ur-upright" } : {};
    if (sub || sup) return el(sub ? "sub" : "sup", look, text);
    return bold || upright ? el(bold ? "b" : "span", look, text) : text;
  });

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
    if (widths.size > SIZE_OF_ALL) widths.clear();
    widths.set(key, total);
  }
  return total;
}

const FINE = 100; // the size at which letters are measured

/** How far a symbol reaches above and below where it is drawn. @param {string} latex @returns {Extent} */
export function symbolExtent(latex) {
  let found = extents.get(latex);
  if (!found) {
    ruler.textBaseline = "middle";
    const each = runsOf(latex).map((run) => {
      ruler.font = fontOf(run, FINE);
      const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = ruler.measureText(
        run.text,
      );
      return { up: up / FINE + riseOf(run), down: down / FINE - riseOf(run) };
    });
    found = {
      up: Math.max(...each.map(({ up }) => up)),
      down: Math.max(...each.map(({ down }) => down)),
    };
    if (extents.size > SIZE_OF_ALL) extents.clear();
    extents.set(latex, found);
  }
  return found;
}

/** Fonts have arrived: what was measured before is of other letters. */
export function forgetWidths() {
  widths.clear();
  extents.clear();
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
    context.fillText(run.text, left, y - size * scale * riseOf(run));
    left += context.measureText(run.text).width;
  }
}

/** @param {Letters} run */
const riseOf = ({ sub, sup }) => (sub ? -SUBSCRIPT_DROP : sup ? SUPERSCRIPT_RISE : 0);

/** @param {Letters} run @param {number} size */
function fontOf({ sub, sup, bold, upright }, size) {
  const weight = bold ? "bold " : "";
  if (sub || sup) return `${weight}${size * SCRIPT_SIZE}px KaTeX_Main, serif`;
  return upright
    ? `${weight}${size}px KaTeX_Main, serif`
    : `italic ${weight}${size}px KaTeX_Math, KaTeX_Main, serif`;
}
