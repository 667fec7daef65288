/**
 * What known mistakes give in the place of one number: its formula with one thing done wrongly, on
 * the numbers that are known. `rnn_core/practice/mistakes.py` names them and says what each is.
 */

import { operandsOf, ruleFor } from "../equations.js";
import { EXACT } from "../expression.js";
import { isBefore, numbersIn } from "../operands.js";
import { usesOf } from "../rolled.js";
import { numbersOf, shownAt } from "./own.js";

/** @import { Frame } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Edge, GraphNode } from "../structure.js" */
/** @import { Terms } from "../rules.js" */

/** @typedef {[name: string, number: number]} Slip */
/** @typedef {{edge: Edge, step: number}} Use */
/** @typedef {(numbers: Terms, from: GraphNode, place: number) => ?Terms} Change null: as it is */

/**
 * @param {Model} model
 * @param {Frame} frame
 * @param {number} k
 * @param {number} expected
 * @returns {Slip[]}
 */
export function slipsOf(model, frame, k, expected) {
  const found =
    frame.phase === "forward"
      ? forward(model, frame, k, expected)
      : backward(model, frame, k, expected);
  return found.filter(([, number]) => Number.isFinite(number));
}

/** @param {Model} model @param {Frame} frame @param {number} k @param {number} expected @returns {Slip[]} */
function forward(model, { node, step }, k, expected) {
  const rule = ruleFor(model, node);
  const operands = rule && operandsOf(shownAt(model, node, step), node);
  if (!operands) return [];
  const sources = node.operands.map((operand) =>
    typeof operand === "number" ? null : operand.from,
  );
  /** @param {Change} change */
  const by = (change) => {
    let isChanged = false;
    const changed = operands.map((numbers, i) => {
      const from = sources[i];
      const other = from && change(numbers, from, i);
      isChanged ||= Boolean(other);
      return other || numbers;
    });
    return isChanged ? rule.value(k, changed).run(EXACT) : NaN;
  };
  /** @type {Slip[]} */
  const found = Object.entries(FORWARD).map(([name, change]) => [
    name,
    by((numbers, from) => change(numbers, from, { model, node, step })),
  ]);
  const [first] = operands;
  const isFunction = node.in.length === 1 && (model.ops[node.op ?? ""] || isPrediction(node));
  if (isFunction) {
    found.push(["function_left_out", first[node.size === first.length ? k : 0]]);
    const other = OTHER[node.op ?? ""];
    if (other) found.push(["other_function", other(first[k])]);
  }
  if (node.kind === "loss") {
    if (/cross_entropy/.test(node.op ?? "")) found.push(["common_logarithm", expected / Math.LN10]);
    if (node.op === "squared_error") found.push(["half_forgotten", 2 * expected]);
  }
  for (const gate of sources.filter((from) => from?.op === "sigmoid")) {
    for (const other of gatesBeside(model, gate)) {
      const numbers = model.rowOf(other, step) ?? [];
      found.push(["gates_swapped", by((_, from) => (from === gate ? numbers : null))]);
    }
  }
  return found;
}

/** @param {GraphNode} node */
const isPrediction = (node) => node.kind === "probability";

/** @type {Record<string, (z: number) => number>} */
const OTHER = { tanh: (z) => 1 / (1 + Math.exp(-z)), sigmoid: Math.tanh };

/** @typedef {{model: Model, node: GraphNode, step: number}} At what is computed, and at which step */

/** @type {Record<string, (numbers: Terms, from: GraphNode, at: At) => ?Terms>} */
const FORWARD = {
  bias_forgotten: (numbers, from) => (isBias(from) ? zeros(numbers) : null),
  state_not_carried: (numbers, from, { model, node, step }) =>
    isCarried(model, from, node) ? initialOf(model, from, step) : null,
  input_before: (numbers, from, { model, step }) =>
    from.kind === "input" ? besideInTime(model, from, step, -1) : null,
  columns_for_rows: (numbers, from) => transposed(numbers, from),
  gate_turned: (numbers, from) => (turns(from) ? complement(numbers) : null),
  other_class: (numbers, from, { node }) =>
    from.kind === "target" && node.op === "binary_cross_entropy" ? complement(numbers) : null,
};

