/**
 * The gradient of a shared weight, as it fills while the player runs back: what each step adds, all
 * entries at once, from the last step to the first, and the sum so far.
 */

import { digits as asked } from "../../shared/frontend/digits.js";
import { el } from "../../shared/frontend/dom.js";
import { short } from "../../shared/frontend/numbers.js";
import { numbersTex } from "./array_text.js";
import { math } from "./katex.js";
import { spoken } from "./symbol.js";
import {
  arrivedBy,
  gradientName,
  isAllOf,
  isWritten,
  NOT_SHOWN,
  pulledBy,
  waysBack,
} from "./pullback.js";

/** @import { Hooks } from "./inspector.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { Use } from "./rolled.js" */

const MOST_BEFORE = 6; // of the steps that have been added, those that are shown one by one
const MOST_AFTER = 3;
const LONGEST = 40; // symbols beside the step
const MOST_NUMBERS = 4096; // of all terms together

/**
 * @typedef {object} Term
 * @property {number} step   0 for what is not shown
 * @property {Use[]} uses    in which the weight is used at that step
 *
 * @typedef {object} Filling
 * @property {GraphNode} node  the weight
 * @property {Term[]} terms    the last step first
 * @property {number} added    how many of them the player has come to
 */

/**
 * @param {Model} model
 * @param {GraphNode} node a parameter
 * @returns {Term[]}
 */
export function termsOf(model, node) {
  /** @type {Map<number, Use[]>} */
  const found = new Map();
  for (const use of waysBack(model, node)) {
    const { to } = use.edge;
    const step = to.kind === "rest" ? 0 : use.step || to.t;
    found.set(step, [...(found.get(step) ?? []), use]);
  }
  return [...found].map(([step, uses]) => ({ step, uses })).sort((a, b) => b.step - a.step);
}

/**
 * What the terms of each step are, and the sums so far.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {Term[]} terms
 */
export function sumsOf(model, node, terms) {
  const sum = new Array(node.size).fill(0);
  return terms.map(({ uses }) => {
    const term = new Array(node.size).fill(0);
    for (const use of uses) arrivedBy(model, use).forEach((each, k) => (term[k] += each));
    term.forEach((each, k) => (sum[k] += each));
    return { term, sum: [...sum] };
  });
}

/**
 * Which weight's filling belongs to what the player computes: the one that is multiplied there, else
 * the first one by which the state goes on.
 * @param {Model} model
 * @param {?GraphNode} node
 * @returns {?GraphNode}
 */
export function weightBeside(model, node) {
  if (node?.kind === "parameter") return node;
  const weights = model.nodes.filter(({ kind }) => kind === "parameter");
  const used = node?.in.find(({ from }) => from.kind === "parameter" && from.shape.length !== 1);
  if (node?.parameter && used) return used.from;
  if (model.level === "scalar") return null;
  return weights.find(({ parameter }) => model.recurrent.has(parameter ?? "")) ?? null;
}

/**
 * Beside what the player computes: how far the gradient of a weight has come.
 * @param {Model} model
 * @param {Filling} filling
 * @param {Hooks} hooks
 */
export function fillingCard(model, filling, hooks) {
  const { node, terms, added } = filling;
  const card = el(
    "section",
    { class: "ur-card ur-filling", "aria-label": "The gradient of a weight adds up" },
    titleOf(model, node, filling),
    ...fillingParts(model, filling, hooks),
  );
  if (added === terms.length && !isTooLong(filling)) {
    const total = textOf(node, [...model.gradOf(node)]);
    card.append(math(`${gradientName(model, node)} = ${total}`, { block: true }));
  }
  return card;
}

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {?Filling} filling null where it is not followed
 */
export const titleOf = (model, node, filling) =>
  el(
    "h3",
    {},
    math(gradientName(model, node)),
    filling && filling.added < filling.terms.length
      ? " so far, from the last step back"
      : ", added up from the last step back",
  );

/** @param {Filling} filling */
const isTooLong = ({ node, terms }) => node.size * terms.length > MOST_NUMBERS;

/**
 * A row for each step: what it adds to all entries at once, and the sum so far.
 * @param {Model} model
 * @param {Filling} filling
 * @param {Hooks} hooks
 * @returns {HTMLElement[]}
 */
