/**
 * The chain rule at a node in vectors and matrices: ∂L/∂h_t = W_hhᵀ δ_{t+1} + …, in symbols, with
 * its numbers, and what they give.
 */

import { digits as asked } from "../../shared/frontend/digits.js";
import { short } from "../../shared/frontend/numbers.js";
import { numbersTex } from "./array_text.js";
import { backTree, chainRow } from "./chain_rule.js";
import { predictionIn } from "./equations.js";
import { EXACT, shortened } from "./expression.js";
import { addsUp } from "./factors.js";
import { passedOn } from "./held_model.js";
import { atStep, namesIn, numbersIn } from "./operands.js";
import { operationAt, rolledRow, usesOf } from "./rolled.js";
import { isTerm } from "./symbol.js";

/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { Use } from "./rolled.js" */

const LARGEST = 8; // rows and columns that are written
const MOST_DIGITS = 7;

/** Whether all numbers of a node can stand in a formula. @param {Pick<GraphNode, "shape">} node */
export const isWritten = ({ shape }) => shape.every((length) => length <= LARGEST);

/**
 * How the gradient by a node is called: δ where that is a sum called z. What is added up to one has
 * its gradient.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} [step] rolled level: which
 * @returns {string}
 */
export function gradientName(model, node, step = 0) {
  const [edge] = node.back;
  const isUnnamed = node.quantity === null && node.kind !== "parameter";
  const isPassed = isUnnamed && node.back.length === 1 && edge.places.length === 1;
  if (isPassed && edge.to.op === "add") return gradientName(model, edge.to, step);
  const own = atStep(node, step);
  if (node.kind === "sum" && own.startsWith("z")) return `\\delta${own.slice(1)}`;
  return derivative(own);
}

/** What the ways of the rolled network do not add up to is called so. */
export const NOT_SHOWN = "not shown: other sequences, truncation";

/** @param {string} by */
const derivative = (by) => `\\frac{\\partial L}{\\partial ${isTerm(by) ? `(${by})` : by}}`;

/**
 * The edges that a gradient comes back by, each with the step of its sink at the rolled level.
 * @param {Model} model
 * @param {GraphNode} node
 * @returns {Use[]}
 */
export const waysBack = (model, node) =>
  model.level === "rolled"
    ? usesOf(model, node, model.shown.get(node) ?? model.T)
    : node.back.map((edge) => ({ edge, step: 0 }));

/**
 * What reaches each number of a node by one way.
 * @param {Model} model
 * @param {Use} use
 * @returns {number[]}
 */
export function arrivedBy(model, use) {
  const { from } = use.edge;
  const operation = model.level === "rolled" ? operationAt(model, use) : null;
  const by = operation?.by(operation.passed);
  return Array.from({ length: from.size }, (_, k) => {
    const tree = by ? by(k) : model.level === "rolled" ? null : backTree(model, use.edge, k);
    return tree?.run(EXACT) ?? NaN;
  });
}

/**
 * What comes back by one way: with names, and with numbers of so many digits where those fit.
 * @param {Model} model
 * @param {Use} use
 * @param {number} [digits]
 * @returns {{symbols: string, numeric: ?string}}
 */
export function pulledBy(model, { edge, step }, digits = asked()) {
  const { from, to } = edge;
  const rule = model.ruleOf(to.op);
  const operands = rule?.pulled ? numbersIn(model, to, step) : null;
  const name = gradientName(model, to, step);
  if (!rule?.pulled || !operands) {
    const by = `\\frac{\\partial ${bracketed(atStep(to, step))}}{\\partial ${atStep(from, step)}}`;
    return {
      symbols: to.kind === "rest" ? "\\text{rest}" : `{${by}}^{\\top}${name}`,
      numeric: null,
    };
  }
  const names = namesIn(to, step);
  const output = to.times ? model.givenRowOf(to, step) : model.valueOf(to);
  const isRolledLoss = model.level === "rolled" && !to.times;
  const grad = to.times ? model.gradRowOf(to, step) : model.gradOf(to);
  const g = isRolledLoss ? [1 / model.terms] : passedOn(model, to, Float64Array.from(grad), step);
  /** @param {ArrayLike<number>} numbers @param {Pick<GraphNode, "shape">} node */
  const put = (node, numbers) => numbersTex(node, numbers, digits, true);
  const slope = rule.slope?.(names, atStep(to, step));
  const inBrackets = slope ? `\\left(${slope}\\right)` : "";
  const written = { from, names, name: isRolledLoss ? share(model.terms) : name };
  const symbols = edge.places.map((place) => rule.pulled?.(place, names, written.name, inBrackets));
  const isSmall = [to, ...to.in.map((each) => each.from)].every(isWritten);
  const slopes = rule.slopes?.(operands, output);
  const texts = to.operands.map((operand, i) =>
    typeof operand === "number" ? String(operand) : put(operand.from, operands[i]),
  );
  const numeric = edge.places.map((place) =>
    rule.pulled?.(
      place,
      texts,
      put(to, g),
      slopes ? put(to, slopes) : "",
      predictionIn(rule, operands, digits),
    ),
  );
  /** @param {(string|undefined)[]} parts */
  const joined = (parts) => {
    const text = parts.join(" + ");
    return to.shape.length ? text : text.replaceAll("\\odot", "\\cdot");
  };
  return { symbols: joined(symbols), numeric: isSmall ? joined(numeric) : null };
}