/** @param {Model} model @param {Frame} frame @param {number} k @param {number} expected @returns {Slip[]} */
function backward(model, frame, k, expected) {
  const { node, step } = frame;
  const uses =
    model.level === "rolled"
      ? usesOf(model, node, step)
      : node.back.map((edge) => ({ edge, step: edge.to.t }));
  const rows = uses.map((use) => through(model, use, k));
  /** @param {(use: Use) => boolean} kept */
  const only = (kept) => {
    const some = rows.filter((_, i) => kept(uses[i]));
    return some.length && some.length < rows.length ? total(some) : NaN;
  };
  /** @param {Parameters<typeof through>[3]} change */
  const by = (change) => total(uses.map((use) => through(model, use, k, change)));
  const isParameter = node.kind === "parameter";
  /** @type {Slip[]} */
  const found = [
    [
      "no_transpose",
      by({ operand: (numbers, from, place) => (place === 0 ? transposed(numbers, from) : null) }),
    ],
    ["slope_forgotten", by({ slope: "none" })],
    ["slope_at_value", by({ slope: "value" })],
    ["slope_of_input", by({ slope: "input" })],
  ];
  if (node.kind === "logit") {
    found.push(["target_minus", -expected]);
    found.push([
      "target_forgotten",
      by({ operand: (numbers, from) => (from.kind === "target" ? zeros(numbers) : null) }),
    ]);
    const p = node.out.find(({ to }) => to.op === "sigmoid")?.to;
    const [share] = p ? (model.rowOf(p, step)?.slice(k, k + 1) ?? [NaN]) : [NaN];
    found.push(["slope_of_prediction", expected * share * (1 - share)]);
  }
  if (!isParameter) {
    found.push(["later_forgotten", only((use) => use.step === step)]);
    found.push(["now_forgotten", only((use) => use.step > step)]);
    return found;
  }
  const steps = [...new Set(uses.map((use) => use.step))];
  const last = Math.max(...steps);
  found.push(["last_step_only", only((use) => use.step === last)]);
  for (const one of steps) {
    if (one !== last) found.push(["no_sum", only((use) => use.step === one)]);
  }
  if (steps.length > 1) found.push(["mean_for_sum", expected / steps.length]);
  found.push([
    "state_after",
    by({
      operand: (numbers, from, place, use) =>
        place > 0 && isCarried(model, from, use.edge.to)
          ? besideInTime(model, from, model.level === "rolled" ? use.step - 1 : from.t, 1)
          : null,
    }),
  ]);
  const [rowsOf, columns] = node.shape;
  if (columns && rowsOf === columns) {
    const turned = (k % columns) * columns + Math.floor(k / columns);
    found.push(["outer_turned", numbersOf(model, frame)[turned]]);
  }
  return found;
}

/**
 * What comes back through one use, with something done wrongly.
 * @param {Model} model
 * @param {Use} use
 * @param {number} k
 * @param {{slope?: "none"|"value"|"input", operand?: (numbers: Terms, from: GraphNode, place: number,
 *   use: Use) => ?Terms}} [change]
 * @returns {number}
 */
function through(model, use, k, change = {}) {
  const { edge, step } = use;
  const { to } = edge;
  const share = model.localOf(edge);
  const rolled = model.level === "rolled";
  const g = !rolled ? model.gradOf(to) : to.times ? model.gradRowOf(to, step) : [1 / model.terms];
  const rule = model.ruleOf(to.op);
  if (!rule) return share ? share[k] * g[0] : NaN;
  const operands = numbersIn(model, to, step)?.map((numbers, place) => {
    const operand = to.operands[place];
    const from = typeof operand === "number" ? null : operand.from;
    return (from && change.operand?.(numbers, from, place, use)) || numbers;
  });
  const output = rolled && to.times ? model.givenRowOf(to, step) : model.valueOf(to);
  if (!operands) return NaN;
  const isFunction = to.in.length === 1 && model.ops[to.op ?? ""]?.kind === "activation";
  if (!isFunction || !change.slope) {
    return edge.places.reduce(
      (sum, place) => sum + rule.back(place, k, operands, output, g).run(EXACT),
      0,
    );
  }
  if (change.slope === "none") return g[k];
  if (change.slope === "input") return rule.back(0, k, operands, operands[0], g).run(EXACT);
  const again = Array.from(output, (_, i) => rule.value(i, [output]).run(EXACT));
  return rule.back(0, k, [output], again, g).run(EXACT);
}

/** @param {number[]} numbers */
const total = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

/** @param {GraphNode} node */
const isBias = ({ kind, shape, index }) =>
  kind === "parameter" && (index ? index.length === 1 : shape.length === 1);

/** @param {Terms} numbers */
const zeros = (numbers) => new Array(numbers.length).fill(0);

/** @param {Terms} numbers */
const complement = (numbers) => Array.from(numbers, (each) => 1 - Number(each));

/** A gate of which one minus is taken, or that. @param {GraphNode} node */
const turns = (node) => node.op === "one_minus" || node.out.some(({ to }) => to.op === "one_minus");

/** @param {Terms} numbers @param {GraphNode} from */
function transposed(numbers, { kind, shape: [rows, columns] }) {
  if (kind !== "parameter" || rows !== columns || !columns) return null;
  return Array.from(numbers, (_, i) => numbers[(i % columns) * columns + Math.floor(i / columns)]);
}

/** Whether a state of the step before is read. @param {Model} model @param {GraphNode} from @param {GraphNode} to */
const isCarried = (model, from, to) =>
  model.states.has(from.quantity ?? "") && (from.times ? isBefore(from, to) : from.t < to.t);

/** @param {Model} model @param {GraphNode} from @param {number} step of what reads it */
function initialOf(model, from, step) {
  if (step < 2) return null;
  return from.times ? model.rowOf(from, 0) : besideInTime(model, from, from.t, -from.t);
}

/**
 * The numbers of the same quantity some steps on; null where there are none.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number} step
 * @param {number} by
 */
function besideInTime(model, node, step, by) {
  const there = step + by;
  if (there < 0 || there > model.T) return null;
  if (node.times) return model.rowOf(node, there);
  const same = model.nodes.find(
    (each) => each.quantity === node.quantity && each.unit === node.unit && each.t === there,
  );
  return same ? model.valueOf(same) : null;
}

/** Other gates of the same step. @param {Model} model @param {?GraphNode} gate */
const gatesBeside = (model, gate) =>
  model.nodes.filter(
    (each) =>
      gate &&
      each !== gate &&
      each.op === "sigmoid" &&
      each.kind === gate.kind &&
      each.t === gate.t &&
      each.unit === gate.unit,
  );
