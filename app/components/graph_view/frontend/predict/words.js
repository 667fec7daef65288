/** What is asked of a number, and what is said of an answer. */

import { writtenText } from "../../../shared/frontend/notation/notation.js";
import { summary } from "../../../shared/frontend/numbers.js";
import { isSmall, numbersTex, placeOf } from "../array_text.js";
import { bracketed } from "../chain.js";
import { math } from "../katex.js";
import { atStep } from "../operands.js";
import { spoken } from "../symbol.js";
import { numbersOf } from "./own.js";

/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Said } from "./predicting.js" */
/** @import { Question } from "./question.js" */

/**
 * @param {?Said} said null before the first answer
 * @param {Model} model
 * @param {number} tolerance
 * @returns {[status: string, content: (string|Node)[]]}
 */
export function wordsOf(said, model, tolerance) {
  if (!said) {
    const right = `Right is within ${100 * tolerance} %.`;
    return ["", [`Each number is asked for before it appears. ${right}`]];
  }
  const { question, status, marks } = said;
  const it = result(model, question.frame, question.symbol);
  if (status === "shown") return [status, ["Shown: ", ...it]];
  if (marks.every((mark) => mark?.status === "right")) return ["right", ["✓ Right: ", ...it]];
  if (marks.every((mark) => mark && ["right", "follows"].includes(mark.status))) {
    return ["follows", ["✓ Right for your own earlier numbers. The run’s: ", ...it]];
  }
  return question.options.length ? ["wrong", ["✗ No: ", ...it]] : [status, notYet(said)];
}

/** What was asked for, as it is. @param {Model} model @param {Frame} frame @param {string} symbol */
function result(model, frame, symbol) {
  const numbers = numbersOf(model, frame);
  return isSmall(frame.node)
    ? [math(`${symbol} = ${numbersTex(frame.node, numbers)}`)]
    : [math(symbol), ` = ${summary(numbers)}`];
}

/** What is said of numbers that are not all right. @param {Said} said */
function notYet({ question, marks }) {
  const { shape } = question.frame.node;
  const texts = marks.flatMap((mark, i) => {
    if (!mark || mark.status === "right" || mark.status === "follows") return [];
    const where = marks.length > 1 ? `${placeOf(shape, question.entries[i])}: ` : "";
    const word = mark.status === "near" ? "≈ near" : "✗ not yet";
    return [`${where}${word}${mark.says ? `, ${writtenText(mark.says)}` : ""}`];
  });
  return [texts.join("; ") || "The other entries are still to be said."];
}

/** What is asked. @param {Question} question @returns {(string|Node)[]} */
export function questionWords({ frame, asked, symbol, where, beside }) {
  const it = math(symbol, {
    label:
      frame.phase === "forward"
        ? spoken(symbol)
        : `gradient by ${spoken(atStep(frame.node, frame.step))}`,
  });
  const of = where ? `, ${where},` : "";
  const end = where ? `, ${where}?` : "?";
  if (asked === "value") return ["What is ", it, end];
  if (asked === "sign") return ["Is ", it, `${of} positive or negative?`];
  if (asked === "larger") {
    const size = frame.phase === "backward" ? " in size" : "";
    const against = beside?.latex
      ? [
          frame.phase === "backward" ? derivative(beside.latex) : math(beside.latex),
          ` = ${summary([beside.value])}`,
        ]
      : [summary([beside?.value ?? 0])];
    return ["Is ", it, `${of} larger or smaller${size} than `, ...against, "?"];
  }
  if (frame.phase === "forward") return ["Which term of ", it, `${of} is largest in size?`];
  return frame.node.kind === "parameter"
    ? ["Which use adds most to ", it, end]
    : ["On which way does most of ", it, `${of} come back?`];
}

/** @param {string} latex */
const derivative = (latex) =>
  math(`\\frac{\\partial L}{\\partial ${bracketed(latex)}}`, {
    label: `gradient by ${spoken(latex)}`,
  });
