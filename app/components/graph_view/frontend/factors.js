/**
 * What a row of the chain rule multiplies: numbers with as many digits as the printed product needs.
 *
 * What reaches one number by an edge is Σ_i local_i · upstream_i, over the numbers of the sink that
 * it is part of. The rules are linear in what arrives, so each local_i is the rule at the unit vector.
 */

import { digits as asked } from "../../shared/frontend/digits.js";
import { inFull, short } from "../../shared/frontend/numbers.js";
import { EXACT } from "./expression.js";

/** @import { ChainRow } from "./chain_rule.js" */
/** @import { Tree } from "./expression.js" */
/** @import { Edge } from "./structure.js" */
/** @import { Rule } from "./rules.js" */

const MOST_DIGITS = 10;
const NEAR = "≈ ";
const MOST_FACTORS = 8; // of one row that are written

/**
 * @typedef {object} Factors
 * @property {number[]} at        which numbers of the sink
 * @property {number[]} upstream
 * @property {number[]} local
 *
 * @typedef {object} Written
 * @property {string[]} upstream
 * @property {string[]} local
 * @property {boolean} near  with all digits, the printed factors only come near the printed product
 */

/**
 * @param {number} size of the sink
 * @param {number} own  the place that alone counts where an operation works entry by entry, else -1
 * @param {ArrayLike<number>} upstream
 * @param {(g: number[]) => Tree} arriving what reaches the number when g comes back to the sink
 * @returns {Factors}
 */
export function factorsOf(size, own, upstream, arriving) {
  const places = own >= 0 ? [own] : Array.from({ length: size }, (_, i) => i);
  if (places.length > MOST_FACTORS) return { at: places, upstream: [], local: [] };
  const unit = (/** @type {number} */ i) =>
    Array.from({ length: size }, (_, j) => (j === i ? 1 : 0));
  const found = places.map((i) => ({ i, local: arriving(unit(i)).run(EXACT) }));
  const kept = found.filter(({ local }) => local !== 0);
  const used = kept.length ? kept : found.slice(0, 1);
  return {
    at: used.map(({ i }) => i),
    upstream: used.map(({ i }) => upstream[i]),
    local: used.map(({ local }) => local),
  };
}

/**
 * The only number of a sink that one of the source is part of, -1 where it is of more.
 * @param {Pick<Rule, "entrywise"|"pull">} rule
 * @param {Edge} edge
 * @param {number} component
 */
export function onlyPlace(rule, { from, to }, component) {
  if (rule.entrywise) return component;
  const isMatrix = from.shape.length === 2 && to.shape.length === 1 && from.shape[0] === to.size;
  return isMatrix && !rule.pull ? Math.floor(component / from.shape[1]) : -1;
}

/** @param {number} value @param {number} [digits] */
const rounded = (value, digits) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits ?? asked())) : value;

/**
 * What factors that are rounded to so many digits give.
 * @param {Pick<Factors, "upstream"|"local">} factors
 * @param {number} digits
 */
export const addsUp = ({ upstream, local }, digits) =>
  upstream.reduce((sum, g, i) => sum + rounded(g, digits) * rounded(local[i], digits), 0);

/**
 * The factors as they are printed beside a product that is printed with `digits`.
 * @param {Factors} factors
 * @param {number} product
 * @param {number} [digits]
 * @returns {Written}
 */
function written({ upstream, local }, product, digits = asked()) {
  const wanted = inFull(product, digits ?? asked());
  for (let each = asked(); each <= MOST_DIGITS; each += 1) {
    if (inFull(addsUp({ upstream, local }, each), digits ?? asked()) === wanted) {
      const texts = (/** @type {number[]} */ list) => list.map((value) => inFull(value, each));
      return { upstream: texts(upstream), local: texts(local), near: false };
    }
  }
  const texts = (/** @type {number[]} */ list) => list.map((value) => short(value));
  return { upstream: texts(upstream), local: texts(local), near: true };
}

/**
 * With how many digits terms are printed so that they add up as printed; null where none do.
 * @param {number[]} terms
 * @param {number} total
 * @returns {?number}
 */
function digitsOfTerms(terms, total) {
  const wanted = short(total);
  for (let digits = asked(); digits <= MOST_DIGITS; digits += 1) {
    const found = terms.reduce((sum, term) => sum + rounded(term, digits), 0);
    if (short(found) === wanted) return digits;
  }
  return null;
}

/**
 * @typedef {object} PrintedRow
 * @property {?Written} factors  null where no rule says them, or they are too many
 * @property {number} count      how many there are
 * @property {string} product
 * @property {boolean} near      the printed factors only come near it
 */

/**
 * A chain as it is printed: rows that multiply and add up.
 * @param {{rows: Pick<ChainRow, "tree"|"factors"|"value">[], total: number, others: ?number}} chain
 * @returns {{rows: PrintedRow[], digits: number, total: string}} the total says where it is near only
 */
export function printedChain({ rows, total, others }) {
  const terms = [...rows.map(({ value }) => value), ...(others ? [others] : [])];
  const adds = digitsOfTerms(terms, total);
  const digits = adds ?? asked();
  return {
    digits,
    total: (adds === null ? NEAR : "") + short(total),
    rows: rows.map(({ tree, factors: find, value }) => {
      const factors = tree ? find() : null;
      const count = factors?.at.length ?? 0;
      const isWritten = factors && factors.upstream.length && count <= MOST_FACTORS;
      const found = isWritten ? written(factors, value, digits) : null;
      const near = found?.near ?? false;
      return {
        factors: found,
        count,
        product: tree ? (near ? NEAR : "") + inFull(value, digits ?? asked()) : "–",
        near,
      };
    }),
  };
}
