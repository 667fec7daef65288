/**
 * What a reader has answered, marked: by what the core computed, and by what follows from his own
 * earlier numbers. The rules are those of `rnn_core/practice/marking.py`.
 */

import { operandsOf, ruleFor } from "../equations.js";
import { EXACT } from "../expression.js";
import { numbersOf, ownRun, shownAt } from "./own.js";
import { rightOf } from "./question.js";
import { slipsOf } from "./slips.js";
import { backTrees } from "./terms.js";

/** @import { PredictData } from "../data.d.ts" */
/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Written } from "./own.js" */
/** @import { Question } from "./question.js" */

const NEAR = 0.1; // of the number: what is said to be near
const NOTHING = 1e-12;

/**
 * @typedef {object} Mark of one number, or of a choice
 * @property {"right"|"follows"|"near"|"wrong"} status
 * @property {string} says   what is said besides
 */

/**
 * Mark a number.
 * @param {Model} model
 * @param {Question} question
 * @param {number} k       which of the frame's numbers
 * @param {number} number  that was written
 * @param {Written} written  before
 * @param {PredictData} told
 * @returns {Mark}
 */
export function markNumber(model, { frame }, k, number, written, told) {
  const truth = numbersOf(model, frame)[k];
  const close = closeness(told.tolerance);
  if (close(number, truth)) return { status: "right", says: "" };
  const own = ownRun(model, written);
  const expected = own.formula(frame)[k];
  const granted = roundedAway(own.model, frame, k, told.digits);
  if (close(number, expected, granted)) {
    const same = close(expected, truth, granted);
    return { status: same ? "right" : "follows", says: "" };
  }
  const names = named(own.model, frame, k, number, expected, told);
  if (names.length) return { status: "wrong", says: names.join(" — or ") };
  const off = (number - expected) / expected;
  if (Math.abs(off) <= NEAR) {
    const percent = (100 * Math.abs(off)).toPrecision(2);
    return { status: "near", says: `${percent} % too ${off > 0 ? "large" : "small"} in size` };
  }
  const isTurned = close(-number, expected, granted);
  return { status: "wrong", says: isTurned ? "the size is right, the sign is not" : "" };
}

/**
 * Mark a choice.
 * @param {Model} model
 * @param {Question} question
 * @param {string} key that was chosen
 * @param {Written} written
 * @returns {Mark}
 */
export function markChoice(model, question, key, written) {
  if (rightOf(model, question, numbersOf(model, question.frame)).includes(key)) {
    return { status: "right", says: "" };
  }
  const own = ownRun(model, written);
  const follows = rightOf(own.model, question, own.formula(question.frame)).includes(key);
  return { status: follows && written.size > 0 ? "follows" : "wrong", says: "" };
}

/**
 * Whether a number is another, within a part of it or what is granted besides.
 * @param {number} tolerance
 */
const closeness =
  (tolerance) =>
  /** @param {number} number @param {number} target @param {number} [granted] */
  (number, target, granted = 0) => {
    if (!Number.isFinite(target)) return false;
    if (target === 0) return Math.abs(number) <= Math.max(NOTHING, granted);
    const allowed = Math.max(tolerance * Math.abs(target), granted);
    return Math.abs(number - target) <= allowed * (1 + NOTHING);
  };

/**
 * What the mistakes are that give a number: those that give it to the digit, if any do.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @param {number} number
 * @param {number} expected
 * @param {PredictData} told
 */
function named(model, frame, k, number, expected, { tolerance, digits, mistakes }) {
  const close = closeness(tolerance);
  /** @param {number} a @param {number} b */
  const same = (a, b) => Math.abs(a - b) <= halfUnit(b, digits) + 1e-9 * Math.abs(b);
  const [near, exact] = [new Set(), new Set()];
  for (const [name, found] of slipsOf(model, frame, k, expected)) {
    if (same(found, expected) || !close(number, found)) continue;
    near.add(mistakes[name]);
    if (same(number, found)) exact.add(mistakes[name]);
  }
  return [...(exact.size ? exact : near)];
}

/** Half a unit of the last of so many significant digits. @param {number} number @param {number} digits */
const halfUnit = (number, digits) =>
  number === 0 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(number))) - digits + 1) / 2;

/** @type {((value: number) => number)[]} */
const ROUNDINGS = [Math.round, Math.floor, Math.ceil];

/**
 * How far a number is carried away where all that it is made of is rounded to so many digits: much
 * where terms cancel.
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @param {number} digits
 */
function roundedAway(model, frame, k, digits) {
  const tree = treeOf(model, frame, k);
  if (!tree) return 0;
  const exact = tree.run(EXACT);
  const moved = ROUNDINGS.map((whole) => {
    const found = tree.run(EXACT, (value) => {
      if (value === 0 || !Number.isFinite(value)) return value;
      const unit = 2 * halfUnit(value, digits);
      const count = value / unit;
      return Math.abs(count - Math.round(count)) < 1e-9 ? value : whole(count) * unit;
    });
    return Math.abs(found - exact);
  });
  const most = Math.max(...moved);
  return Number.isFinite(most) ? most : 0;
}

/** How a number comes about. @param {Model} model @param {Frame} frame @param {number} k */
function treeOf(model, frame, k) {
  if (frame.phase === "backward") return backTrees(model, frame, k);
  const rule = ruleFor(model, frame.node);
  const operands = rule && operandsOf(shownAt(model, frame.node, frame.step), frame.node);
  return operands ? rule.value(k, operands) : null;
}
