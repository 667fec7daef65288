/** Products of matrices with vectors that are added up: by component, and in vectors and matrices. */

import { num, product, sum } from "./expression.js";

/** @import { Tree } from "./expression.js" */
/** @import { Terms } from "./rules.js" */

/**
 * Row k of a matrix times a vector.
 * @param {Terms} matrix
 * @param {number} k
 * @param {Terms} vector
 */
export function row(matrix, k, vector) {
  return sum(Array.from(vector, (v, j) => product([num(matrix[k * vector.length + j]), num(v)])));
}

/**
 * What reaches the operands W, v, …, b of W v + … + b when δ reaches the sum.
 * @param {number} slot
 * @param {number} k
 * @param {Terms[]} operands
 * @param {(i: number) => Tree} delta
 * @param {number} rows how many there are
 */
export function affineBack(slot, k, operands, delta, rows) {
  if (slot === operands.length - 1) return delta(k);
  if (slot % 2 === 0) {
    const vector = operands[slot + 1];
    return product([delta(Math.floor(k / vector.length)), num(vector[k % vector.length])]);
  }
  const matrix = operands[slot - 1];
  const columns = operands[slot].length;
  const terms = Array.from({ length: rows }, (_, i) =>
    product([num(matrix[i * columns + k]), delta(i)]),
  );
  return sum(terms);
}

/**
 * The same in vectors and matrices: δ vᵀ, Wᵀ δ, δ.
 * @param {number} slot
 * @param {string[]} texts of W, v, …, b
 * @param {string} delta
 */
export function affinePulled(slot, texts, delta) {
  if (slot % 2 === 1) return `${texts[slot - 1]}^{\\top}${delta}`;
  return slot + 1 < texts.length ? `${delta}\\,${texts[slot + 1]}^{\\top}` : delta;
}
