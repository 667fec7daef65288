/** A node's equation, in symbols, with its numbers, and as lines that a reader can evaluate. */

import { digits as asked } from "../../shared/frontend/digits.js";
import { hasSecond } from "../../shared/frontend/notation/notation.js";
import { componentName, isSmall, numbersTex } from "./array_text.js";
import { constant, line, num, product, shortened, sum } from "./expression.js";
import { heldInside } from "./held_model.js";
import { isLoss } from "./structure.js";
import { namesIn, numbersIn, stepIn } from "./operands.js";

/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */
/** @import { Printed } from "./expression.js" */
/** @import { Context, Rule, Terms } from "./rules.js" */

const MOST_LINES = 6;
const MOST_DIGITS = 8;

/**
 * @typedef {object} Equation
 * @property {string} latex
 * @property {boolean} product  of a node that is a product: its symbol says it already
 * @property {?string} numeric  with its numbers, where they fit; a number that goes through, once
 * @property {?string} put      the same without the result
 * @property {?string} [stable]  how it is computed, where that is not as it is written
 * @property {(Printed & {label: string})[]} lines
 * @property {number} hidden    how many more components there are
 * @property {boolean} several  the lines are those of one component
 * @property {import("./data.d.ts").HeldNumber} [inside]  what is held within them, so that there are none
 */

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} [component] whose lines are listed where each component takes several
 * @returns {?Equation}
 */
export function equationOf(model, node, component = 0) {
  const rule = ruleFor(model, node);
  if (!rule) return null;
  const step = stepIn(node, model.shown.get(node) ?? 0);
  const written = writtenOf(node, rule, stepIn(node, 0));
  const operands = operandsOf(model, node);
  if (!operands) {
    return { ...written, numeric: null, put: null, lines: [], hidden: 0, several: false };
  }
  const output = model.valueOf(node);
  const inside = heldInside(model, node, model.shown.get(node));
  if (inside) {
    return { ...written, numeric: null, put: null, lines: [], hidden: 0, several: false, inside };
  }
  const terms = operands.map((numbers, i) =>
    isAdded(node.operands[i]) ? withZero(numbers) : numbers,
  );
  if (rule.lines) {
    const { format } = model;
    const lines = rule
      .lines(component, terms, output, step, model.rounded ? format.round : undefined)
      .map(({ label, tree, value }) => ({ label, ...line(tree, value, format) }));
    return { ...written, numeric: null, put: null, lines, hidden: 0, several: true };
  }
  const lines = componentsOf(output).map((k) => ({
    label: componentName(node, k),
    ...line(rule.value(k, terms, contextOf(model, node)), output[k], model.format),
  }));
  const digits = Math.min(MOST_DIGITS, Math.max(asked(), ...lines.map((each) => each.digits)));
  const p = predictionIn(rule, operands, digits);
  const put = fits(node)
    ? rule.latex(texOf(node, operands, digits, rule.tight), undefined, p)
    : null;
  const result = numbersTex(node, output);
  return {
    ...written,
    put,
    numeric: put && put !== result ? `${put} = ${result}` : put,
    stable: rule.stable?.(namesIn(node)) ?? null,
    lines,
    hidden: node.size - lines.length,
    several: false,
  };
}

/**
 * What computes a node.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?Pick<Rule, "latex"|"tight"|"value"|"before"|"lines"|"stable"|"prediction">}
 */
export const ruleFor = (model, node) =>
  isLoss(node) && node.op === "total" ? totalRule(model, node) : model.ruleOf(node.op);

/**
 * The prediction that a loss is written with, in numbers.
 * @param {Pick<Rule, "prediction">} rule
 * @param {ArrayLike<number>[]} operands
 * @param {number} digits
 */
export function predictionIn(rule, operands, digits) {
  const found = rule.prediction?.(operands);
  if (!found) return undefined;
  return numbersTex({ shape: found.length > 1 ? [found.length] : [] }, found, digits);
}

