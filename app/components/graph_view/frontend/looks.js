/** How nodes, edges and the strip look at a position: colours, widths and marks. */

import { diverging, largestOf } from "../../shared/frontend/colour.js";
import { themeOf } from "../../shared/frontend/dom.js";
import { readName } from "../../shared/frontend/named.js";
import { coloursOf } from "../../shared/frontend/common.js";
import { flowOf } from "./chain_rule.js";
import { isGiven } from "./frames.js";
import { isLoss } from "./structure.js";
import { atStep } from "./operands.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { Cursor } from "../../shared/frontend/cursor.js" */
/** @import { Frame } from "./frames.js" */
/** @import { Style } from "./lines.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */
/** @import { Look } from "./shapes.js" */

const WIDEST_FLOW = 6;
const SMALLEST_SHARE = 1e-300;

/** @typedef {ReturnType<typeof canvasTheme>} CanvasTheme */
/**
 * @typedef {{values: Float64Array, scale: Scale, share: (value: number) => number}} Strip
 *   one number for each time step, and the height of each, 0..1
 */

/**
 * Streamlit's theme with the few colours that a canvas needs besides.
 * @param {Element} element
 */
export function canvasTheme(element) {
  const theme = themeOf(element);
  return { ...theme, ...coloursOf(theme).canvas };
}

