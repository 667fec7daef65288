/** The chain rule at a node, and at one edge. */

import { el } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { inFull, plain, short, tex } from "../../shared/frontend/numbers.js";
import { componentName, gradientText } from "./array_text.js";
import { chainOf, chainRow, localLatex } from "./chain_rule.js";
import { line } from "./expression.js";
import { printedChain } from "./factors.js";
import { heldInside, heldModel } from "./held_model.js";
import { insideNote, withHold } from "./held_parts.js";
import { componentPicker, holdButtons, printedLine, wide } from "./parts.js";
import { math } from "./katex.js";
import { arrivingBy, numbersIn, readAs } from "./operands.js";
import { pullbackOf } from "./pullback.js";
import { rolledChainOf } from "./rolled.js";
import { isTerm, spoken } from "./symbol.js";

/** @import { Chain, ChainRow } from "./chain_rule.js" */
/** @import { PrintedRow } from "./factors.js" */
/** @import { EdgeState, Hooks, NodeState } from "./inspector.js" */
/** @import { Edge, GraphNode, Model } from "./model.js" */

const MOST_ROWS = 12;
const MANY = "A step of this cell is many operations: the level “operation” shows each of them.";

/**
 * One row per outgoing edge: upstream × local, and their sum.
 * @param {NodeState} state
 * @param {Hooks} hooks
 */
export function chainCard({ model, node, felt, component, follows }, hooks) {
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
  // The ledger prints the same sum for a selected parameter.
  const prints = node.kind !== "parameter" || follows;
  card.append(...chainTable(model, chain, { node, component, prints }, hooks));
  const again = model.heldOf(node, true) && heldModel(model);
  if (again) {
    const held = rolled ? rolledChainOf(again, node, component) : chainOf(again, node, component);
    card.append(withHold(), ...chainTable(again, held, { node, component, prints }, hooks));
  }
  return card;
}

/** @param {import("./pullback.js").Pullback} pullback */
const alignedOf = ({ symbols, numeric, result }) => {
  const [left, ...right] = symbols.split(/ = (?!.* = )/);
  const rows = [`${left} &= ${right.join(" = ")}`, numeric, result].filter((row) => row !== null);
  const aligned = rows.map((row) => row.replace(/^(=|\\approx)/, "&$1"));
  return `\\begin{aligned}${aligned.join("\\\\[0.5ex]")}\\end{aligned}`;
};

/**
 * The terms, what they add up to, and the same as a line.
 * @param {Model} model
 * @param {Chain} chain
 * @param {{node: GraphNode, component: number, prints: boolean}} about
 * @param {Hooks} hooks
 */
function chainTable(model, chain, { node, component, prints }, hooks) {
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
          ...(chain.others
            ? [lump("not shown: other sequences, truncation", chain.others, digits)]
            : []),
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
    const text = `and ${more.length} more edges`;
    parts.push(
      el(
        "p",
        { class: "ur-note" },
        node.kind === "parameter" ? `${text}: the ledger below has every step` : text,
      ),
    );
  }
  if (!chain.rows.every(({ tree }) => tree)) {
    const inside = chain.rows.map(({ edge }) => heldInside(model, edge.to)).find(Boolean);
    parts.push(el("p", { class: "ur-note" }, inside ? insideNote(inside) : MANY));
  }
  if (chain.sum && prints) parts.push(printedLine(chain.sum));
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