/**
 * The equation in symbols; of several lines, all of them.
 * @param {GraphNode} node
 * @param {Pick<Rule, "latex"|"before">} rule
 * @param {string} step
 */
function writtenOf(node, rule, step) {
  const names = namesIn(node);
  const latex = rule.latex(names, step);
  const before = rule.before?.(names, step) ?? [];
  if (before.length) {
    const last = `${node.latex} &= ${latex}`;
    const rows = [...before, last].join("\\\\");
    return { latex: `\\begin{aligned}${rows}\\end{aligned}`, product: false };
  }
  const isProduct = latex === node.latex;
  return { latex: isProduct ? latex : `${node.latex} = ${latex}`, product: isProduct };
}

/**
 * Whether a node and its operands are small enough to be written with their numbers.
 * @param {GraphNode} node
 */
function fits(node) {
  const sources = node.in.map((edge) => edge.from);
  const some = node.times > 0 || !sources.some((source) => source.times > 1);
  return some && [node, ...sources].every(isSmall);
}

/**
 * The operands of a node as numbers in LaTeX; of one number, a vector of one is that.
 * @param {GraphNode} node
 * @param {ArrayLike<number>[]} operands
 * @param {number} digits
 * @param {boolean} [tight]
 */
const texOf = (node, operands, digits, tight) =>
  node.operands.map((operand, i) => {
    if (typeof operand === "number") return String(operand);
    const shown = node.size * operand.from.size === 1 ? node : operand.from;
    const text = numbersTex(shown, operands[i], digits, tight);
    return isAdded(operand) ? `${text} + ${numbersTex(shown, zeros(operand.from.size))}` : text;
  });

/**
 * Whether an operand is written as two biases that are added, of which the second one is 0.
 * @param {Edge|number} operand
 */
const isAdded = (operand) =>
  typeof operand !== "number" &&
  operand.from.kind === "parameter" &&
  hasSecond(operand.from.parameter);

/** @param {number} size */
const zeros = (size) => new Array(size).fill(0);

/** Numbers with the zeros that are added to them. @param {ArrayLike<number>} numbers @returns {Terms} */
const withZero = (numbers) => Array.from(numbers, (value) => sum([num(value), constant(0)]));

/** @param {Model} model @param {GraphNode} node @returns {Context|undefined} */
function contextOf(model, node) {
  /** @param {Edge} edge */
  const partOf = ({ from }) => from.parameter ?? from.id; // products of one matrix
  return model.rounded ? { parts: node.in.map(partOf) } : undefined;
}

/**
 * The numbers of the operands, null where one has none at the step shown.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {?ArrayLike<number>[]}
 */
export function operandsOf(model, node) {
  if (model.level !== "rolled" || node.times) {
    return numbersIn(model, node, model.shown.get(node) ?? model.T);
  }
  const sources = node.in.map((edge) => edge.from);
  const parted = model.ruleOf(node.op)?.spans && sources.some((source) => source.times > 1);
  return parted ? null : sources.map((source) => model.allOf(source));
}

/**
 * The loss of a graph that shows a part: its mean's share of each term, and all the rest.
 * @param {Model} model
 * @param {GraphNode} node
 */
function totalRule(model, node) {
  const shares = node.in.map((edge) => model.localOf(edge)?.[0] ?? NaN);
  /** @param {number} i @param {string} name */
  const scaled = (i, name) =>
    shares[i] === 1 ? name : `\\tfrac{1}{${Math.round(1 / shares[i])}}${name}`;
  return {
    /** @param {string[]} names */
    latex: (names) =>
      shortened(
        names.map((name, i) => scaled(i, name)),
        "\\cdots",
      ).join(" + "),
    /** @param {number} _ @param {Terms[]} operands */
    value: (_, operands) =>
      sum(
        operands.map((operand, i) =>
          shares[i] === 1 ? num(operand[0]) : product([num(shares[i]), num(operand[0])]),
        ),
      ),
  };
}

/** @param {Float64Array} output */
function componentsOf(output) {
  return Array.from({ length: Math.min(output.length, MOST_LINES) }, (_, k) => k);
}
