/** Hints, one after the other: the formula, the same with the learner's own numbers, the answer. */

import { asWritten } from "../../graph_view/frontend/predict/number.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";

/** @import { Asked, SheetData } from "./data.d.ts" */

export const FORMULA = 1;
const NUMBERS = 2;
export const LAST = 3;
const LIST = new Intl.ListFormat("en-GB"); // a, b and c
const NEXT = ["Hint", "With my numbers", "Give up"];

/**
 * Which hints are shown, and what the next one is called.
 * @param {Asked} asked
 * @param {number} stage
 */
export function stepsOf({ hint }, stage) {
  const steps = hint ? [FORMULA, NUMBERS].filter((step) => step <= stage) : [];
  return { steps, next: hint ? NEXT[Math.min(stage, NUMBERS)] : NEXT[NUMBERS] };
}

/**
 * @param {Asked} asked
 * @param {number} step
 * @param {{data: ?SheetData, textOf: (k: number) => ?string}} sheet `textOf` is what stands for a
 *   number, as it was written; null where that is none
 * @returns {{math: string, text: string}} LaTeX with its name, or a sentence
 */
export function hintOf({ hint, latex }, step, sheet) {
  const { data } = sheet;
  if (!hint || !data) return { math: "", text: "" };
  if (step === FORMULA) return { math: hint.formula, text: "Formula" };
  const every = [...data.given, ...data.blocks.flatMap(({ asked }) => asked)];
  /** @type {Set<?Asked>} */
  const missing = new Set();
  const parts = hint.put.map((part) => {
    if (typeof part === "string") return part;
    const asked = every.find(({ first }) => first === part.at);
    const own = asked?.places.map((_, k) => sheet.textOf(part.at + k)) ?? [];
    if (!asked || own.includes(null)) {
      missing.add(asked ?? null);
      return "";
    }
    return numbersIn(asked, /** @type {string[]} */ (own), part.turned);
  });
  // In the order in which they can be worked out.
  const names = [...missing]
    .sort((a, b) => (a?.first ?? 0) - (b?.first ?? 0))
    .map((each) => writtenText(each?.written ?? "?"));
  return names.length
    ? { math: "", text: `For this, work out ${LIST.format(names)} first.` }
    : { math: `${latex} = ${parts.join("")}`, text: "With your numbers" };
}

/** @param {Asked} asked @param {string[]} own @param {boolean} turned */
function numbersIn({ shape }, own, turned) {
  const texts = own.map(asWritten);
  if (own.length === 1) return texts[0].startsWith("-") ? `\\left(${texts[0]}\\right)` : texts[0];
  const columns = shape[1] ?? 1;
  const rows = shape[0];
  const at = Array.from({ length: rows }, (_, i) => texts.slice(i * columns, (i + 1) * columns));
  const laid = turned ? Array.from({ length: columns }, (_, j) => at.map((row) => row[j])) : at;
  return `\\begin{pmatrix}${laid.map((row) => row.join(" & ")).join(" \\\\ ")}\\end{pmatrix}`;
}
