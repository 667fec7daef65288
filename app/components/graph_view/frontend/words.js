/**
 * What the player is doing, in a sentence.
 *
 * Symbols stay LaTeX between two marks until the sentence is shown or read aloud.
 */

import { el } from "../../shared/frontend/dom.js";
import { short, summary } from "../../shared/frontend/numbers.js";
import { isLoss } from "./structure.js";
import { atStep, namesIn, stepIn } from "./operands.js";
import { usesOf } from "./rolled.js";
import { isTerm, spoken, symbolNodes } from "./symbol.js";

/** @import { Frame, Frames } from "./frames.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

const OPEN = "\u0001";
const CLOSE = "\u0002";
const SYMBOL = new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`);
const MOST_TERMS = 2;
const MOST_NUMBERS = 4;

/**
 * @param {Model} model
 * @param {Frames} frames
 * @param {number} position
 */
export function sentenceOf(model, frames, position) {
  if (position <= 0) return "Start: only the inputs, the weights and the initial state are known.";
  const frame = frames.at(position);
  if (!frame) return done(model);
  const { node, phase, step } = frame;
  const when = step ? `t = ${step}, ${phase}: ` : `${phase}: `;
  const own = model.level === "rolled" ? step : 0;
  const what = phase === "forward" ? computed(model, node, own) : derived(model, node, own);
  const numbers = numbersAt(model, frame);
  const said = when + what + result(frame, what, numbers) + trouble(numbers);
  const answered = position === frames.forward && !trouble(numbers) ? answer(model) : "";
  return answered ? `${said}.${answered}` : said;
}

/** @param {Model} model */
function done(model) {
  const known = model.grad ? "every value and gradient is known" : "every value is known";
  const loss = model.loss;
  const said = loss ? ` ${name(loss)} = ${summary(model.valueOf(loss))}.` : "";
  return `Done: ${known}.${answer(model)}${said}`;
}

/**
 * What the network says at the end, and what was wanted: nothing where that is many numbers.
 * @param {Model} model
 */
function answer(model) {
  const [said, wanted] = ["p", "y"].map((quantity) => {
    const found = model.nodes.filter((node) => node.quantity === quantity && !node.times);
    const last = found.filter(({ t }) => t === found[found.length - 1].t);
    return last.length === 1 && last[0].size <= MOST_NUMBERS ? last[0] : null;
  });
  /** @param {GraphNode} node */
  const valued = (node) =>
    `${name(node)} = ${summary(model.valueOf(node), MOST_NUMBERS, node.shape)}`;
  if (!said) return "";
  return ` The network says ${valued(said)}${wanted ? `; wanted is ${valued(wanted)}` : ""}.`;
}

/**
 * What a frame has just made.
 * @param {Model} model
 * @param {Frame} frame
 * @returns {Float64Array}
 */
function numbersAt(model, { node, phase, step }) {
  if (node.times && phase === "forward") return model.givenRowOf(node, step);
  if (node.times) return model.gradRowOf(node, step);
  return phase === "forward" ? model.valueOf(node) : model.gradOf(node);
}

/**
 * The result as the end of its sentence, where that does not say it already.
 * @param {Frame} frame
 * @param {string} what
 * @param {Float64Array} numbers
 */
function result({ node, phase }, what, numbers) {
  if (phase === "backward" && (isLoss(node) || what.endsWith("no later step uses it"))) {
    return "";
  }
  const written = summary(numbers, MOST_NUMBERS, node.shape);
  return what.includes("=") || what.startsWith("the product") ? ` = ${written}` : `: ${written}`;
}

/** @param {string} sentence @returns {string} the sentence as text */
export function textOf(sentence) {
  return sentence
    .split(SYMBOL)
    .map((part, i) => (i % 2 ? spoken(part) : part))
    .join("");
}

/** @param {string} sentence @returns {(Node|string)[]} the sentence with subscripts */
export function nodesOf(sentence) {
  return sentence.split(SYMBOL).map((part, i) => {
    if (i % 2 === 0) return part;
    return el("span", { class: "ur-symbol", translate: "no" }, ...symbolNodes(part));
  });
}

/** @param {string} latex */
const symbol = (latex) => OPEN + latex + CLOSE;
/** @param {string} by */
const slopeBy = (by) => `∂${symbol("L")}/∂${by}`;
/** @param {GraphNode} node */
const name = (node) => symbol(node.latex);
/** @param {string} latex */
const whole = (latex) => (isTerm(latex) ? `(${symbol(latex)})` : symbol(latex));

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step rolled level: of the frame; else 0
 */
function computed(model, node, step) {
  const rule = model.ruleOf(node.op);
  if (!rule) return `${name(node)}, all terms together`;
  if (node.op === "matvec" || node.op === "mul") return `the product ${name(node)}`;
  return `${symbol(atStep(node, step))} = ${rule.words(namesIn(node, step), symbol, stepIn(node, step))}`;
}

/** @param {Model} model @param {GraphNode} node @param {number} step */
function derived(model, node, step) {
  if (isLoss(node)) {
    const begins =
      "from here it goes back, to see what each number did to the loss: in italics, how the loss changes with it";
    return `${slopeBy(symbol("L"))} = 1: ${begins}`;
  }
  const uses =
    model.level === "rolled"
      ? usesOf(model, node, step).map((use) => atStep(use.edge.to, use.step))
      : node.back.map((edge) => edge.to.latex);
  const own = whole(atStep(node, step));
  const gradient = slopeBy(own);
  const targets = uses.map(whole);
  if (!targets.length) return `${gradient} = 0, no later step uses it`;
  if (targets.length > MOST_TERMS) {
    return `${gradient} adds up ${targets.length} terms, one per use`;
  }
  const terms = targets.map((target) => `${slopeBy(target)} × ∂${target}/∂${own}`);
  return `${gradient} = ${terms.join(" + ")}`;
}

/** @param {Float64Array} numbers */
function trouble(numbers) {
  const bad = numbers.find((value) => !Number.isFinite(value));
  return bad === undefined
    ? ""
    : `. The result holds ${short(bad)}: it is no longer a finite number.`;
}
