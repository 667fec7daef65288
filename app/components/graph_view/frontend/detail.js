/** What Python adds to a selected node: the ledger of a shared parameter, and paths to the loss. */

import { el } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { inFull, number, short } from "../../shared/frontend/numbers.js";
import { line, num, product, sum } from "./expression.js";
import { printedChain } from "./factors.js";
import { withHold } from "./held_parts.js";
import { printedLine, wide } from "./parts.js";

/** @import { Detail, Ledger, Paths, Sent } from "./data.d.ts" */
/** @import { Model } from "./model.js" */

const MOST_TERMS = 24;

/**
 * One row per time step; they add up to the gradient of one number of a parameter.
 * @param {Model} model
 * @param {?Detail} detail null until Python has said it
 * @returns {HTMLElement[]}
 */
export function ledgerParts(model, detail) {
  const ledger = detail?.ledger;
  if (!ledger) return [el("p", { class: "ur-note" }, "Adding up the steps …")];
  const parts = [wide(ledger.latex, "Ledger over time"), ...ledgerTable(model, ledger)];
  const held = detail?.held?.ledger;
  return held ? [...parts, withHold(), ...ledgerTable(model, held)] : parts;
}

/**
 * The ledger as it is printed: rows that multiply and add up.
 * @param {Ledger} ledger
 */
export function printedLedger({ rows, before, others, total }) {
  const left = number(before ?? 0) + number(others ?? 0);
  return printedChain({
    rows: rows.map(({ term, upstream, factor }) => ({
      value: number(term),
      tree: num(number(term)),
      factors: () =>
        factor === null ? null : { at: [0], upstream: [number(upstream)], local: [number(factor)] },
    })),
    others: left,
    total: number(total),
  });
}

/**
 * The terms of all steps, and their sum as a line while it is short.
 * @param {Model} model
 * @param {Ledger} ledger
 */
function ledgerTable(model, ledger) {
  const hasFactor = ledger.rows.some((row) => row.factor !== null);
  const heads = [
    "t",
    writtenText(ledger.upstream_name),
    ...(hasFactor ? [writtenText(ledger.factor_name)] : []),
    "term",
    "sum so far",
  ];
  const printed = printedLedger(ledger);
  let running = 0;
  /** @param {string} name @param {?Sent} sent */
  const lump = (name, sent) => {
    if (sent === null) return [];
    const term = number(sent);
    running += term;
    return [
      el(
        "tr",
        {},
        el("th", { scope: "row", colspan: heads.length - 2 }, name),
        el("td", { "data-term": sent }, inFull(term, printed.digits)),
        el("td", {}, short(running)),
      ),
    ];
  };
  const parts = [
    el(
      "div",
      { class: "ur-scroll", tabindex: 0, role: "group", "aria-label": "Ledger over time" },
      el(
        "table",
        { class: "ur-table ur-ledger" },
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el(
          "tbody",
          {},
          ...lump("steps before", ledger.before),
          ...ledger.rows.map((row, i) => {
            const { factors, product: written } = printed.rows[i];
            const term = number(row.term);
            running += term;
            return el(
              "tr",
              {},
              el("th", { scope: "row" }, row.t),
              el("td", {}, factors?.upstream[0] ?? written),
              hasFactor ? el("td", {}, factors ? `× ${factors.local[0]}` : "") : null,
              el("td", { "data-term": row.term }, written),
              el("td", {}, short(running)),
            );
          }),
          ...lump("other sequences of the batch", ledger.others),
        ),
        el(
          "tfoot",
          {},
          el(
            "tr",
            {},
            el(
              "th",
              { scope: "row", colspan: heads.length - 1 },
              `sum = ${writtenText(ledger.name)}`,
            ),
            el("td", { "data-total": ledger.total }, printed.total),
          ),
        ),
      ),
    ),
  ];
  if (ledger.rows.length <= MOST_TERMS) {
    const terms = ledger.rows.map((row) =>
      row.factor === null
        ? num(number(row.upstream))
        : product([num(number(row.upstream)), num(number(row.factor))]),
    );
    if (model.rounded) terms.reverse(); // as the backward pass adds them up
    if (ledger.others !== null) terms.push(num(number(ledger.others)));
    parts.push(printedLine(line(sum(terms), number(ledger.total), model.format)));
  }
  return parts;
}

/**
 * Each path from a node to the loss with the product of its local derivatives.
 * @param {Paths} paths
 * @param {?Paths} [held] in the run with what is held
 */
export function pathsCard(paths, held = null) {
  const card = el("section", { class: "ur-card" }, el("h3", {}, "Paths to the loss"));
  card.append(...pathsList(paths));
  if (held) card.append(withHold(), ...pathsList(held));
  return card;
}

/** @param {Paths} paths */
function pathsList(paths) {
  const complete = paths.list.length === Number(paths.total);
  const parts = [
    el("p", { class: "ur-note" }, complete ? ofAll(paths) : ofSome(paths)),
    el(
      "ol",
      { class: "ur-paths ur-scroll", tabindex: 0, "aria-label": "Paths to the loss" },
      ...paths.list.map(({ symbols, product: value }) =>
        el(
          "li",
          {},
          el("span", { class: "ur-number", translate: "no" }, short(number(value))),
          el("span", { class: "ur-path" }, symbols.map(writtenText).join(" → ")),
        ),
      ),
    ),
  ];
  const products = paths.list.map((path) => num(number(path.product)));
  if (complete && products.length <= MOST_TERMS) {
    parts.push(printedLine(line(sum(products), number(paths.sum))));
  } else if (complete) {
    parts.push(
      el(
        "p",
        {},
        "sum of the paths = ",
        el("span", { class: "ur-number", translate: "no" }, short(number(paths.sum))),
      ),
    );
  }
  return parts;
}

/** @param {Paths} paths */
function ofAll({ list }) {
  return list.length === 1
    ? "One path; the product of the local derivatives along it is the gradient."
    : `${list.length} paths; the products of the local derivatives along them add up to the ` +
        "gradient.";
}

/** @param {Paths} paths */
const ofSome = (paths) =>
  `The ${paths.list.length} largest of ${counted(paths.total)} paths; ` +
  `they add up to ${short(number(paths.sum))} of the gradient's ${short(number(paths.gradient))}.`;

/**
 * A whole number of any size: in full while that can be read.
 * @param {string} digits
 */
const counted = (digits) =>
  digits.length <= 9
    ? digits.replace(/\B(?=(\d{3})+$)/g, "\u202f")
    : `about ${short(Number(digits), 2)}`;