export class Looks {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    /** @type {Map<?string, number>} which number of what is selected, by its id */
    this.components = new Map();
    this.stamp = 0;
    this.scales = { value: diverging(1, false), gradient: diverging(1, false) };
    this.differences = this.scales; // of what numbers are held makes different
    /** @type {Map<Edge, number>} */
    this.flows = new Map();
    this.largestFlow = 0;
    /** @type {?Strip} */
    this.strip = null;
    // The marks of a position.
    /** @type {?GraphNode} */
    this.current = null;
    /** @type {Set<Edge>} */
    this.active = new Set();
    /** @type {Set<GraphNode>} */
    this.operands = new Set();
    this.pinned = false;
    /** @type {?GraphNode} */
    this.node = null;
    /** @type {?Edge} */
    this.edge = null;
    this.component = 0;
    this.entry = false;
  }

  /**
   * New numbers or a new theme: the scales are counted again.
   * @param {boolean} [keepsWidths] whether edges stay as wide as they are
   */
  reset(keepsWidths = false) {
    const { model, theme, seen } = this.view;
    const reached = model.nodes.filter((node) => node.kind !== "parameter" && !isLoss(node));
    const largest = model.grad
      ? largestOf(seen.of(reached, true).map((node) => largestOf(model.gradOf(node))))
      : 0;
    const values = seen.whole
      ? model.value
      : seen.of(model.nodes, false).map((node) => largestOf(model.valueOf(node)));
    this.scales = {
      value: diverging(largestOf(values) || 1, theme.dark),
      gradient: diverging(largest || 1, theme.dark),
    };
    this.differences = {
      value: diverging(this.largestDifference(reached, false) || 1, theme.dark),
      gradient: diverging(this.largestDifference(reached, true) || 1, theme.dark),
    };
    this.stamp += 1;
    this.strip = null;
    if (keepsWidths) return;
    this.flows = new Map();
    this.largestFlow = 0;
  }

  /** @param {GraphNode[]} nodes @param {boolean} gradient */
  largestDifference(nodes, gradient) {
    return largestOf(nodes.map((node) => largestOf(this.differing(node, gradient)?.by ?? [])));
  }

  /**
   * The numbers of a node in the run beside, and how much what is held, or was changed, makes of a
   * difference; null where it makes none.
   * @param {GraphNode} node
   * @param {boolean} gradient
   */
  differing(node, gradient) {
    const { model } = this.view;
    const numbers = model.heldOf(node, gradient);
    if (!numbers) return null;
    const was = gradient ? model.gradOf(node) : model.valueOf(node);
    const scale = this.differences[gradient ? "gradient" : "value"];
    const isBefore = model.held?.kind === "pinned";
    const sign = isBefore ? -1 : 1;
    return { numbers, by: numbers.map((number, k) => sign * (number - was[k])), scale, isBefore };
  }

  /**
   * Marks of a position: the node computed, what it is made of, and what is selected.
   * @param {?Frame} frame
   * @param {Cursor} cursor
   */
  mark(frame, { selected, pinned }) {
    const { model } = this.view;
    const forward = frame?.phase === "forward";
    const edges = !frame ? [] : forward ? frame.node.in : frame.node.back;
    this.current = frame?.node ?? null;
    this.active = new Set(edges);
    this.operands = new Set(edges.map((edge) => (forward ? edge.from : edge.to)));
    this.pinned = pinned;
    const named = model.byId.get(selected) ?? null;
    const whole = named ? null : wholeOf(model, selected);
    this.node = named ?? whole?.node ?? null;
    this.edge = model.edgeById.get(selected) ?? null;
    this.entry = whole !== null;
    this.component = whole?.component ?? this.components.get(selected) ?? 0;
  }

  /** @param {GraphNode} node @returns {Look} */
  ofNode(node) {
    const { view } = this;
    const isAsked = view.predicting.frame?.node === node;
    const known = view.seen.value(node);
    const felt = view.seen.gradient(node);
    const shows = view.modes.shows();
    const both = shows === "both" && node.tall;
    // Beside nodes with both, what stands for other steps has its gradient, what is given its value.
    const isFolded = isGiven(node) && !view.unfolded;
    const isRest = node.kind === "rest";
    const gradient =
      !isFolded &&
      (shows === "gradient" || (shows === "both" && !both && (isRest || isGiven(node))));
    const asked = isAsked && !(both && view.phase() === "backward" && known);
    const reached = !asked && (gradient ? felt : known);
    const current = this.current === node;
    const operand = this.operands.has(node);
    const selected = this.node === node;
    const pinned = selected && this.pinned;
    const step = (isAsked ? view.predicting.frame?.step : view.model.shown.get(node)) ?? 0;
    return {
      key: `${this.stamp}|${isAsked}|${step}|${gradient}|${both && felt}|${reached}|${current}|${operand}|${selected}|${pinned}`,
      asked,
      none: gradient && view.frames.felt[node.i] === Infinity,
      latex: reached || isAsked ? atStep(node, step) : node.latex,
      label: labelOf(view.data, node, reached ? step : 0),
      numbers: reached ? numbersOf(view.model, node, gradient) : null,
      held: reached ? this.differing(node, gradient || (both && felt)) : null,
      second: both
        ? {
            asked: isAsked && !asked,
            numbers: felt && !isAsked ? numbersOf(view.model, node, true) : null,
            scale: this.scales.gradient,
            gradient: true,
          }
        : null,
      holds: view.model.heldIn(node).length > 0,
      gradient,
      dashed: node.kind === "target" || node.kind === "rest",
      scale: gradient ? this.scales.gradient : this.scales.value,
      current,
      operand,
      selected,
      pinned,
      inAHall: view.data.large,
      theme: view.theme,
    };
  }

  /**
   * An edge that the position uses or that is selected, null for others.
   * @param {Edge} edge
   * @returns {?Style}
   */
  ofActive(edge) {
    if (!this.active.has(edge) && this.edge !== edge) return null;
    const width = Math.max(2.5, this.widthOf(edge));
    return { width, colour: this.view.theme.primary, opacity: 1, arrow: 0.6, rank: 0 };
  }

  /**
   * An edge at rest.
   * @param {Edge} edge
   * @returns {Style}
   */
  ofEdge(edge) {
    const { theme } = this.view;
    const near = this.node && (edge.from === this.node || edge.to === this.node);
    const width = this.widthOf(edge);
    // A shared parameter feeds every step: its edges stay in the background until asked for.
    const opacity = near ? 1 : edge.from.kind === "parameter" ? 0.28 : 0.75;
    const colour = near ? theme.text : theme.edge;
    return { width, colour, opacity, arrow: 0.45, rank: near ? 1 : opacity < 0.5 ? -1 : 0 };
  }

  /**
   * Width by |local derivative × upstream|, once the backward pass has used the edge.
   * @param {Edge} edge
   */
  widthOf(edge) {
    const { model } = this.view;
    if (model.level === "rolled") return 1.5; // another product at each step
    if (!this.view.modes.showsGradient() || !this.view.seen.gradient(edge.from)) return 1;
    if (!this.largestFlow) {
      const { seen } = this.view;
      const passed = seen.whole
        ? model.edges
        : model.edges.filter((each) => seen.gradient(each.from));
      this.largestFlow = largestOf(passed.map((each) => this.flow(each))) || 1;
    }
    const share = this.flow(edge) / this.largestFlow;
    const wide = WIDEST_FLOW * (Number.isFinite(share) ? Math.sqrt(Math.min(1, share)) : 1);
    return 0.6 + Math.round(4 * wide) / 4; // edges of one width are stroked together
  }

  /** @param {Edge} edge @returns {number} */
  flow(edge) {
    let flow = this.flows.get(edge);
    if (flow === undefined) {
      flow = flowOf(this.view.model, edge);
      this.flows.set(edge, flow);
    }
    return flow;
  }

  /**
   * Gradients span orders of magnitude: their bars are logarithmic, from the smallest one on.
   * @param {boolean} gradient
   * @param {Float64Array} values
   * @returns {Strip}
   */
  ofStrip(gradient, values) {
    if (this.strip?.values !== values) {
      const largest = largestOf(values) || 1;
      const sizes = [...values].map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
      const floor = Math.max(Math.min(...sizes, largest), largest * SMALLEST_SHARE) / 2;
      /** @param {number} value */
      const logarithmic = (value) =>
        value > floor ? Math.log(value / floor) / Math.log(largest / floor) : 0;
      /** @param {number} value */
      const linear = (value) => Math.abs(value) / largest;
      const share = gradient ? logarithmic : linear;
      this.strip = { values, scale: diverging(largest, this.view.theme.dark), share };
    }
    return this.strip;
  }
}

