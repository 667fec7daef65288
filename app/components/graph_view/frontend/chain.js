/** The chain rule at a node. */

import { el } from "../../shared/frontend/dom.js";
import { inFull } from "../../shared/frontend/numbers.js";
import { componentName, gradientText } from "./array_text.js";
import { chainOf } from "./chain_rule.js";
import { printedChain } from "./factors.js";
import { heldInside, heldModel } from "./held_model.js";
import { insideNote, withHold } from "./held_parts.js";
import { componentPicker, printedLine, wide } from "./parts.js";
import { math } from "./katex.js";
import { NOT_SHOWN, pullbackOf } from "./pullback.js";
import { rolledChainOf } from "./rolled.js";
import { isTerm, spoken } from "./symbol.js";

/** @import { Chain, ChainRow } from "./chain_rule.js" */
/** @import { PrintedRow } from "./factors.js" */
/** @import { Hooks, NodeState } from "./inspector.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */

const MOST_ROWS = 12;
export const MANY =
  "A step of this cell is many operations: the level “operation” shows each of them.";

/**
 * One row per outgoing edge: upstream × local, and their sum.
 * @param {NodeState} state
 * @param {Hooks} hooks
 */
export function chainCard({ model, node, felt, component }, hooks) {
  const rolled = model.level === "rolled";
  const chain = rolled ? rolledChainOf(model, node, component) : chainOf(model, node, component);
  const title = rolled ? titleOf(node, chain.step) : "Chain rule";
  const card = el("section", { class: "ur-card" }, el("h3", {}, title));
  const whole = felt && node.kind !== "parameter" ? pullbackOf(model, node) : null;
  card.append(
    whole
      ? wide(alignedOf(whole), "Chain rule with numbers")
      : wide(chain.formula ?? formulaOf(node), "Chain rule"),
  );
  if (!felt) {
    card.append(
      el("p", { class: "ur-note" }, "The backward pass has not reached this node: step on with →."),
    );
    return card;
  }
  const picker = componentPicker(node, component, (k) => hooks.pick(node, k));
  if (picker) card.append(picker);
  card.append(...chainTable(model, chain, { node, component }, hooks));
  const again = model.heldOf(node, true) && heldModel(model);
  if (again) {
    const held = rolled ? rolledChainOf(again, node, component) : chainOf(again, node, component);
    card.append(withHold(), ...chainTable(again, held, { node, component }, hooks));
  }
  return card;
}

/** @param {import("./pullback.js").Pullback} pullback */
const alignedOf = ({ left, symbols, numeric, result }) => {
  const rows = [symbols, numeric, result].filter((row) => row !== null);
  return `\\begin{aligned}${left} &${rows.join("\\\\[0.5ex] &")}\\end{aligned}`;
};

/**
 * The terms, what they add up to, and the same as a line.
 * @param {Model} model
 * @param {Chain} chain
 * @param {{node: GraphNode, component: number}} about
 * @param {Hooks} hooks
 */
function chainTable(model, chain, { node, component }, hooks) {
  const rolled = model.level === "rolled";
  const rows = chain.rows.slice(0, MOST_ROWS);
  const more = chain.rows.slice(MOST_ROWS);
  const label = componentName(node, component, chain.step);
  const printed = printedChain(chain);
  const { digits } = printed;
  /** @type {HTMLElement[]} */
  const parts = [
    el(
      "div",
      { class: "ur-wide", tabindex: 0, role: "group", "aria-label": "Terms of the chain rule" },
      el(
        "table",
        { class: "ur-table ur-chain" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ...["through", "upstream", "local", "product"].map((name) =>
              el("th", { scope: "col" }, name),
            ),
          ),
        ),
        el(
          "tbody",
          {},
          ...rows.map((row, i) => rowOf(row, printed.rows[i], hooks)),
          ...(rolled && more.length
            ? [lump(`${more.length} steps before`, total(more), digits)]
            : []),
          ...(chain.others ? [lump(NOT_SHOWN, chain.others, digits)] : []),
        ),
        el(
          "tfoot",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "row", colspan: 3 }, `sum = ${gradientText(label)}`),
            el("td", {}, printed.total),
          ),
        ),
      ),
    ),
  ];
  if (more.length && !rolled) {
    parts.push(el("p", { class: "ur-note" }, `and ${more.length} more edges`));
  }
  if (!chain.rows.every(({ tree }) => tree)) {
    const inside = chain.rows.map(({ edge }) => heldInside(model, edge.to)).find(Boolean);
    parts.push(el("p", { class: "ur-note" }, inside ? insideNote(inside) : MANY));
  }
  if (chain.sum) parts.push(printedLine(chain.sum));
  return parts;
}

/** @param {GraphNode} node @param {number} step */
const titleOf = (node, step) =>
  node.times ? `Chain rule at t = ${step}` : "Chain rule, summed over time";

/** @param {ChainRow[]} rows */
const total = (rows) =>
  rows.every(({ tree }) => tree) ? rows.reduce((sum, row) => sum + row.value, 0) : null;

/**
 * Terms that are not listed one by one.
 * @param {string} name
 * @param {?number} value
 * @param {number} digits
 */
function lump(name, value, digits) {
  return el(
    "tr",
    {},
    el("th", { scope: "row", colspan: 3 }, name),
    el("td", {}, value === null ? "–" : inFull(value, digits)),
  );
}

/**
 * One way that a gradient comes back: what is multiplied, one line for each number of the sink.
 * @param {ChainRow} row
 * @param {PrintedRow} printed
 * @param {Hooks} hooks
 */
function rowOf(row, { factors, count, product }, hooks) {
  const { edge } = row;
  const latex = row.latex ?? edge.to.latex;
  const many = count ? `${count} numbers` : "–";
  const lines = (/** @type {string[]} */ texts) => texts.map((text) => el("div", {}, text));
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el(
        "button",
        { type: "button", class: "ur-link", onclick: () => hooks.select(edge.to.id) },
        math(latex, { label: spoken(latex) }),
      ),
      row.localLatex === null ? null : el("div", { class: "ur-local" }, localOf(row, hooks)),
    ),
    el("td", {}, ...(factors ? lines(factors.upstream) : [many])),
    el("td", {}, ...(factors ? lines(factors.local.map((text) => `× ${text}`)) : [many])),
    el("td", {}, product),
  );
}

/**
 * The local derivative in symbols, as far as it fits into a table; the edge has it whole.
 * @param {ChainRow} row
 * @param {Hooks} hooks
 */
function localOf({ edge, localLatex: latex, ways }, hooks) {
  if (latex === null || ways === 0) return math(latex ?? "");
  const text = ways === 1 ? "1 way" : `${ways} ways`;
  const title = "The local derivative, a term for each way from one to the other";
  return el(
    "button",
    { type: "button", class: "ur-link", title, onclick: () => hooks.select(edge.id) },
    text,
  );
}

/** @param {GraphNode} node */
export function formulaOf(node) {
  const own = bracketed(node.latex);
  const targets = node.back.slice(0, 3).map((edge) => {
    const to = bracketed(edge.to.latex);
    return `\\frac{\\partial L}{\\partial ${to}}\\frac{\\partial ${to}}{\\partial ${own}}`;
  });
  const more = node.back.length > 3 ? " + \\cdots" : "";
  return `\\frac{\\partial L}{\\partial ${own}} = ${targets.join(" + ")}${more}`;
}

/**
 * The symbol of a product in parentheses, since it stands in a derivative.
 * @param {string} latex
 */
export const bracketed = (latex) => (isTerm(latex) ? `(${latex})` : `{${latex}}`);
