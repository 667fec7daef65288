/** What a number is computed from: the formula, and the numbers in it that are known. */

import { isSmall, numbersTex } from "../array_text.js";
import { chainOf, localLatex } from "../chain_rule.js";
import { equationOf } from "../equations.js";
import { bracketed, formulaOf } from "../chain.js";
import { atStep, localBy, namesIn, numbersIn } from "../operands.js";
import { rolledChainOf, usesOf } from "../rolled.js";
import { numbersOf, shownAt } from "./own.js";
import { latexOf } from "./terms.js";

/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Edge, GraphNode } from "../structure.js" */

const MOST_KNOWN = 14;
const MOST_TERMS = 4;

/**
 * @typedef {object} Formula
 * @property {string[]} lines  in LaTeX
 * @property {string[]} known  `h_1 = 0.5`, of what the lines name
 * @property {number} left     how many known ones are not listed
 */

/** @param {Model} model @param {Frame} frame @returns {Formula} */
export function formulaFor(model, frame) {
  const { lines, known } = frame.phase === "forward" ? forward(model, frame) : back(model, frame);
  const listed = [...known];
  return {
    lines,
    known: listed.slice(0, MOST_KNOWN),
    left: Math.max(0, listed.length - MOST_KNOWN),
  };
}

/** @param {Model} model @param {Frame} frame */
function forward(model, { node, step }) {
  const equation = equationOf(shownAt(model, node, step), node);
  if (!equation) return { lines: [], known: operands(model, node, step) };
  if (!equation.put) return { lines: [equation.latex], known: operands(model, node, step) };
  const symbol = atStep(node, step);
  return {
    lines: [equation.latex, equation.product ? equation.put : `${symbol} = ${equation.put}`],
    known: new Set(),
  };
}

/**
 * The operands of a node with their numbers.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step
 * @param {(from: GraphNode) => boolean} [wanted]
 * @returns {Set<string>}
 */
function operands(model, node, step, wanted = () => true) {
  const numbers = numbersIn(model, node, step) ?? [];
  const found = new Set();
  node.operands.forEach((operand, place) => {
    if (typeof operand === "number" || !numbers[place]) return;
    const { from } = operand;
    if (!wanted(from)) return;
    found.add(equal(latexOf(from, node, step), from, numbers[place]));
  });
  return found;
}

/** @param {string} latex @param {GraphNode} node @param {ArrayLike<number>} numbers */
const equal = (latex, node, numbers) =>
  `${latex} = ${isSmall(node) ? numbersTex(node, numbers) : "\\text{as in the graph}"}`;

/** @param {Model} model @param {Frame} frame */
function back(model, frame) {
  const { node, step } = frame;
  const rolled = model.level === "rolled";
  const shown = shownAt(model, node, step);
  const chain = rolled ? rolledChainOf(shown, node) : chainOf(model, node);
  const lines = [chain.formula ?? formulaOf(node)];
  const uses = rolled
    ? usesOf(model, node, step)
    : node.back.map((edge) => ({ edge, step: edge.to.t }));
  /** @type {Set<string>} */
  const known = new Set();
  /** @type {string[]} */
  const terms = [];
  for (const { edge, step: at } of uses) {
    const { to } = edge;
    const symbol = `\\frac{\\partial L}{\\partial ${bracketed(atStep(to, at))}}`;
    const upstream = to.times || !rolled ? gradientOf(model, to, at) : null;
    if (upstream && to.quantity !== "L") known.add(equal(symbol, to, upstream));
    const local = localAt(model, edge, at);
    if (!local) continue;
    terms.push(to.quantity === "L" ? local : termOf(edge, local, symbol));
    for (const text of operands(
      model,
      to,
      at,
      (from) => from !== node || local.includes(node.latex),
    )) {
      const [name] = text.split(" = ");
      if (mentions(local, name)) known.add(text);
    }
    const output = rolled && to.times ? model.givenRowOf(to, at) : model.valueOf(to);
    if (mentions(local, atStep(to, at))) known.add(equal(atStep(to, at), to, output));
  }
  if (terms.length && terms.length === uses.length && terms.length <= MOST_TERMS) {
    const own = atStep(node, step);
    lines.push(`\\frac{\\partial L}{\\partial ${bracketed(own)}} = ${terms.join(" + ")}`);
  }
  return { lines, known };
}

/** @param {string} latex @param {string} name a symbol, not a part of a longer one */
const mentions = (latex, name) =>
  latex.split(name).some((before, i, all) => i < all.length - 1 && !/[A-Za-z\\]$/.test(before));

/** @param {Model} model @param {GraphNode} node @param {number} step */
const gradientOf = (model, node, step) => numbersOf(model, { phase: "backward", node, step });

/** @param {Model} model @param {Edge} edge @param {number} step */
function localAt(model, edge, step) {
  if (model.level !== "rolled") return localLatex(model, edge);
  const { to } = edge;
  const rule = model.ruleOf(to.op);
  if (!rule) return null;
  const names = namesIn(to, step);
  return localBy(edge, (place) => rule.local(place, names, atStep(to, step), String(step)));
}

/**
 * A local derivative times what comes from above, in the order in which they multiply.
 * @param {Edge} edge
 * @param {string} local
 * @param {string} upstream
 */
function termOf({ from, to }, local, upstream) {
  if (local === "1") return upstream;
  const isOuter = from.shape.length === 2;
  const isMatrix = local.includes("\\top");
  const sign = isMatrix ? "\\," : to.shape.length ? "\\odot " : "\\cdot ";
  const factor = / [+-] /.test(local) ? `\\left(${local}\\right)` : local;
  return isOuter ? `${upstream}\\,${factor}` : `${factor}${sign}${upstream}`;
}
