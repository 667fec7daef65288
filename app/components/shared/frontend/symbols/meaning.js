/**
 * What a symbol means: its words, and its numbers at a position. A symbol is a text here, as it reads
 * on the page: `h_t`, `W_hh`, `W_hh,2,1`, `h[3,1]`, `z_i,t−1`, `∂L/∂W_hh`, `δ_t`.
 */

import { hasRows, notationTitle, theirNames, writtenPlace } from "../notation/notation.js";
import { summary } from "../numbers.js";

/** @import { Run, Symbols } from "../data.d.ts" */

/**
 * @typedef {object} Meaning
 * @property {string} symbol
 * @property {string} words
 * @property {?string} numbers null where there are none to be said
 * @property {string} elsewhere how others call it
 *
 * @typedef {object} Place where the reader is
 * @property {number} t       0 for none
 * @property {boolean} tells  whether numbers may be said
 */

/** @type {?Symbols} */
let told = null;
/** @type {?Decoded} */
let run = null;

/** @typedef {{T: number, value: Table, gradient: Table}} Decoded */
/** @typedef {Map<string, {shape: number[], numbers: Float64Array}>} Table */

/** Take what Python says of the symbols of this page. @param {Symbols} symbols @param {?Run} numbers */
export function tellSymbols(symbols, numbers) {
  told = symbols;
  run = null;
  later = numbers;
}

/** What is decoded only when a reader asks. @type {?Run} */
let later = null;

function decoded() {
  if (later) {
    const { T, values, value, gradients, gradient } = later;
    run = { T, value: tableOf(values, value), gradient: tableOf(gradients, gradient) };
    later = null;
  }
  return run;
}

/** @param {Record<string, number[]>} shapes @param {Run["value"]} packed @returns {Table} */
function tableOf(shapes, packed) {
  const all = decoded64(packed);
  /** @type {Table} */
  const table = new Map();
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const size = shape.reduce((product, length) => product * length, 1);
    table.set(name, { shape, numbers: all.subarray(at, at + size) });
    at += size;
  }
  return table;
}

/** @param {Run["value"]} packed base64 of float64, or the numbers themselves */
function decoded64(packed) {
  if (typeof packed !== "string") return packed;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}

const MOST_WRITTEN = 9;
const GRADIENT = /^∂L\/∂(.+)$/u;
const PARTS = /^(\p{L}[\u0302\u0304′]?)(?:_([^[\]]+))?(?:\[([\d,]+)\])?$/u;

/**
 * @param {string} text
 * @param {Place} place
 * @returns {?Meaning} null where it is no symbol of this page
 */
export function meaningOf(text, place) {
  if (!told) return null;
  const own = oursOf(text);
  const by = GRADIENT.exec(own)?.[1];
  const found = named(by ?? own);
  if (!found) return null;
  const { kind, index, ofGradient } = found;
  const gradient = by !== undefined || ofGradient;
  if (by !== undefined && (ofGradient || kind === "general" || kind === "page")) return null;
  const what = wordsOf(found);
  const words = gradient ? `gradient of the loss by the ${what}` : what;
  const { at, step } = stepOf(found, place);
  const said = [words, at, writtenPlace(unitOf(found, index))].filter(Boolean).join(", ");
  return {
    symbol: text,
    words: said,
    numbers: place.tells ? numbersOf(found, gradient, step) : null,
    elsewhere: kind === "parameters" || kind === "quantities" ? elsewhere(found.name, own) : "",
  };
}

/** A symbol of the notation that is asked for, as ours. @param {string} text */
function oursOf(text) {
  const names = theirNames();
  // A size is no symbol of a notation, though it may have the letter of one.
  const isSize = told && Object.hasOwn(told.general, text) && /^[A-Z]$/.test(text);
  const own = isSize && !parameterOf(names?.ours(text) ?? "") ? null : names?.ours(text);
  return own ?? text;
}

/** @param {string} own */
const parameterOf = (own) => told !== null && Object.hasOwn(told.parameters, own);

/**
 * @typedef {object} Named
 * @property {string} name
 * @property {"quantities"|"parameters"|"general"|"page"|"others"} kind of the other ones, only words are known
 * @property {string} step      of a quantity, as it is written: "t", "t−1", "3", or nothing
 * @property {string[]} index   of its unit or place
 * @property {boolean} ofGradient whether the symbol says ∂L/∂ by itself
 */