/**
 * What a step of the sequence is called, at its input: a character, a year.
 * @param {{labels: ?string[]}} data of the T steps
 * @param {GraphNode} node
 * @param {number} shown rolled level: the step that the node shows, 0 for none
 */
export function labelOf({ labels }, node, shown) {
  if (node.kind !== "input") return "";
  const label = labels?.[(node.times ? shown : node.t) - 1] ?? "";
  return [...label].length === 1 ? `“${label}”` : label;
}

/**
 * The rest has no value of its own where nothing says what the loss is made of.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {boolean} gradient
 */
function numbersOf(model, node, gradient) {
  const numbers = gradient ? model.gradOf(node) : model.valueOf(node);
  return node.kind === "rest" && Number.isNaN(numbers[0]) ? null : numbers;
}

/**
 * The parameter that an address names an entry of, W_hh[2,1], and which of its numbers that is.
 * @param {Model} model
 * @param {?string} selected
 */
function wholeOf(model, selected) {
  const said = selected ? readName(selected, model.known) : null;
  if (!said?.parameter || said.reads || !said.index.length) return null;
  const node = model.nodes.find(
    (each) => each.kind === "parameter" && each.parameter === said.parameter && !each.index,
  );
  return node ? { node, component: flatIndex(node, said.index) } : null;
}

/** @param {GraphNode} node @param {number[]} index from 1 */
function flatIndex(node, [row, column = 1]) {
  const k = (row - 1) * (node.shape[1] ?? 1) + column - 1;
  return k >= 0 && k < node.size ? k : 0;
}
