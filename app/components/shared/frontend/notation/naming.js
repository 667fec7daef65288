/** One symbol of ours in a notation of others, as `rnn_core/cells/naming.py` has it. */

import { spokenOf } from "./spoken.js";

/** @import { Renaming, Renamed } from "../data.d.ts" */

/**
 * @typedef {object} Found a symbol of ours: what stands for it, and where it is
 * @property {Renamed} symbol
 * @property {string} step
 * @property {string[]} places   units, or the row and the column of an entry
 * @property {?Renamed} second   the other one of two biases that are added
 * @property {boolean} ofMatrix
 * @property {boolean} ofAnother a quantity of another cell
 */

const PREDICTIONS = new Set(["p", "ŷ"]);
const READ_OUT = new Set(["a", "y"]);
const OUTPUTS = new Set(["i", "j", "k"]);

/** What stands below what is read out, its step first: y_k is of an output. @param {string[]} below */
const ofOutputs = (below) => (OUTPUTS.has(below[0]) ? ["", ...below] : below);

/**
 * What a letter with so much below it is, null where it is no symbol of the cell.
 * @param {Renaming} table
 * @param {string} letter
 * @param {string[]} below  what stands there between commas: hh, 2, 1 or i, t−1, 2
 * @returns {?Found}
 */
export function symbolFound(table, letter, below) {
  const { parameters, matrices, second, deltas, quantities, others, size_letters } = table;
  const [first = ""] = below;
  const whole = `${letter}_${first}`;
  if (has(parameters, whole)) {
    return {
      symbol: parameters[whole],
      step: "",
      places: below.slice(1),
      second: second[whole] ?? null,
      ofMatrix: matrices.includes(whole),
      ofAnother: false,
    };
  }
  if (letter === "δ") {
    const gate = `z_${first}`;
    return has(deltas, gate) ? timed(deltas[gate], below.slice(1)) : timed(deltas.z, below);
  }
  if (has(quantities, whole)) return timed(quantities[whole], below.slice(1));
  if (!below.length && has(size_letters, letter)) return timed(size_letters[letter], []);
  if (PREDICTIONS.has(letter)) {
    const { p } = quantities;
    return timed(p[0] === "p" ? [letter, "", ""] : p, ofOutputs(below));
  }
  if (!has(quantities, letter)) return null;
  const ofAnother = others.includes(letter);
  if (ofAnother && !below.length) return null; // that may be an index, or a number of something
  const places = READ_OUT.has(letter) ? ofOutputs(below) : below;
  return { ...timed(quantities[letter], places), ofAnother };
}

/** @param {object} table @param {string} name */
const has = (table, name) => Object.hasOwn(table, name);

/** @param {Renamed} symbol @param {string[]} below @returns {Found} */
const timed = (symbol, [step = "", ...places]) => ({
  symbol,
  step,
  places,
  second: null,
  ofMatrix: false,
  ofAnother: false,
});

/** The other one of two biases, or a number of it. @param {Renamed} symbol @param {string[]} places @returns {Found} */
export const otherOf = (symbol, places) => timed(symbol, ["", ...places]);

/** @param {Renaming} table @param {Found} each */
const turnedPlaces = ({ rows }, { ofMatrix, places }) =>
  rows && ofMatrix && places.length === 2 ? [places[1], places[0]] : places;

/** @param {Renaming} table @param {Found} each @param {string[]} places */
function scripts({ raised }, { symbol: [, below, above], step: at }, places) {
  const step = at.replace("−", "-");
  return {
    low: [below, raised ? "" : step, ...places].filter(Boolean).join(","),
    high: above + (step && raised ? `(${step})` : ""),
  };
}

/**
 * The LaTeX of a symbol.
 * @param {Renaming} table
 * @param {Found} each
 * @param {string} [power] stands above it besides
 * @param {string} [over]  an accent
 */
export function latexOf(table, each, power = "", over = "") {
  const { low, high } = scripts(table, each, turnedPlaces(table, each));
  const base = over ? `${over}{${each.symbol[0]}}` : each.symbol[0];
  if (power === "\\top") return scripted(table, base, low, high + power);
  if (power && high) return `{${scripted(table, base, low, high)}}^${braced(power)}`;
  return scripted(table, base, low, high || power);
}

/** @param {Renaming} table @param {string} base @param {string} low @param {string} high */
function scripted({ raised }, base, low, high) {
  const below = low && `_${braced(low)}`;
  const above = high && `^${braced(high)}`;
  const isAboveFirst = raised || high.startsWith("\\prime");
  return isAboveFirst ? base + above + below : base + below + above;
}

/** @param {string} text */
const braced = (text) => (text.length === 1 ? text : `{${text}}`);

/**
 * A symbol in plain text: h^(3)_1, W_hh[1,2].
 * @param {Renaming} table
 * @param {Found} each
 * @param {boolean} brackets  hold the places of a number
 */
export function plainOf(table, each, brackets) {
  const places = turnedPlaces(table, each);
  const bracketed = (brackets || each.ofMatrix) && places.length > 0;
  const { low, high } = scripts(table, each, bracketed ? [] : places);
  const text = spokenOf(scripted(table, each.symbol[0], low, high))
    .replaceAll("-1", "−1")
    .normalize("NFC");
  if (!bracketed) return text;
  const isTurned = table.rows && each.places.length === 2;
  return `${text}[${(isTurned ? each.places.toReversed() : each.places).join(",")}]`;
}
