/**
 * LaTeX of ours in a notation of others, as `rnn_core/cells/rewriting_latex.py` writes it: both are
 * held to the same texts by a test.
 */

import { joined } from "./factors.js";
import { symbolFound, latexOf, otherOf } from "./naming.js";

/** @import { Renaming } from "../data.d.ts" */
/** @import { Atom, Kind } from "./factors.js" */
/** @import { Found } from "./naming.js" */

const TOKEN = /\\\\(?:\[[\d.]+(?:em|ex|pt)\])?|\\(?:[a-zA-Z]+|[^])|\d+(?:\.\d+)?|\s+|[^]/gu;
const NEW_LINE = "\\\\";
const OF_TWO = new Set(["\\frac", "\\tfrac", "\\dfrac"]);
const AS_IT_IS = new Set(
  [
    "text",
    "mathrm",
    "mathbf",
    "boldsymbol",
    "mathbb",
    "end",
    "textbf",
    "textit",
    "mathsf",
    "color",
  ].map((name) => `\\${name}`),
);
const ACCENTS = new Set(["\\bar", "\\tilde", "\\dot", "\\hat"]);
const SPACES = new Set(["\\cdot", "\\,", "\\:", "\\!", "\\ ", "~"]);
const FUNCTIONS = new Set(
  ["tanh", "exp", "log", "ln", "max", "min", "sigma", "varphi", "phi", "sqrt", "operatorname"]
    .map((name) => `\\${name}`)
    .concat("F"),
);
const SCALARS = new Set(
  ["eta", "lambda", "alpha", "beta", "mu", "epsilon", "varepsilon"].map((name) => `\\${name}`),
);
const MATRICES = new Set(["J", "A", "I", "W"]);
const DOTS = new Set(["\\cdots", "\\ldots", "\\dots"]);
/** @type {Record<string, string>} */
const CLOSING = { "(": ")", "[": "]" };
const CLOSE = new Set([")", "]"]);
const ARRAYS = new Set(["{bmatrix}", "{pmatrix}"]);
const ITERATE = /^\(\w\)$/; // above a symbol: which one of many it is
const BELOW = /^[A-Za-z0-9]+(?:\s*[+-]\s*1)?$/;

/**
 * @param {Renaming} table
 * @param {string} source
 * @param {ReadonlySet<string>} own  symbols that mean something else here
 */
export function rewritten(table, source, own) {
  const gates = new RegExp(`\\((${table.gate}) = ([a-z](?:, [a-z])*)\\)`, "g");
  const text = source.replace(gates, (_, letter, /** @type {string} */ names) => {
    const theirs = names.split(", ").map((gate) => (table.gates[gate] ?? gate) || "–");
    return `(\\text{${letter}} = \\text{${theirs.join(", ")}})`;
  });
  return new Reader(table, text, own).all();
}

class Reader {
  /** @param {Renaming} table @param {string} source @param {ReadonlySet<string>} own */
  constructor(table, source, own) {
    this.table = table;
    this.own = own;
    this.tokens = source.match(TOKEN) ?? [];
    this.at = 0;
    this.holdsMatrix = false; // whether a sum in what was read last is one
    this.other = ""; // the second one of two biases, where the first was read last
  }

  all() {
    let text = "";
    while (this.at < this.tokens.length) {
      text += this.sequence([]) + this.next(); // a bracket that closes what was not opened
    }
    return text;
  }

  peek() {
    return this.tokens[this.at] ?? "";
  }

  next() {
    this.at += 1;
    return this.tokens[this.at - 1] ?? "";
  }

  /** What stands up to one of the stops, which is not read. @param {string[]} stops */
  sequence(stops) {
    /** @type {Atom[]} */
    const atoms = [];
    for (let sign = this.peek(); sign && !stops.includes(sign); sign = this.peek()) {
      if (sign.startsWith(NEW_LINE) && stops.includes(NEW_LINE)) break;
      if (sign === "}" || sign === "\\end" || sign === "\\right") break;
      if (CLOSE.has(sign) && !stops.length) break;
      atoms.push(this.atom());
    }
    const { text, ofMatrices } = joined(atoms, this.table.rows);
    this.holdsMatrix = ofMatrices;
    return text;
  }