/** @param {number} terms that L is the mean of */
const share = (terms) => (terms === 1 ? "" : `\\,\\tfrac{1}{${terms}}`);
/** @param {string} latex */
const bracketed = (latex) => (isTerm(latex) ? `(${latex})` : latex);

/**
 * A formula line by line, each with the sign in front of it.
 * @typedef {object} Pullback
 * @property {string} left
 * @property {string} symbols
 * @property {?string} numeric  the same with its numbers
 * @property {string} result
 */

/**
 * The gradient of a vector or matrix as one formula; null where it is too large to be written.
 * @param {Model} model with gradients
 * @param {GraphNode} node that a gradient comes back to
 * @returns {?Pullback}
 */
export function pullbackOf(model, node) {
  const ways = waysBack(model, node);
  if (!isWritten(node) || !ways.length) return null;
  const step = node.times ? (model.shown.get(node) ?? model.T) : 0;
  const grad = model.gradOf(node);
  const digits = digitsFor(model, node, ways, grad);
  const parts = ways.map((use) => pulledBy(model, use, digits ?? asked()));
  const own = derivative(atStep(node, step));
  const name = gradientName(model, node, step);
  const left = name === own || node.quantity === null ? own : `${name} = ${own}`;
  /** @param {string[]} list */
  const added = (list) => shortened(list, "\\cdots").join(" + ").replaceAll("+ -", "- ");
  const numeric = parts.map(
    (part, i) => part.numeric ?? numbersTex(node, arrivedBy(model, ways[i]), digits ?? asked()),
  );
  const isWhole = isAllOf(model, ways, grad);
  const rest = isWhole ? "" : " + \\cdots";
  const equals = digits === null || !isWhole ? "\\approx" : "=";
  const total = numbersTex(node, grad, asked());
  const isSaid = numeric.length === 1 && numeric[0] === total; // it goes through as it is
  return {
    left,
    symbols: `= ${added(parts.map(({ symbols }) => symbols))}${rest}`,
    numeric: !isSaid && parts.some((part) => part.numeric) ? `= ${added(numeric)}${rest}` : null,
    result: `${equals} ${total}`,
  };
}

/**
 * With how many digits the numbers give the printed result; null where not with few.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {Use[]} ways
 * @param {ArrayLike<number>} grad
 */
function digitsFor(model, node, ways, grad) {
  if (ways.some(({ edge }) => model.ruleOf(edge.to.op)?.pull)) {
    const arrived = ways.map((use) => arrivedBy(model, use)); // written as they are
    const adds = Array.from(grad).every((total, k) => {
      const terms = arrived.map((each) => Number(each[k].toPrecision(asked())));
      const sum = terms.reduce((all, each) => all + each, 0);
      return short(sum) === short(total);
    });
    return adds ? asked() : null;
  }
  const factors = Array.from(grad, (_, k) =>
    ways.map((use) =>
      (model.level === "rolled"
        ? rolledRow(model, use, k)
        : chainRow(model, use.edge, k)
      ).factors(),
    ),
  );
  for (let digits = asked(); digits <= MOST_DIGITS; digits += 1) {
    const agrees = factors.every((each, k) => {
      const sum = each.reduce((all, one) => all + (one ? addsUp(one, digits) : NaN), 0);
      return short(sum) === short(grad[k]);
    });
    if (agrees) return digits;
  }
  return null;
}

/** Whether the ways add up to the gradient. @param {Model} model @param {Use[]} ways @param {ArrayLike<number>} grad */
export function isAllOf(model, ways, grad) {
  const arrived = ways.map((use) => arrivedBy(model, use));
  return Array.from(grad).every((total, k) => {
    const sum = arrived.reduce((all, each) => all + each[k], 0);
    const size = arrived.reduce((all, each) => all + Math.abs(each[k]), Math.abs(total));
    return !(Math.abs(sum - total) > 1e-9 * size);
  });
}
