/**
 * Whether a number that somebody wrote is right: the rules of `rnn_core/practice/marking.py`, for
 * predictions and for sheets.
 */

import { common } from "./common.js";

const NEAR = 0.1; // of the number: what is said to be near

/**
 * @typedef {object} Mark of one number, or of a choice
 * @property {"right"|"follows"|"near"|"wrong"} status
 * @property {string} says   what is said besides
 *
 * @typedef {object} Rules what Python tells
 * @property {number} tolerance  a number is right within this part of it
 * @property {number} digits     how many significant digits are asked for
 * @property {Record<string, string>} mistakes  by name: what is said of a mistake
 *
 * @typedef {object} Judged
 * @property {number} written
 * @property {number} truth      what the run has
 * @property {() => number} expected  what follows from earlier numbers of the reader's own
 * @property {() => number} granted   how far what that is made of can be off, rounded
 * @property {() => Iterable<[name: string, number: number]>} slips  what known mistakes give
 */

/**
 * Mark a number; what a step does not need is not computed.
 * @param {Judged} number
 * @param {Rules} rules
 * @returns {Mark}
 */
export function judgedNumber({ written, truth, ...later }, { tolerance, digits, mistakes }) {
  const close = closeness(tolerance);
  if (close(written, truth)) return { status: "right", says: "" };
  const expected = later.expected();
  const most = later.granted();
  const granted = Number.isFinite(most) ? most : 0;
  if (close(written, expected, granted)) {
    return { status: close(expected, truth, granted) ? "right" : "follows", says: "" };
  }
  const names = named(written, expected, later.slips(), close, digits);
  if (names.length) {
    return { status: "wrong", says: names.map((name) => mistakes[name]).join(" — or ") };
  }
  const off = (written - expected) / expected;
  if (Math.abs(off) <= NEAR) {
    const percent = (100 * Math.abs(off)).toPrecision(2);
    return { status: "near", says: `${percent} % too ${off > 0 ? "large" : "small"} in size` };
  }
  const isTurned = close(-written, expected, granted);
  return { status: "wrong", says: isTurned ? "the size is right, the sign is not" : "" };
}

/**
 * Whether a number is another, within a part of it or what is granted besides.
 * @param {number} tolerance
 */
const closeness =
  (tolerance) =>
  /** @param {number} number @param {number} target @param {number} [granted] */
  (number, target, granted = 0) => {
    const { nothing } = common().marking;
    if (!Number.isFinite(target)) return false;
    if (target === 0) return Math.abs(number) <= Math.max(nothing, granted);
    const allowed = Math.max(tolerance * Math.abs(target), granted);
    return Math.abs(number - target) <= allowed * (1 + nothing);
  };

/**
 * What the mistakes are that give a number: those that give it to the digit, if any do.
 * @param {number} number
 * @param {number} expected
 * @param {Iterable<[name: string, number: number]>} slips
 * @param {ReturnType<typeof closeness>} close
 * @param {number} digits
 */
function named(number, expected, slips, close, digits) {
  /** @param {number} a @param {number} b */
  const same = (a, b) =>
    Math.abs(a - b) <= halfUnit(b, digits) + common().marking.rounding * Math.abs(b);
  const [near, exact] = [new Set(), new Set()];
  for (const [name, found] of slips) {
    if (same(found, expected) || !close(number, found)) continue;
    near.add(name);
    if (same(number, found)) exact.add(name);
  }
  return [...(exact.size ? exact : near)];
}

/**
 * Half a unit of the last of so many significant digits; 0 of a number that has no more.
 * @param {number} number
 * @param {number} digits
 */
export function halfUnit(number, digits) {
  if (number === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(number))) - digits + 1);
  const count = Math.abs(number) / unit;
  return Math.abs(count - Math.round(count)) < common().marking.rounding ? 0 : unit / 2;
}
