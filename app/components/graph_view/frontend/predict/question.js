/** Which question is asked before a number appears, and what answers it. */

import { common } from "../../../shared/frontend/common.js";
import { nameOf } from "../../../shared/frontend/named.js";
import { writtenText } from "../../../shared/frontend/notation/notation.js";
import { placeOf } from "../array_text.js";
import { bracketed } from "../chain.js";
import { atStep } from "../operands.js";
import { besides, termsOf } from "./terms.js";

/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */

/** @typedef {"value"|"sign"|"larger"|"stronger"} Asked what is asked of a number */

/**
 * An answer to choose.
 * @typedef {{key: string, text: string, latex: string}} Option by its key; said in words or a symbol
 *
 * @typedef {object} Question
 * @property {Frame} frame
 * @property {Asked} asked
 * @property {string} symbol     in LaTeX: of the quantity, or of the derivative by it
 * @property {number[]} entries  which of its numbers are asked for
 * @property {string} where      which one, in words, where it is one of many
 * @property {Option[]} options  none where a value is to be written
 * @property {?{latex: string, value: number}} beside what it is compared with
 */

const MOST_FIELDS = 4;
const MOST_OPTIONS = 8;
const STEPS_IN_FULL = 2; // whose numbers are asked for, where the page chooses

/** What is asked where the kind that was chosen does not fit. @type {Record<Asked, Asked[]>} */
const INSTEAD = {
  value: ["value"],
  sign: ["sign", "larger", "value"],
  larger: ["larger", "sign", "value"],
  stronger: ["stronger", "larger", "sign", "value"],
};

const SIGNS = [
  { key: "-", text: "negative", latex: "" },
  { key: "0", text: "zero", latex: "" },
  { key: "+", text: "positive", latex: "" },
];
const SIZES = [
  { key: "<", text: "smaller", latex: "" },
  { key: "=", text: "the same", latex: "" },
  { key: ">", text: "larger", latex: "" },
];

/**
 * The question before a frame is shown.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} place of the frame, from 0: of a long vector it says which number is asked for
 * @param {string} kind that was chosen
 * @returns {Question}
 */
export function questionOf(model, frame, place, kind) {
  const { node, phase, step } = frame;
  const own = atStep(node, step);
  const symbol = phase === "forward" ? own : `\\frac{\\partial L}{\\partial ${bracketed(own)}}`;
  const one = node.size > 1 ? (7 * place + 3) % node.size : 0;
  const wanted = kind === "mixed" ? usual(model, frame, one) : /** @type {Asked} */ (kind);
  for (const asked of INSTEAD[wanted] ?? INSTEAD.value) {
    const beside = asked === "larger" ? besides(model, frame, one) : null;
    const options = optionsOf(model, frame, one, asked, beside);
    if (asked !== "value" && !options.length) continue;
    const all = asked === "value" && node.size <= MOST_FIELDS;
    return {
      frame,
      asked,
      symbol,
      entries: all ? Array.from({ length: node.size }, (_, k) => k) : [one],
      where: all || node.size === 1 ? "" : placeOf(node.shape, one),
      options,
      beside,
    };
  }
  throw new RangeError(`${node.id}: nothing can be asked`);
}

/**
 * What is asked where the reader leaves it to the page: numbers in the first two steps of each way,
 * where a formula is new, and then what is quickly said.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @returns {Asked}
 */
function usual(model, frame, k) {
  const { node, phase, step } = frame;
  const isFew = node.size <= MOST_FIELDS;
  if (phase === "backward") {
    if (node.kind === "logit") return "value";
    if (termsOf(model, frame, k).length > 1) return "stronger";
    if (node.kind === "sum") return isFew && step > model.T - STEPS_IN_FULL ? "value" : "sign";
    return "larger";
  }
  if (node.kind === "product") return "sign";
  if (node.kind === "probability") return "larger";
  if (node.kind === "activation" && node.in.length === 1) return "larger";
  return isFew && (step <= STEPS_IN_FULL || node.op !== "add") ? "value" : "stronger";
}

/**
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @param {Asked} asked
 * @param {Question["beside"]} beside
 * @returns {Option[]} none where it cannot be asked
 */
function optionsOf(model, frame, k, asked, beside) {
  const { node, phase } = frame;
  if (asked === "larger") return beside ? SIZES : [];
  if (asked === "stronger") {
    const terms = termsOf(model, frame, k);
    const isAnswered = terms.length > 1 && terms.length <= MOST_OPTIONS;
    if (!isAnswered || terms.some(({ value }) => !Number.isFinite(value))) return [];
    const before = phase === "forward" ? "" : "through ";
    return terms.map(({ latex }, i) => ({ key: String(i + 1), text: before, latex }));
  }
  // What cannot be negative has a sign that is known.
  const isPositive = ["probability", "loss"].includes(node.kind) || node.op === "sigmoid";
  return asked === "sign" && !(phase === "forward" && isPositive) ? SIGNS : [];
}

/**
 * Which options are right, by the numbers of a run.
 * @param {Model} model
 * @param {Question} question of choices
 * @param {ArrayLike<number>} numbers of the frame
 * @returns {string[]} their keys
 */
export function rightOf(model, { frame, asked, entries: [k], options, beside }, numbers) {
  const number = numbers[k];
  if (asked === "sign") return [number > 0 ? "+" : number < 0 ? "-" : "0"];
  if (asked === "larger") {
    const sized = frame.phase === "backward";
    const against = besides(model, frame, k) ?? beside ?? { value: 0 };
    const [own, other] = [number, against.value].map((each) => (sized ? Math.abs(each) : each));
    if (
      Math.abs(own - other) <=
      common().marking.rounding * Math.max(Math.abs(own), Math.abs(other))
    ) {
      return ["="];
    }
    return [own > other ? ">" : "<"];
  }
  const sizes = termsOf(model, frame, k).map(({ value }) => Math.abs(value));
  const most = Math.max(...sizes);
  return options.flatMap(({ key }, i) =>
    sizes[i] >= most * (1 - common().marking.rounding) ? [key] : [],
  );
}

/** What a component of what is asked is called: `h_2[1]`. @param {Question} question @param {number} k */
export function spokenEntry({ frame: { node, phase, step } }, k) {
  const of = node.times && step ? nameOf(node.id, step) : node.id;
  const own = writtenText(of);
  const name = node.size > 1 ? `${own}, ${placeOf(node.shape, k)}` : own;
  return phase === "forward" ? name : `gradient by ${name}`;
}
