/** The chain rule at one edge. */

import { el } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { plain, short, tex } from "../../shared/frontend/numbers.js";
import { bracketed, MANY } from "./chain.js";
import { chainRow, localLatex } from "./chain_rule.js";
import { line } from "./expression.js";
import { componentPicker, holdButtons, printedLine, wide } from "./parts.js";
import { math } from "./katex.js";
import { arrivingBy, numbersIn, readAs } from "./operands.js";
import { spoken } from "./symbol.js";

/** @import { EdgeState, Hooks } from "./inspector.js" */
/** @import { Model } from "./model.js" */
/** @import { Edge } from "./structure.js" */

/**
 * An edge: its local derivative, what comes down it, and their product.
 * @param {EdgeState} state
 * @param {Hooks} hooks
 */
export function edgeCard(state, hooks) {
  const { model, edge, known, felt, component } = state;
  const upstream = model.grad ? model.gradOf(edge.to) : null;
  const local = model.localOf(edge);
  const latex = localLatex(model, edge);
  const from = readAs(edge.from, edge.to, 0);
  const symbol = `\\frac{\\partial ${bracketed(edge.to.latex)}}{\\partial ${bracketed(from)}}`;
  /** @type {HTMLElement[]} */
  const cards = [
    el(
      "header",
      { class: "ur-head" },
      el(
        "h2",
        {},
        math(`${from} \\to ${edge.to.latex}`, {
          label: `${spoken(from)} to ${spoken(edge.to.latex)}`,
        }),
      ),
      el("p", { class: "ur-note" }, "edge: carries a value forward and a gradient back"),
      holdButtons(state, hooks),
    ),
  ];
  const localBox = el("section", { class: "ur-card" }, el("h3", {}, "Local derivative"));
  if (latex) localBox.append(wide(`${symbol} = ${latex}`, "Local derivative"));
  if (known && local && edge.size === 1) {
    localBox.append(math(`= ${tex(local[0])}`, { block: true }));
    const printed = localLine(model, edge, local[0]);
    if (printed) localBox.append(printedLine(printed));
  }
  cards.push(localBox);
  if (!upstream || model.level === "rolled") return cards;
  const flow = el("section", { class: "ur-card" }, el("h3", {}, "Upstream × local"));
  if (!edge.from.back.includes(edge)) {
    flow.append(el("p", { class: "ur-note" }, "No path to the loss: no gradient comes back here."));
  } else if (!felt) {
    flow.append(el("p", { class: "ur-note" }, "The backward pass has not come through here yet."));
  } else {
    const picker = componentPicker(edge.from, component, (k) => hooks.pick(edge, k));
    if (picker) flow.append(picker);
    const row = chainRow(model, edge, component);
    if (row.line) flow.append(printedLine(row.line));
    else if (row.tree) {
      flow.append(el("p", { class: "ur-number", translate: "no" }, short(row.value)));
    } else flow.append(el("p", { class: "ur-note" }, MANY));
  }
  cards.push(flow);
  cards.push(
    el(
      "p",
      { class: "ur-row" },
      ...[edge.from, edge.to].map((node) =>
        el(
          "button",
          { type: "button", class: "ur-button", onclick: () => hooks.select(node.id) },
          `Inspect ${writtenText(node.symbol)}`,
        ),
      ),
    ),
  );
  return cards;
}

/**
 * The local derivative of a scalar edge as a line of arithmetic: the rule with upstream 1.
 * @param {Model} model
 * @param {Edge} edge
 * @param {number} value
 */
function localLine(model, edge, value) {
  const rule = model.ruleOf(edge.to.op);
  if (!rule || rule.passes) return null;
  const operands = numbersIn(model, edge.to) ?? [];
  const output = model.valueOf(edge.to);
  const tree = arrivingBy(edge, (place) => rule.back(place, 0, operands, output, [1]));
  const printed = line(tree, value, model.format);
  const [expression, brief] = [printed.expression, printed.brief].map((text) =>
    text.replace(/\*1$/, ""),
  );
  return expression === plain(value) ? null : { ...printed, expression, brief };
}
