/** Beside the graph: everything about the selected node or edge. */

import { el } from "../../shared/frontend/dom.js";
import { notationName } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";
import { common } from "../../shared/frontend/common.js";
import { chainCard } from "./chain.js";
import { Chosen } from "./chosen.js";
import { edgeCard } from "./edge_card.js";
import { pathsCard } from "./detail.js";
import { isSmall, numbersTex } from "./array_text.js";
import { equationOf } from "./equations.js";
import { fillingCard } from "./filling.js";
import { math } from "./katex.js";
import { labelOf } from "./looks.js";
import { isLoss } from "./structure.js";
import { kindOf } from "./kinds.js";
import { besideFact, holdForm } from "./held_form.js";
import { heldLines } from "./held_parts.js";
import { componentPicker, holdButtons, printedLine, wide } from "./parts.js";
import { spoken } from "./symbol.js";
import { weightCard } from "./weight_card.js";

/** @import { Detail } from "./data.d.ts" */
/** @import { Equation } from "./equations.js" */
/** @import { Filling } from "./filling.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge, GraphNode } from "./structure.js" */

/**
 * What is shown, and how far the player has come with it.
 * @typedef {object} State
 * @property {boolean} follows     it is what the player computes, not a selection
 * @property {boolean} pinned
 * @property {?string[]} labels    of the time steps
 * @property {Model} model
 * @property {number} version      of the numbers
 * @property {?GraphNode} node
 * @property {?Edge} edge
 * @property {number} component    which number of a vector or matrix
 * @property {boolean} entry       whether that one of a weight is named, not the whole
 * @property {boolean} known       its value
 * @property {boolean} felt        its gradient
 * @property {?Detail} detail      from Python, once it is there
 * @property {boolean} holds       whether computed numbers can be held
 * @property {number} step         rolled level: where the player is, else 0
 * @property {?Filling} filling    how far the gradient of a weight has come
 *
 * @typedef {State & {node: GraphNode}} NodeState
 * @typedef {State & {edge: Edge}} EdgeState
 *
 * @typedef {object} Hooks
 * @property {(id: ?string) => void} select
 * @property {(item: GraphNode|Edge, component: number) => void} pick
 * @property {() => void} pin
 * @property {(node: GraphNode, component: number, text: string) => void} hold  at a value
 * @property {(node: GraphNode, component: number) => void} free
 */

export class Inspector {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.body = el("div", { class: "ur-inspector-body" });
    this.element = el(
      "section",
      { class: "ur-inspector", "aria-label": "Inspector" },
      this.body,
      keys(),
    );
    this.said = new Chosen();
    this.shown = "";
    /** @type {?string} */
    this.chosen = null;
    this.isScrolled = false;
    this.element.addEventListener("scroll", () => (this.isScrolled = true), { passive: true });
  }

  /** @param {State} state */
  show(state) {
    // Nothing is built again unless what it shows changed.
    const key = [
      notationName(),
      state.model.key,
      state.version,
      state.node?.id,
      state.edge?.id,
      state.component,
      state.entry,
      state.known,
      state.felt,
      state.detail !== null,
      state.step,
      state.follows,
      state.pinned,
      state.filling && [state.filling.node.id, state.filling.added],
    ].join("|");
    if (key === this.shown) return;
    this.shown = key;
    this.element.classList.toggle("ur-pinned", state.pinned && !state.follows);
    // What is newly chosen begins with its name; a player that steps on moves nothing.
    const chosen = state.follows ? null : (state.edge?.id ?? state.node?.id ?? null);
    const isOther = chosen !== null && chosen !== this.chosen;
    this.chosen = chosen;
    const held = this.pin() === document.activeElement;
    const { edge, node } = state;
    this.said.say(state, node ? about(state, node) : "");
    if (edge) this.body.replaceChildren(...edgeCard({ ...state, edge }, this.hooks));
    else if (node) this.body.replaceChildren(...this.nodeCards({ ...state, node }));
    else this.body.replaceChildren(hint());
    if (held) this.pin()?.focus({ preventScroll: true }); // it was pressed
    if (isOther && this.isScrolled) this.element.scrollTop = 0; // to write it forces a layout
  }

  /** @returns {?HTMLElement} */
  pin() {
    return this.body.querySelector(".ur-pin");
  }

  /** @param {NodeState} state */
  nodeCards(state) {
    const { model, node, known, felt } = state;
    const value = model.valueOf(node);
    const cards = [
      el(
        "header",
        { class: "ur-head" },
        el("h2", {}, math(node.latex, { label: spoken(node.latex) })),
        el("p", { class: "ur-note" }, about(state, node)),
        holdButtons(state, this.hooks),
      ),
      el(
        "dl",
        { class: "ur-facts" },
        fact("value", node, known ? value : null, "not computed yet"),
        ...(known ? besideFact(state, false) : []),
        model.grad ? fact("gradient", node, felt ? model.gradOf(node) : null, unfelt(node)) : null,
        ...(felt ? besideFact(state, true) : []),
      ),
    ];
    const equation = equationOf(model, node, state.component);
    const own = equation ? [equationCard(equation, state, this.hooks)] : [];
    const back = model.grad && node.back.length ? this.backCards(state) : [];
    // What the player has just computed comes first.
    cards.push(...(state.follows && felt ? [...back, ...own] : [...own, ...back]));
    const form = holdForm(state, this.hooks);
    if (form) cards.splice(state.follows ? cards.length : 2, 0, form);
    if (state.follows) return cards;
    if (model.level === "scalar" && felt && state.detail?.paths) {
      cards.push(pathsCard(state.detail.paths, state.detail.held?.paths));
    }
    return cards;
  }

  /**
   * Where the gradient comes from. That of a weight is a sum over time, which one table says.
   * @param {NodeState} state
   */
  backCards(state) {
    const { filling, model, node } = state;
    if (node.kind === "parameter" && (filling || state.felt)) {
      return [weightCard(state, this.hooks)];
    }
    const chain = chainCard(state, this.hooks);
    return filling ? [chain, fillingCard(model, filling, this.hooks)] : [chain];
  }
}

