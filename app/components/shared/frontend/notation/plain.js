/** Plain text of ours in a notation of others, as `rnn_core/cells/rewriting.py` writes it. */

import { symbolFound, otherOf, plainOf } from "./naming.js";

/** @import { Renaming } from "../data.d.ts" */
/** @import { Found } from "./naming.js" */

const STEP = "[A-Za-z0-9]+(?:[−+-]1)?";
const NAME = new RegExp(
  `(?<![\\p{L}\\p{N}_.])(?<letter>\\p{L}[\\u0302\\u0304]?)` +
    `(?:_(?:\\{(?<braced>${STEP}(?:,\\s?${STEP})*)\\}|(?<below>${STEP}(?:,${STEP})*)))?` +
    `(?<place>\\[[\\d,\\s]+\\])?(?<turned>ᵀ?)(?![\\p{L}\\p{N}_])`,
  "gu",
);
const WORD = /\p{L}{2,}/gu;
const KNOWN_WORDS = new Set(["tanh", "exp", "log", "max", "min", "diag", "relu", "softmax"]);
const PRODUCT = / · | |·/y;
const SLOPE = "∂L/∂";

/** @typedef {RegExpExecArray & {groups: Record<string, string|undefined>}} Match */

/**
 * @param {Renaming} table
 * @param {string} text
 * @param {ReadonlySet<string>} own  symbols that mean something else here
 */
export const rewrittenText = (table, text, own) =>
  new Writer(table, own, isFormula(text)).written(text);

/** Whether all words of a text are letters, names and functions. @param {string} text */
function isFormula(text) {
  const rest = text.replace(NAME, " ");
  return text.trim() !== "" && [...rest.matchAll(WORD)].every(([word]) => KNOWN_WORDS.has(word));
}

/** @param {string} text @param {number} at @returns {?Match} the first name from there on */
function nameFrom(text, at) {
  NAME.lastIndex = at;
  return /** @type {?Match} */ (NAME.exec(text));
}

/** @param {string} text @param {number} at @returns {?Match} the name that begins there */
function nameAt(text, at) {
  const match = nameFrom(text, at);
  return match?.index === at ? match : null;
}

class Writer {
  /** @param {Renaming} table @param {ReadonlySet<string>} own @param {boolean} formula */
  constructor(table, own, formula) {
    this.table = table;
    this.own = own;
    this.formula = formula;
  }

  /** @param {string} text */
  written(text) {
    let [done, at] = ["", 0];
    for (let match = nameFrom(text, 0); match; match = nameFrom(text, at)) {
      done += text.slice(at, match.index);
      at = match.index + match[0].length;
      const each = this.found(match, text);
      if (!each) {
        done += match[0];
        continue;
      }
      let own = this.name(match, each, text);
      const ofMatrix = each.ofMatrix || Boolean(match.groups.turned);
      const other = this.table.rows ? this.factor(text, at, ofMatrix) : null;
      if (other) {
        own = `${other.written}${other.sign}${own}`; // of rows, a product is the other way round
        at = other.end;
      }
      done += own;
    }
    return done + text.slice(at);
  }

  /**
   * The factor that stands behind a product's sign.
   * @param {string} text
   * @param {number} at
   * @param {boolean} ofMatrix whether what stands before the sign is one
   */
  factor(text, at, ofMatrix) {
    PRODUCT.lastIndex = at;
    const sign = PRODUCT.exec(text)?.[0];
    if (!sign) return null;
    const start = at + sign.length;
    if (text[start] === "(" && ofMatrix) {
      const end = closing(text, start);
      const inside = text.slice(start + 1, end - 1);
      return end && isFormula(inside) ? { sign, written: `(${this.written(inside)})`, end } : null;
    }
    const isSlope = text.startsWith(SLOPE, start);
    const match = nameAt(text, start) ?? (isSlope ? nameAt(text, start + SLOPE.length) : null);
    const each = match && this.found(match, text);
    if (!match || !each || !(ofMatrix || each.ofMatrix || match.groups.turned)) return null;
    const before = text.slice(start, match.index);
    const written = (before && this.written(before)) + this.name(match, each, text);
    return { sign, written, end: match.index + match[0].length };
  }

  /**
   * What a name says; of a letter alone only where it can be no word.
   * @param {Match} match
   * @param {string} text
   */
  found({ index, groups }, text) {
    const below = groups.braced ?? groups.below ?? "";
    const place = groups.place ?? "";
    const letter = groups.letter ?? "";
    const isAlone = !below && !place && !this.formula && !text.slice(0, index).endsWith("∂");
    if (isAlone || this.own.has(below ? `${letter}_${below}` : letter)) return null;
    const parts = [...below.split(/,\s?/), ...place.slice(1, -1).split(/,\s*/)].filter(Boolean);
    const each = symbolFound(this.table, letter.normalize("NFC"), parts);
    return each?.ofAnother && this.own.has(letter) ? null : each;
  }

  /** @param {Match} match @param {Found} each @param {string} text */
  name({ index, groups }, each, text) {
    const inBrackets = Boolean(groups.place);
    let written = plainOf(this.table, each, inBrackets);
    if (each.second && text.slice(0, index).endsWith("+ ")) {
      written += ` + ${plainOf(this.table, otherOf(each.second, each.places), inBrackets)}`;
    }
    return written + (groups.turned ?? "");
  }
}

/** Where what is bracketed ends, 0 where it does not. @param {string} text @param {number} start */
function closing(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    depth += Number(text[at] === "(") - Number(text[at] === ")");
    if (!depth) return at + 1;
  }
  return 0;
}
