/**
 * What a reader has answered, marked: by what the core computed, and by what follows from his own
 * earlier numbers.
 */

import { judgedNumber, halfUnit } from "../../../shared/frontend/marks.js";
import { operandsOf, ruleFor } from "../equations.js";
import { EXACT } from "../expression.js";
import { numbersOf, ownRun, shownAt } from "./own.js";
import { rightOf } from "./question.js";
import { slipsOf } from "./slips.js";
import { backTrees } from "./terms.js";

/** @import { Mark } from "../../../shared/frontend/marks.js" */
/** @import { PredictData } from "../data.d.ts" */
/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Written } from "./own.js" */
/** @import { Question } from "./question.js" */

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
  const own = ownRun(model, written);
  const expected = () => own.formula(frame)[k];
  return judgedNumber(
    {
      written: number,
      truth: numbersOf(model, frame)[k],
      expected,
      granted: () => roundedAway(own.model, frame, k, told.digits),
      slips: () => slipsOf(own.model, frame, k, expected()),
    },
    told,
  );
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
      return unit === 0 ? value : whole(value / unit) * unit;
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
