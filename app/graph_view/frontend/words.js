/** What the player is doing, in a sentence. */

import { short } from "../shared/format.js";
import { ruleOf } from "./rules.js";
import { spoken } from "./symbol.js";

/**
 * @param {ReturnType<import("./model.js").modelOf>} model
 * @param {ReturnType<import("./frames.js").framesOf>} frames
 * @param {number} position
 */
export function sentenceOf(model, frames, position) {
  if (position <= 0) return "Start: only the inputs, the weights and the initial state are known.";
  const frame = frames.at(position);
  if (!frame) return model.grad ? "Done: every value and every gradient is known." : "Done: every value is known.";
  const { node, phase, step } = frame;
  const when = step ? `t = ${step}, ${phase}: ` : `${phase}: `;
  return when + (phase === "forward" ? computed(model, node) : derived(model, node)) + trouble(model, frame);
}

function computed(model, node) {
  const rule = ruleOf(node.op);
  if (!rule) return spoken(node.latex);
  const operands = node.in.map((edge) => spoken(edge.from.latex));
  const name = spoken(node.latex);
  const right = FORWARD[node.op]?.(operands) ?? operands.join(", ");
  return name === right ? `the product ${name}` : `${name} = ${right}`;
}

const FORWARD = {
  matvec: (operands) => operands.join(" "),
  mul: (operands) => operands.join(" · "),
  add: (operands) => operands.join(" + "),
  tanh: ([z]) => `tanh(${z})`,
  relu: ([z]) => `max(0, ${z})`,
  identity: ([z]) => z,
  sigmoid: ([a]) => `σ(${a})`,
  softmax: ([a]) => `softmax(${a})`,
  mean: (losses) => (losses.length > 3 ? `the mean of ${losses.length} losses` : `mean(${losses.join(", ")})`),
  binary_cross_entropy: ([a, y]) => `cross-entropy of ${a} with the target ${y}`,
  softmax_cross_entropy: ([a, y]) => `cross-entropy of ${a} with the target ${y}`,
  squared_error: ([a, y]) => `½ (${a} − ${y})²`,
};

function derived(model, node) {
  const name = `∂L/∂${bracketed(spoken(node.latex))}`;
  if (node.id === "L") return "∂L/∂L = 1, where the backward pass begins";
  const targets = [...new Set(node.out.map((edge) => bracketed(spoken(edge.to.latex))))];
  if (targets.length > 3) return `${name} adds up ${targets.length} terms, one per use`;
  return `${name} = ${targets.map((target) => `∂L/∂${target} × ∂${target}/∂${bracketed(spoken(node.latex))}`).join(" + ")}`;
}

const bracketed = (symbol) => (/[ ·]/.test(symbol) ? `(${symbol})` : symbol);

function trouble(model, { node, phase }) {
  const numbers = phase === "forward" ? model.valueOf(node) : model.gradOf(node);
  const bad = numbers?.find((value) => !Number.isFinite(value));
  return bad === undefined ? "" : ` – the result holds ${short(bad)}: it is no longer a finite number`;
}
