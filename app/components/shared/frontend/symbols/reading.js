/**
 * The symbols that a part of the page shows, read from what it shows: formulas of KaTeX, names with a
 * subscript, and names in a text. So whoever wrote them, ours, Streamlit or Plotly, need not mark any.
 */

import { theirNames } from "../notation/notation.js";

/**
 * @typedef {object} Found
 * @property {string} text      as `meaning.js` takes it
 * @property {() => DOMRect} box where it stands
 */

const NAME =
  /(?<![\p{L}\p{N}_])(?:∂L\/∂)?\p{L}[\u0302\u0304′]?(?:_[A-Za-z0-9]+(?:[−+-]1)?(?:,[A-Za-z0-9]+(?:[−+-]1)?)*(?:\[[\d,]+\])?|\[[\d,]+\])(?![\p{L}\p{N}_])/gu;
const JOINED = /^[\p{L}\p{N}]/u;
const GRADIENT_BY_LETTER = /(?<![\p{L}\p{N}_])∂L\/∂\p{L}(?![\p{L}\p{N}_])/gu;
const LETTER = /^(?:∂L\/∂)?\p{L}[\u0302\u0304′]?$/u;
const OURS = { names: [NAME, GRADIENT_BY_LETTER], letter: LETTER };
const SET_AS_SYMBOL =
  "i:not(.ur-e-symbol > i), em, strong, .ur-symbol, .ur-e-symbol, .ur-plots-sub, code, th";
const HAT = "\u0302";
const TILDE = "\u0303";
const BAR = "\u0304";
const BOLD = ".mathbf, .boldsymbol";
const LONGEST = 4000; // characters of a text that is looked through
const NEAR = 3; // pixels

/** A formula's own zero-width signs. @param {?string} text */
const plain = (text) => (text ?? "").replace(/[\u200b\s]/g, "");

/** @param {Element} formula @returns {Element[]} what stands for a symbol in it, in order */
const atoms = (formula) =>
  [...formula.querySelectorAll(".mord")].filter(
    (each) => isAtom(each) && !each.parentElement?.closest(".msupsub"),
  );

/** @param {Element} part */
function isAtom(part) {
  if (part.querySelector(":scope > .msupsub")) return part.children.length > 1;
  if (part.classList.contains("accent")) return true;
  const inside = part.closest(".accent");
  if (inside && inside !== part) return false;
  // The letter of one with a subscript is a part of that.
  if (part.parentElement?.querySelector(":scope > .msupsub")) return false;
  if (part.children.length > 0) return false;
  const text = plain(part.textContent);
  return /^\p{L}$/u.test(text) || (theirNames()?.bases.includes(text) ?? false);
}

/** @param {Element} atom @returns {string} "" for what is another's power or iterate */
function atomText(atom) {
  const scripts = atom.querySelector(":scope > .msupsub");
  const base = scripts
    ? [...atom.children]
        .filter((each) => each !== scripts)
        .map(baseText)
        .join("")
    : letterOf(atom);
  const names = theirNames();
  const isBold = atom.closest(BOLD) ?? atom.querySelector(BOLD);
  if (isBold && !names) return ""; // those are of another notation
  if (!scripts) return base;
  const rows = [...scripts.querySelectorAll(":scope .vlist")][0]?.children ?? [];
  const texts = [...rows].map((row) => plain(row.textContent)).filter(Boolean);
  const isLowered = Boolean(scripts.querySelector(":scope > .vlist-t2"));
  const sub = isLowered ? texts[0] : "";
  const sup = isLowered ? texts[1] : texts[0];
  if (names && sup) return names.scripted(base, sup, sub);
  if (sup === "′") return sub ? `${base}_${sub}` : `${base}′`;
  if (sup && !/^[⊤2]$/.test(sup)) return ""; // an iterate has numbers of its own
  return sub ? `${base}_${sub}` : base;
}

/** What a power stands at may have a subscript itself. @param {Element} part @returns {string} */
function baseText(part) {
  const inner = part.querySelector(".msupsub")?.parentElement;
  return inner ? atomText(inner) : letterOf(part);
}

/** @param {Element} part */
function letterOf(part) {
  const text = plain(part.textContent);
  const isAccent = part.classList.contains("accent") || part.querySelector(".accent");
  return isAccent
    ? text.replace(/[^\p{L}]|\p{Lm}/gu, "") + (/\^/.test(text) ? HAT : /~/.test(text) ? TILDE : BAR)
    : text;
}

