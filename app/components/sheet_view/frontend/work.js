/** What somebody has written on each sheet: kept while the page is loaded, and in the address. */

/** @import { Told } from "./data.d.ts" */

const BETWEEN = "~";
const GIVEN_UP = "!"; // in the address, in the place of a number
export const LONGEST = 16; // characters of a number

export class Work {
  /** @param {number} count of questions */
  constructor(count) {
    this.texts = new Array(count).fill("");
    /** @type {Set<number>} questions whose answers were asked for */
    this.shown = new Set();
    /** @type {Map<number, number>} how far the hint is, by the first question of a quantity */
    this.hints = new Map();
    /** @type {Set<number>} questions that were left with a number in their field */
    this.left = new Set();
    this.all = false; // whether all answers are shown
  }

  /** @param {number} k @param {string} text */
  take(k, text) {
    if (k >= this.texts.length) return;
    const isGivenUp = text === GIVEN_UP;
    this.texts[k] = isGivenUp ? "" : text.slice(0, LONGEST);
    if (isGivenUp) this.shown.add(k);
    if (text) this.left.add(k);
  }

  /** For the address; empty where nothing was written. */
  get written() {
    const texts = this.texts.map((text, k) =>
      this.shown.has(k) ? GIVEN_UP : text.trim().replaceAll(BETWEEN, ""),
    );
    while (texts.length && !texts[texts.length - 1]) texts.pop();
    return texts.join(BETWEEN);
  }
}

/** @type {Map<string, Work>} by sheet */
const works = new Map();
let taken = 0; // how many tellings of Python's

/** @param {string} name of a sheet @param {number} count of its questions */
export function workOn(name, count) {
  const known = works.get(name);
  if (known?.texts.length === count) return known;
  const made = new Work(count);
  works.set(name, made);
  return made;
}

/**
 * Fill in what Python tells, once: from the address, or pasted.
 * @param {Work} work
 * @param {string} name of its sheet
 * @param {?Told} told
 * @returns {boolean} whether something was filled in
 */
export function fill(work, name, told) {
  if (!told || told.n <= taken || told.sheet !== name) return false;
  taken = told.n;
  for (const [k, text] of Object.entries(told.texts)) work.take(Number(k), text);
  return true;
}