/** @param {string} text @returns {?Named} */
function named(text) {
  const match = PARTS.exec(text);
  if (!told || !match) return null;
  const [, letter, sub = "", place = ""] = match;
  const ofGradient = letter === "δ";
  const parts = [...sub.split(","), ...place.split(",")].filter(Boolean);
  const isPrediction = letter === told.prediction || letter === "y\u0302";
  const stem = ofGradient ? "z" : isPrediction ? "p" : letter;
  const whole = `${stem}_${parts[0]}`;
  /** @type {[Named["kind"], string, string[]][]} */
  const ways = [
    ["page", ofGradient ? "" : text, []],
    ["parameters", whole, parts.slice(1)],
    ["quantities", whole, parts.slice(1)],
    ["quantities", stem, parts],
    ["others", whole, []],
    ["others", stem, []],
    ["general", ofGradient ? "" : whole, []],
    ["general", ofGradient || parts.length > 1 ? "" : stem, []],
  ];
  const way = ways.find(([kind, name]) => told && Object.hasOwn(told[kind], name));
  if (!way) return null;
  const [kind, name, rest] = way;
  if (ofGradient && kind === "quantities" && !told.sums.includes(name)) return null;
  const [step = "", ...index] = kind === "quantities" ? rest : ["", ...rest];
  return { name, kind, step, index, ofGradient };
}

/**
 * Who calls it otherwise.
 * @param {string} name
 * @param {string} symbol of ours
 */
function elsewhere(name, symbol) {
  const others = told?.elsewhere[name] ?? [];
  const here = notationTitle();
  /** @type {[string, string][]} */
  const ours = here ? [["Ours", symbol]] : [];
  return [...ours, ...others]
    .filter(([who, theirs]) => who !== here && (who === "Ours" || theirs !== symbol))
    .map(([who, theirs]) => `${who} ${theirs}`)
    .join(" · ");
}

/** What a parameter is, in words; "" where the page has none. @param {?string} name */
export const parameterWords = (name) => told?.parameters[name ?? ""] ?? "";

/** @param {Named} found */
function wordsOf({ name, kind }) {
  return told ? told[kind][name] : "";
}

/**
 * Of which step a quantity is, in words and as a number.
 * @param {Named} found
 * @param {Place} place
 * @returns {{at: string, step: ?number}} null: of none that is known
 */
function stepOf({ kind, step, name }, { t, tells }) {
  if (kind !== "quantities" || name === "L") return { at: "", step: null };
  const last = decoded()?.T ?? null;
  if (/^\d+$/.test(step)) return { at: `at step ${step}`, step: Number(step) };
  if (step === "T") return { at: "at the last step", step: last };
  const moved = /^t(?:([+−-])1)?$/.exec(step);
  if (!moved) return { at: step && `at step ${step}`, step: step ? null : last };
  const by = moved[1] ? (moved[1] === "+" ? 1 : -1) : 0;
  const said = ["at the step before", "at a step", "at the next step"][by + 1];
  const own = Math.min(t, last ?? 0) + by;
  const known = tells && t > 0 && last !== null && own >= 0 && own <= last;
  return { at: known ? `${said}, here t = ${own}` : said, step: known ? own : null };
}

/** @param {Named} found @param {string[]} index */
function unitOf({ kind }, index) {
  if (!index.length) return "";
  return kind === "quantities"
    ? `unit ${index[0]}`
    : index.length > 1
      ? `row ${index[0]}, column ${index[1]}`
      : `entry ${index[0]}`;
}

/**
 * @param {Named} found
 * @param {boolean} gradient
 * @param {?number} step
 */
function numbersOf({ name, kind, index }, gradient, step) {
  if (kind !== "parameters" && kind !== "quantities") return null;
  const numbersHere = decoded();
  const array = numbersHere?.[gradient ? "gradient" : "value"].get(name);
  if (!numbersHere || !array) return null;
  const { shape, numbers } = array;
  const places = index.map((each) => Number(each) - 1);
  if (places.some((each) => !Number.isInteger(each))) return null;
  let own = numbers;
  let axes = shape;
  if (kind === "quantities" && name !== "L") {
    const row = step === null ? -1 : step - (numbersHere.T - shape[0] + 1);
    if (row < 0 || row >= shape[0]) return null;
    const width = numbers.length / shape[0];
    own = numbers.subarray(row * width, (row + 1) * width);
    axes = shape.slice(1);
  }
  if (!places.length) {
    if (axes.length === 2 && hasRows()) {
      const [rows, columns] = axes;
      own = own.map((_, k) => numbers[(k % rows) * columns + Math.floor(k / rows)]);
      axes = [columns, rows];
    }
    return summary(own, axes.length === 2 && axes[0] > 1 ? MOST_WRITTEN : undefined, axes);
  }
  if (places.length !== axes.length) return null;
  const at = places.reduce((sum, each, axis) => sum * axes[axis] + each, 0);
  const fits = places.every((each, axis) => each >= 0 && each < axes[axis]);
  return fits ? summary([own[at]]) : null;
}
