/** The other way round: what a symbol of a notation is among ours. */

import { spokenOf } from "./spoken.js";

/** @import { Renamed, Renaming } from "../data.d.ts" */

/**
 * @typedef {object} Theirs a symbol in plain text
 * @property {string} name    of ours
 * @property {"parameter"|"gradient"|"quantity"} kind
 * @property {string} base
 * @property {string} above   but for the step
 * @property {string} below   besides step and unit
 */

const SCRIPTS =
  /^(?:\^\((?<step>[^)]*)\))?(?:\^(?<above>[a-z]))?(?:_(?<below>[^[]+))?(?:\[(?<place>[\d,]+)\])?$/u;
const BELOW = "_[A-Za-z0-9]+(?:[−+-]1)?(?:,[A-Za-z0-9]+(?:[−+-]1)?)*";
const ABOVE = "\\^\\([^)]*\\)|\\^[a-z](?![a-z])";
const PLACE = "\\[[\\d,]+\\]";

export class Names {
  /** @param {Renaming} table */
  constructor(table) {
    this.table = table;
    /** @type {Theirs[]} */
    this.all = [
      ...of(table.parameters, "parameter"),
      ...of(table.deltas, "gradient"),
      ...of(table.quantities, "quantity"),
      ...of(table.size_letters, "quantity"),
    ].sort((one, other) => other.below.length - one.below.length);
    this.loss = spokenOf(table.quantities.L[0]);
    /** @type {?string[]} */
    this.known = null;
    /** @type {?ReturnType<typeof patternsOf>} */
    this.made = null;
  }

  /** What symbols begin with, the longest first. @returns {string[]} */
  get bases() {
    this.known ??= [...new Set(this.all.map(({ base }) => base))].sort(
      (one, other) => other.length - one.length,
    );
    return this.known;
  }

  /** What names look like in a text, and a letter that is set as a symbol. */
  get patterns() {
    this.made ??= patternsOf(this.bases, this.loss);
    return this.made;
  }

  /** A symbol that is set with something above it. @param {string} base @param {string} above @param {string} below */
  scripted(base, above, below) {
    const sup = above.replace(/⊤$/, "");
    const low = below && `_${below}`;
    if (sup.startsWith("′")) return `${base}′${low}`;
    if (sup === "2" || !sup) return base + low;
    const isKnown = /^\([^)]*\)$/.test(sup) ? this.table.raised : /^[a-z]$/.test(sup);
    return isKnown ? `${base}^${sup}${low}` : "";
  }

  /**
   * The symbol of ours as a text; null where it is none of theirs.
   * @param {string} text
   * @returns {?string}
   */
  ours(text) {
    const slope = `∂${this.loss}/∂`;
    if (text.startsWith(slope)) {
      const by = this.ours(text.slice(slope.length));
      return by && `∂L/∂${by}`;
    }
    const base = this.bases.find((each) => text.startsWith(each)) ?? "";
    const groups = SCRIPTS.exec(text.slice(base.length))?.groups;
    if (!base || !groups) return null;
    const { step = "", above = "", below = "", place = "" } = groups;
    const low = below ? below.split(",") : [];
    const places = place ? place.split(",") : [];
    const found = this.all.find(
      (each) =>
        each.base === base &&
        each.above === above &&
        (!each.below || each.below === low[0]) &&
        (each.name !== "l" || step !== "" || low.length > 0) && // of one step
        (each.name !== "L" || !step),
    );
    if (!found) return null;
    const rest = [...(step ? [step] : []), ...low.slice(found.below ? 1 : 0), ...places];
    return this.#written(found, rest);
  }

  /** @param {Theirs} found @param {string[]} rest step, unit or place */
  #written({ kind, name }, rest) {
    const isTurned = kind === "parameter" && this.table.rows && rest.length === 2;
    const places = isTurned ? rest.toReversed() : rest;
    const own = kind === "gradient" ? name.replace(/^z/, "δ") : name;
    if (!places.length) return own;
    return `${own}${own.includes("_") ? "," : "_"}${places.join(",")}`;
  }
}

/** @param {string[]} bases @param {string} loss */
function patternsOf(bases, loss) {
  const known = bases.map((base) => base.replaceAll(".", "\\.")).join("|");
  const long = bases.filter((base) => base.length > 2).map((base) => base.replaceAll(".", "\\."));
  const words = long.join("|") || "(?!)";
  const slope = `(?:∂${loss}/∂)`;
  const every = `(?:${known}|\\p{L}[\\u0302-\\u0304′]?)`;
  const scripts = `(?:(?:${ABOVE})(?:${BELOW})?(?:${PLACE})?|${BELOW}(?:${PLACE})?|${PLACE})`;
  const [before, after] = ["(?<![\\p{L}\\p{N}_.])", "(?![\\p{L}\\p{N}_])"];
  return {
    names: [
      new RegExp(`${before}${slope}?(?:${every}${scripts}|${words})${after}`, "gu"),
      new RegExp(`${before}${slope}\\p{L}${after}`, "gu"),
    ],
    letter: new RegExp(`^${slope}?(?:${every})(?:\\^[a-z])?$`, "u"),
  };
}

/**
 * @param {Record<string, Renamed>} symbols
 * @param {Theirs["kind"]} kind
 * @returns {Theirs[]}
 */
const of = (symbols, kind) =>
  Object.entries(symbols).map(([name, [base, below, above]]) => ({
    name,
    kind,
    base: spokenOf(base + primes(above)).normalize("NFC"),
    above: isPrime(above) ? "" : spokenOf(above),
    below: spokenOf(below),
  }));

/** @param {string} above */
const isPrime = (above) => above.startsWith("\\prime");
/** @param {string} above */
const primes = (above) => (isPrime(above) ? "′" : "");
