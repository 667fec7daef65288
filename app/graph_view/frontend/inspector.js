/** Beside the graph: everything about the selected node or edge. */

import { el } from "../shared/dom.js";
import { short } from "../shared/format.js";
import { chainCard, edgeCard } from "./chain.js";
import { ledgerCard, pathsCard } from "./detail.js";
import { equationOf, isSmall, numbersTex } from "./equations.js";
import { math } from "./katex.js";
import { closeButton, printedLine } from "./parts.js";
import { spoken } from "./symbol.js";

const KINDS = {
  input: "input",
  parameter: "parameter, shared by all steps",
  product: "product",
  sum: "pre-activation",
  activation: "hidden state",
  state: "initial state",
  logit: "logit",
  probability: "prediction",
  target: "target",
  loss: "loss",
  rest: "the steps not shown",
};

export class Inspector {
  /** @param {{select: (id: ?string) => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.element = el("section", { class: "ur-inspector", "aria-label": "Inspector" });
    this.shown = "";
  }

  /**
   * @param {object} state model, node or edge, value and gradient known, component, detail
   */
  show(state) {
    // Nothing is built again unless what it shows changed.
    const key = [
      state.model.key,
      state.version,
      state.node?.id,
      state.edge?.id,
      state.component,
      state.known,
      state.felt,
      state.detail !== null,
      state.step,
      state.follows,
    ].join("|");
    if (key === this.shown) return;
    this.shown = key;
    const scroll = this.element.scrollTop;
    if (state.edge) this.element.replaceChildren(...edgeCard(state, this.hooks));
    else if (state.node) this.element.replaceChildren(...this.nodeCards(state));
    else this.element.replaceChildren(hint());
    this.element.scrollTop = scroll;
  }

  nodeCards(state) {
    const { model, node, known, felt } = state;
    const value = model.valueOf(node);
    const kind = KINDS[node.kind] ?? node.kind;
    const cards = [
      el(
        "header",
        { class: "ur-head" },
        el("h2", {}, math(node.latex, { label: spoken(node.latex) })),
        el("p", { class: "ur-note" }, stepOf(state) ? `${kind}, t = ${stepOf(state)}` : kind),
        ...(state.follows ? [] : [closeButton(() => this.hooks.select(null))]),
      ),
      el(
        "dl",
        { class: "ur-facts" },
        ...fact("value", node, known ? value : null, "not computed yet"),
        ...(model.grad
          ? fact("gradient", node, felt ? model.gradOf(node) : null, unfelt(node))
          : []),
      ),
    ];
    const equation = equationOf(model, node);
    if (equation) cards.push(equationCard(equation, known));
    if (model.grad && node.back.length) cards.push(chainCard(state, this.hooks));
    if (state.follows) return [...cards, el("div", { class: "ur-empty" }, keys())];
    if (node.kind === "parameter" && felt) cards.push(ledgerCard(state, this.hooks));
    if (model.level === "scalar" && felt && state.detail?.paths)
      cards.push(pathsCard(state, this.hooks));
    return cards;
  }
}

const stepOf = ({ model, node }) => (node.times ? (model.shown.get(node) ?? model.T) : node.t);

const unfelt = (node) =>
  node.back.length || node.id === "L" ? "not computed yet" : "0, no path to the loss";

function hint() {
  return el(
    "div",
    { class: "ur-empty" },
    el("p", {}, "Select a node or an edge to see its equation with the numbers in."),
    keys(),
  );
}

function keys() {
  const meanings = [
    ["← →", "one step of the computation"],
    ["Space", "play, pause"],
    ["Home End", "start, end"],
    ["1 – 4", "rolled, step, operation, scalar"],
    ["Alt + arrows", "select a neighbouring node"],
    ["Esc", "clear the selection"],
  ];
  return el(
    "dl",
    { class: "ur-keys" },
    ...meanings.flatMap(([key, meaning]) => [
      el("dt", {}, el("kbd", {}, key)),
      el("dd", {}, meaning),
    ]),
  );
}

function fact(name, node, numbers, otherwise) {
  const cell = el("dd", {});
  if (!numbers) cell.append(el("span", { class: "ur-note" }, otherwise));
  else if (node.shape.length === 0)
    cell.append(el("span", { class: "ur-number" }, short(numbers[0], 6)));
  else if (isSmall(node)) cell.append(math(numbersTex(node, numbers, 4)));
  else
    cell.append(
      el(
        "span",
        { class: "ur-note" },
        `${node.shape.join(" × ")} numbers, length ${short(Math.hypot(...numbers))}`,
      ),
    );
  if (numbers && !numbers.every(Number.isFinite)) {
    cell.append(
      el(
        "p",
        { class: "ur-warning" },
        "Not a finite number: the computation overflowed or took ∞ − ∞ here or before.",
      ),
    );
  }
  return [el("dt", {}, name), cell];
}

/** The equation; with numbers only when they are known to the player. */
function equationCard(equation, known) {
  const card = el(
    "section",
    { class: "ur-card" },
    el("h3", {}, "Equation"),
    math(equation.latex, { block: true }),
  );
  if (!known) return card;
  if (equation.numeric)
    card.append(
      el(
        "div",
        { class: "ur-wide", tabindex: 0, role: "group", "aria-label": "Equation with numbers" },
        math(equation.numeric, { block: true }),
      ),
    );
  card.append(
    ...equation.lines.map((line) =>
      printedLine(line, equation.lines.length > 1 ? line.label : null),
    ),
  );
  if (equation.hidden > 0)
    card.append(el("p", { class: "ur-note" }, `and ${equation.hidden} more components alike`));
  return card;
}