/**
 * What the node is, at which step, and what that is called: "input, t = 3, “b”".
 * @param {State} state
 * @param {GraphNode} node
 */
function about(state, node) {
  const step = node.times ? (state.model.shown.get(node) ?? state.model.T) : node.t;
  return [kindOf(node), step && `t = ${step}`, labelOf(state, node, step)]
    .filter(Boolean)
    .join(", ");
}

/**
 * Why there is no gradient to show.
 * @param {GraphNode} node
 */
export const unfelt = (node) =>
  node.back.length || isLoss(node) ? "not computed yet" : "0, no path to the loss";

function hint() {
  const text =
    "What the player computes is explained here. Select a node or an edge to look at it instead.";
  return el("p", { class: "ur-empty" }, text);
}

function keys() {
  const meanings = [
    ["← →", "one step of the computation"],
    ["Space", "play, pause"],
    ["Home End", "start, end"],
    [
      `1 – ${common().levels.length}`,
      common()
        .levels.map(([name]) => name)
        .join(", "),
    ],
    ["Alt + arrows", "select a neighbouring node; no number changes"],
    [
      "Alt + ↑ ↓",
      "but where one entry of a given array was chosen, or its box clicked in the scalar graph: " +
        "change that number (Shift: finer)",
    ],
    ["drag ↑ ↓", "a given number, here or in its field: all follows"],
    ["I", "pin what is shown here, or let it follow"],
    ["Esc", "let go of it"],
    ["P", "present this page in large letters; P or Esc ends it", "ur-key-of-show"],
    ["Ctrl + wheel", "zoom, as two fingers do; drag to move"],
  ];
  return el(
    "dl",
    { class: "ur-keys" },
    ...meanings.flatMap(([key, meaning, kind = ""]) => [
      el("dt", { class: kind }, el("kbd", {}, key)),
      el("dd", { class: kind }, meaning),
    ]),
  );
}

/**
 * @param {string} name
 * @param {GraphNode} node
 * @param {?Float64Array} numbers
 * @param {string} otherwise
 */
function fact(name, node, numbers, otherwise) {
  const cell = el("dd", {});
  if (!numbers) cell.append(el("span", { class: "ur-note" }, otherwise));
  else if (node.shape.length === 0) {
    cell.append(el("span", { class: "ur-number", translate: "no" }, short(numbers[0])));
  } else if (isSmall(node)) cell.append(math(numbersTex(node, numbers)));
  else {
    cell.append(
      el(
        "span",
        { class: "ur-note" },
        `${(node.turned ? node.shape.toReversed() : node.shape).join(" × ")} numbers, length ${short(Math.hypot(...numbers))}`,
      ),
    );
  }
  if (numbers && !numbers.every(Number.isFinite)) {
    cell.append(
      el(
        "p",
        { class: "ur-warning" },
        "Not a finite number: the computation overflowed or took ∞ − ∞ here or before.",
      ),
    );
  }
  return el("div", { class: "ur-fact" }, el("dt", {}, name), cell);
}

/**
 * The equation; with numbers only when they are known to the player.
 * @param {Equation} equation
 * @param {NodeState} state
 * @param {Hooks} hooks
 */
function equationCard(equation, state, hooks) {
  const { node, component, known } = state;
  const card = el(
    "section",
    { class: "ur-card" },
    el("h3", {}, "Equation"),
    wide(equation.latex, "Equation"),
  );
  if (!known) return card;
  if (equation.numeric) card.append(wide(equation.numeric, "Equation with numbers"));
  if (equation.stable) {
    card.append(
      el("p", { class: "ur-note" }, "computed stably as"),
      wide(equation.stable, "How it is computed"),
    );
  }
  const picker =
    equation.several && componentPicker(node, component, (k) => hooks.pick(node, k), "lines of");
  if (picker) card.append(picker);
  // A number that goes through as it is, the mean of one loss, is said above.
  const goesThrough =
    node.size === 1 && equation.lines.every(({ expression, value }) => expression === value);
  const lines = equation.numeric && goesThrough ? [] : equation.lines;
  card.append(
    ...lines.map((line) => printedLine(line, equation.lines.length > 1 ? line.label : null)),
  );
  if (equation.hidden > 0) {
    card.append(el("p", { class: "ur-note" }, `and ${equation.hidden} more components alike`));
  }
  card.append(...heldLines(state));
  return card;
}