  /** @returns {Atom} */
  atom() {
    const sign = this.next();
    if (!sign.trim() || SPACES.has(sign)) return { kind: "space", text: sign };
    if (sign === "{") {
      const inside = this.group();
      return this.scripted(`{${inside}}`, this.holdsMatrix ? "matrix" : "factor");
    }
    if (sign === "\\left" || sign in CLOSING) return this.fence(sign);
    if (sign === "\\begin") return this.environment();
    if (OF_TWO.has(sign)) return this.fraction(sign);
    if (FUNCTIONS.has(sign)) return this.called(sign);
    if (AS_IT_IS.has(sign)) return this.scripted(sign + this.rawGroup(), "factor");
    if (ACCENTS.has(sign)) return this.accent(sign);
    if (DOTS.has(sign)) return { kind: "factor", text: sign };
    if (SCALARS.has(sign) || /^\d/.test(sign)) return this.scripted(sign, "scalar");
    if (sign === "\\delta") return this.symbol("δ", sign);
    if (/^\p{L}$/u.test(sign)) return this.symbol(sign, sign);
    if (/^\\[a-zA-Z]+$/.test(sign) && this.peek() === "{") {
      this.next();
      return this.scripted(`${sign}{${this.group()}}`, "factor");
    }
    return this.scripted(sign, "separator");
  }

  /** What stands in braces, of which the first is read. */
  group() {
    const text = this.sequence(["}"]);
    this.next();
    return text;
  }

  /** What stands in braces as it is, with them; nothing where there are none. */
  rawGroup() {
    if (this.peek() !== "{") return "";
    let depth = 0;
    let text = "";
    do {
      const sign = this.next();
      text += sign;
      depth += Number(sign === "{") - Number(sign === "}");
    } while (depth && this.at < this.tokens.length);
    return text;
  }

  /** What a command takes: in braces, or one sign. */
  argument() {
    if (this.peek() !== "{") return this.atom().text;
    this.next();
    return `{${this.group()}}`;
  }

  /** What stands below and above, and all of that as it is written. */
  scripts() {
    let [low, high, raw] = ["", "", ""];
    for (let sign = this.peek(); "_^'".includes(sign) && sign; sign = this.peek()) {
      raw += this.next();
      if (sign === "'") continue;
      const text = this.rawGroup() || this.next();
      const inside = text.startsWith("{") ? text.slice(1, -1) : text;
      const isPower = sign === "^" && inside.length > 1 && !ITERATE.test(inside);
      raw += isPower ? `{${new Reader(this.table, inside, this.own).all()}}` : text;
      if (sign === "_") low = inside;
      else high = inside;
    }
    return { low, high, raw };
  }

  /** What is no symbol, with its scripts. @param {string} text @param {Kind} kind @returns {Atom} */
  scripted(text, kind) {
    const { high, raw } = this.scripts();
    const isTurned = kind !== "separator" && (high === "\\top" || high === "-1");
    return { kind: isTurned ? "matrix" : kind, text: text + raw };
  }

  /** @param {string} sign */
  fence(sign) {
    const isLeft = sign === "\\left";
    const opening = isLeft ? sign + this.next() : sign;
    const inside = this.sequence([isLeft ? "\\right" : CLOSING[sign]]);
    const kind = this.holdsMatrix ? "matrix" : "factor";
    const closing = this.next() + (isLeft ? this.next() : "");
    return this.scripted(opening + inside + closing, kind);
  }

  environment() {
    const name = this.rawGroup();
    let rows = [[""]];
    /** @type {string[]} */
    let signs = [];
    while (this.peek() && this.peek() !== "\\end") {
      const row = rows[rows.length - 1];
      if (this.peek() === "&") {
        this.next();
        row.push("");
      } else if (this.peek().startsWith(NEW_LINE)) {
        signs.push(this.next());
        rows.push([""]);
      } else {
        const before = this.at;
        row[row.length - 1] += this.sequence(["&", NEW_LINE, "\\end"]);
        if (this.at === before) row[row.length - 1] += this.next();
      }
    }
    this.next();
    const closing = this.rawGroup();
    const isArray = ARRAYS.has(name);
    if (isArray && this.table.rows && new Set(rows.map((row) => row.length)).size === 1) {
      rows = rows[0].map((_, column) => rows.map((row) => row[column]));
      signs = rows.slice(1).map(() => NEW_LINE);
    }
    const inside = rows.map((row, i) => row.join("&") + (signs[i] ?? "")).join("");
    const text = `\\begin${name}${inside}\\end${closing}`;
    return this.scripted(text, isArray ? "matrix" : "factor");
  }