export function fillingParts(model, filling, hooks) {
  const { node, terms, added } = filling;
  if (!added) return [el("p", { class: "ur-note" }, firstOf(terms))];
  if (isTooLong(filling)) {
    return [el("p", { class: "ur-note" }, "Too many numbers to add up here step by step.")];
  }
  const sums = sumsOf(model, node, terms);
  const from = Math.max(0, added - MOST_BEFORE);
  const to = Math.min(terms.length, Math.max(added, from) + MOST_AFTER);
  return [
    el(
      "div",
      { class: "ur-wide", tabindex: 0, role: "group", "aria-label": "Terms of each step" },
      el(
        "table",
        { class: "ur-table ur-fill" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "step"),
            el("th", { scope: "col" }, "adds"),
            el("th", { scope: "col" }, "sum so far"),
          ),
        ),
        el(
          "tbody",
          {},
          from > 0 ? lump(`${from} later steps`, numbers(node, sums[from - 1].sum)) : null,
          ...terms
            .slice(from, to)
            .map((term, i) =>
              rowOf(model, node, term, from + i < added ? sums[from + i] : null, hooks),
            ),
          to < terms.length ? lump(`${terms.length - to} steps to come`, null) : null,
          added === terms.length ? leftRow(model, node, sums[added - 1].sum) : null,
        ),
      ),
    ),
  ];
}

/**
 * @param {Model} model
 * @param {GraphNode} node
 * @param {Term} term
 * @param {?{term: number[], sum: number[]}} sums null before the player has come there
 * @param {Hooks} hooks
 */
function rowOf(model, node, { step, uses }, sums, hooks) {
  const parts = uses.map((use) => pulledBy(model, use, asked()));
  const symbols = parts.map((part) => part.symbols).join(" + ");
  const numeric = parts.every((part) => part.numeric)
    ? parts.map((part) => part.numeric).join(" + ")
    : null;
  const isLong = symbols.length > LONGEST;
  const { to } = uses[0].edge;
  const where = step ? `t = ${step}` : "not shown";
  return el(
    "tr",
    { "data-step": step, "data-adds": sums?.term.join(" "), "data-so-far": sums?.sum.join(" ") },
    el(
      "th",
      { scope: "row" },
      el(
        "div",
        {},
        el(
          "button",
          {
            type: "button",
            class: "ur-link",
            "aria-label": `${where}: ${spoken(to.latex)}`,
            onclick: () => hooks.select(to.id),
          },
          where,
        ),
      ),
      isLong ? null : math(symbols),
    ),
    el(
      "td",
      {},
      isLong ? el("div", {}, math(symbols)) : null,
      sums && numeric && isWritten(node) ? el("div", {}, math(numeric)) : null,
      sums ? el("div", {}, "= ", numbers(node, sums.term)) : null,
    ),
    el("td", {}, sums ? numbers(node, sums.sum) : "·"),
  );
}

/**
 * What all terms do not add up to, null for nothing.
 * @param {Model} model
 * @param {GraphNode} node
 * @param {number[]} sum
 */
function leftRow(model, node, sum) {
  const total = [...model.gradOf(node)];
  if (isAllOf(model, waysBack(model, node), total)) return null;
  const left = total.map((each, k) => each - sum[k]);
  return el(
    "tr",
    { "data-adds": left.join(" "), "data-so-far": total.join(" ") },
    el("th", { scope: "row" }, NOT_SHOWN),
    el("td", {}, "= ", numbers(node, left)),
    el("td", {}, numbers(node, total)),
  );
}

/** @param {Term[]} terms @returns {string} what is said before the first of them */
const firstOf = ([{ step }]) =>
  step
    ? `Nothing is added yet. The first term comes from step ${step}, where the player goes next.`
    : "Nothing is added yet. The first terms come from the steps that are not shown.";

/** @param {string} name @param {?Node} sum */
const lump = (name, sum) =>
  el("tr", {}, el("th", { scope: "row", colspan: 2 }, name), el("td", {}, sum ?? "·"));

/** @param {GraphNode} node @param {number[]} list */
const numbers = (node, list) => math(textOf(node, list));

/** All numbers, or, of too many, the norm. @param {GraphNode} node @param {number[]} list */
const textOf = (node, list) =>
  isWritten(node)
    ? numbersTex(node, list, asked())
    : `\\text{norm } ${short(Math.hypot(...list)).replace("\u2212", "-")}`;