/** ∂L/∂h of a fraction, else what stands in it. @param {Element} atom */
function inFraction(atom) {
  const own = atomText(atom);
  const rows = atom.closest(".mfrac")?.querySelector(".vlist")?.children;
  if (!rows || rows.length < 3) return own;
  const [below, above] = [rows[0], rows[rows.length - 1]];
  const loss = `∂${theirNames()?.loss ?? "L"}`;
  if (plain(above.textContent) !== loss || !plain(below.textContent).startsWith("∂")) return own;
  if (above.contains(atom)) {
    const [by] = atoms(below).filter((each) => atomText(each) !== "∂");
    return by ? `${loss}/∂${atomText(by)}` : "";
  }
  return own && own !== "∂" ? `${loss}/∂${own}` : own;
}

/** @param {Element} formula @returns {Found[]} */
const ofFormula = (formula) =>
  atoms(formula).map((atom) => ({
    text: inFraction(atom),
    box: () => atom.getBoundingClientRect(),
  }));

/**
 * The texts of an element in a row, a subscript behind "_", without formulas.
 * @param {Element} root
 */
function written(root) {
  /** @type {{node: Text, from: number}[]} */
  const pieces = [];
  let text = "";
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node && text.length < LONGEST; node = walk.nextNode()) {
    const holder = node.parentElement;
    if (!holder || holder.closest(".katex, style, script")) {
      text += " ";
      continue;
    }
    const value = /** @type {Text} */ (node).data.replace(/[\u200b\ufeff]/g, "");
    if (value && holder.tagName === "SUP" && theirNames()) text += "^";
    else if (value && isLow(holder)) text += /[\s_]$/.test(text) ? "" : "_";
    else if (JOINED.test(text.slice(-1)) && JOINED.test(value)) text += " "; // of another part
    pieces.push({ node: /** @type {Text} */ (node), from: text.length });
    text += value;
  }
  return { text, pieces };
}

/** Plotly lowers a part of its SVG by `dy`. @param {Element} holder */
const isLow = (holder) =>
  holder.tagName === "SUB" ||
  (holder.tagName === "tspan" && Number.parseFloat(holder.getAttribute("dy") ?? "") > 0);

/** @param {Element} root @returns {Found[]} */
function ofText(root) {
  const { text, pieces } = written(root);
  const whole = text.trim();
  const patterns = theirNames()?.patterns ?? OURS;
  const isLetter = patterns.letter.test(whole) && root.matches(SET_AS_SYMBOL);
  const matches = isLetter
    ? [{ 0: whole, index: text.indexOf(whole) }]
    : patterns.names.flatMap((name) => [...text.matchAll(name)]);
  return matches.map((match) => ({
    text: match[0],
    box: () => boxOf(pieces, match.index, match.index + match[0].length),
  }));
}

/** @param {{node: Text, from: number}[]} pieces @param {number} from @param {number} to */
function boxOf(pieces, from, to) {
  const range = document.createRange();
  const first = pieces.findLast((piece) => piece.from <= from) ?? pieces[0];
  const last = pieces.findLast((piece) => piece.from < to) ?? first;
  range.setStart(first.node, Math.min(first.node.length, Math.max(0, from - first.from)));
  range.setEnd(last.node, Math.min(last.node.length, Math.max(0, to - last.from)));
  return range.getBoundingClientRect();
}

/** All of a part of the page. @param {Element} root @returns {Found[]} */
export const symbolsIn = (root) => [
  ...[...root.querySelectorAll(".katex-html")].flatMap(ofFormula),
  ...ofText(root),
  ...[...root.querySelectorAll(SET_AS_SYMBOL)].flatMap((part) =>
    (theirNames()?.patterns ?? OURS).letter.test(plain(part.textContent)) ? ofText(part) : [],
  ),
];

/**
 * The one at a point, if there is one.
 * @param {Element} target what stands there
 * @param {number} x
 * @param {number} y
 * @returns {?Found}
 */
export function symbolAt(target, x, y) {
  const formula = target.closest(".katex-html");
  const found = formula ? ofFormula(formula) : ofText(lineOf(target));
  const alone = formula ? null : target.closest(SET_AS_SYMBOL);
  const all = alone ? [...found, ...ofText(alone)] : found;
  return all.find((each) => each.text && holds(each.box(), x, y)) ?? null;
}

/** What holds the text at a point, with its subscripts. @param {Element} target */
function lineOf(target) {
  const part = target.closest("sub, tspan, .ur-plots-sub, .ur-e-symbol > i");
  return part?.parentElement ?? target;
}

/** @param {DOMRect} box @param {number} x @param {number} y */
const holds = (box, x, y) =>
  x >= box.left - NEAR && x <= box.right + NEAR && y >= box.top - NEAR && y <= box.bottom + NEAR;