  /** @param {string} sign @returns {Atom} */
  fraction(sign) {
    const start = this.at;
    const above = this.argument();
    this.other = "";
    const below = this.argument();
    const whole = sign + above + below;
    if (this.other && this.ahead() === "=") {
      // ∂L/∂b of each of two biases is the same
      return { kind: "factor", text: `${whole} = ${sign}${above}{\\partial ${this.other}}` };
    }
    const source = this.tokens.slice(start, this.at).join("");
    if (!/[A-Za-z]/.test(source)) return this.scripted(whole, "scalar");
    if (source.startsWith("{\\partial L}")) return this.scripted(whole, "slope");
    const isJacobian = source.split("\\partial").length > 2;
    return this.scripted(whole, isJacobian ? "jacobian" : "factor");
  }

  /** What stands next, whatever spaces are before it. */
  ahead() {
    return this.tokens.slice(this.at).find((sign) => sign.trim()) ?? "";
  }

  /** @param {string} sign @returns {Atom} */
  called(sign) {
    let text = sign === "\\operatorname" ? sign + this.rawGroup() : sign;
    const kind = text.includes("diag") ? "matrix" : "factor";
    text += this.scripts().raw;
    const opening = this.peek();
    if (opening === "{") {
      this.next();
      return this.scripted(`${text}{${this.group()}}`, kind);
    }
    if (opening === "(" || opening === "\\left") {
      return this.scripted(text + this.fence(this.next()).text, kind);
    }
    return { kind: sign === "\\sigma" || sign === "F" ? "factor" : "separator", text };
  }

  /** @param {string} sign */
  accent(sign) {
    const start = this.at;
    let inner = this.rawGroup() || (this.peek().trim() ? this.next() : "");
    if (!inner && this.peek()) {
      this.next();
      inner = this.next();
    }
    const letter = inner.replace(/^[{} ]+|[{} ]+$/g, "");
    const source = sign + this.tokens.slice(start, this.at).join("");
    if (sign === "\\hat" && letter === "y") return this.symbol("ŷ", source);
    return this.symbol(letter, source, sign);
  }

  /**
   * A letter with its scripts, as it is written there.
   * @param {string} letter
   * @param {string} source
   * @param {string} [over]  an accent
   * @returns {Atom}
   */
  symbol(letter, source, over = "") {
    const { low, high, raw } = this.scripts();
    const parts = low ? low.split(",").map((part) => part.trim()) : [];
    const isPlain = !raw.includes("'") && parts.every((part) => BELOW.test(part));
    const isOwn = this.own.has(low ? `${letter}_${low}` : letter);
    const each = isPlain && !isOwn ? symbolFound(this.table, letter, parts) : null;
    if (!each || (each.ofAnother && this.own.has(letter))) {
      const isMatrix = MATRICES.has(letter) || high === "\\top";
      return { kind: isMatrix ? "matrix" : "factor", text: source + raw };
    }
    const text = latexOf(this.table, each, high, over) + this.second(each);
    return { kind: each.ofMatrix || high === "\\top" ? "matrix" : "factor", text };
  }

  /** The other one of two biases, where they are added in a sum. @param {Found} each */
  second({ second, places }) {
    if (!second) return "";
    this.other = latexOf(this.table, otherOf(second, places));
    return this.isSummand() ? ` + ${this.other}` : "";
  }

  /** Whether the bias that was read last stands behind a plus sign. */
  isSummand() {
    const before = this.tokens.slice(0, this.at).filter((sign) => sign.trim());
    return before[before.lastIndexOf("b") - 1] === "+";
  }
}
