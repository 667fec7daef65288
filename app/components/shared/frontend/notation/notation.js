/**
 * Whose names a page has for its symbols: what is written passes here, once, where it leaves for the
 * screen. Names that are read again, ids and places in the address, are always ours.
 */

import { rewritten } from "./latex.js";
import { rewrittenText } from "./plain.js";
import { Names } from "./theirs.js";

/** @import { Notation, Renaming } from "../data.d.ts" */

const MOST_KEPT = 5000;

/** @type {?Notation} ours */
let asked = null;
/** @type {ReadonlySet<string>} */
let own = new Set();
let key = "null";
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {?Names} */
let names = null;
/** @type {Map<string, string>} */
const formulas = new Map();

/** @type {?Notation} of the sidebar's network */
let general = null;
/** @type {?Notation} of a network of another cell, while the page shows one */
let special = null;

/** @param {?Notation} notation null for ours */
export function askNotation(notation) {
  general = notation;
  settle(general && special ? both(general.table, special) : general);
}

/** Names of a network that the page shows beside the sidebar's; null when it is gone. @param {?Notation} notation */
export function askBeside(notation) {
  special = notation;
  askNotation(general);
}

/** The names of a notation, and those of the parameters that only the other network has. @param {Renaming} other @param {Notation} own */
const both = (other, { table, own: kept }) => ({
  own: kept,
  table: {
    ...table,
    parameters: { ...other.parameters, ...table.parameters },
    matrices: [...new Set([...other.matrices, ...table.matrices])],
  },
});

/** @param {?Notation} notation */
function settle(notation) {
  const text = JSON.stringify(notation);
  if (text === key) return;
  key = text;
  asked = notation;
  names = notation && new Names(notation.table);
  own = new Set(notation?.own);
  formulas.clear();
  for (const listener of listeners) listener();
}

/**
 * Follow what is asked; what is returned ends that.
 * @param {() => void} listener
 */
export function onNotation(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which one it is. */
export const notationName = () => asked?.table.name ?? "ours";

/** What it is called; "" for ours. */
export const notationTitle = () => asked?.table.title ?? "";

/** What it calls things, in plain text; null for ours. */
export const theirNames = () => names;

/** Whether another bias, of zeros, is added to one of ours. @param {?string} parameter */
export const hasSecond = (parameter) =>
  asked !== null && parameter !== null && Object.hasOwn(asked.table.second, parameter);

/** Whether vectors are rows, so that a matrix is shown as the transpose of ours. */
export const hasRows = () => asked?.table.rows ?? false;

/** @param {string} latex */
export function writtenLatex(latex) {
  if (!asked) return latex;
  let text = formulas.get(latex);
  if (text === undefined) {
    text = rewritten(asked.table, latex, own);
    if (formulas.size > MOST_KEPT) formulas.clear();
    formulas.set(latex, text);
  }
  return text;
}

/** "row 2, column 1" of ours, as it is where the matrix is shown. @param {string} place */
export const writtenPlace = (place) =>
  hasRows() ? place.replace(/row (\d+), column (\d+)/, "row $2, column $1") : place;

/** @param {string} text */
export const writtenText = (text) => (asked ? rewrittenText(asked.table, text, own) : text);

/** Why something is refused; what came is as it was typed. @param {string} sentence */
export function writtenRefusal(sentence) {
  const at = sentence.indexOf(", got ");
  return at < 0 ? writtenText(sentence) : writtenText(sentence.slice(0, at)) + sentence.slice(at);
}
