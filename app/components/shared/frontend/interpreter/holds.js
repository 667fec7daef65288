/**
 * Numbers of a run that are held at a value: computed no more, and passing no gradient on.
 *
 * @typedef {object} Hold
 * @property {string} name  a result of the program's
 * @property {number} row
 * @property {number} entry of the row, from 0
 * @property {?number} [term] of a product with a matrix: which term of the entry, from 0
 * @property {number} value
 */

/** @import { Numbers } from "./numbers.js" */

/** @type {Hold[]} */
const NONE = [];

/** @param {?number|undefined} term */
const isTerm = (term) => typeof term === "number";

export class Holds {
  /** @type {Map<Numbers, Map<number, Hold[]>>} */
  #at = new Map();

  /** @param {Numbers} numbers @param {Hold} hold */
  add(numbers, hold) {
    const rows = this.#at.get(numbers) ?? new Map();
    this.#at.set(numbers, rows.set(hold.row, [...(rows.get(hold.row) ?? []), hold]));
  }

  /**
   * Put the held numbers of a row in their places, and held terms in the place of those in its sums.
   * @param {Numbers} numbers
   * @param {number} row
   * @param {Numbers[]} [operands] that it is computed from
   */
  put(numbers, row, operands = []) {
    for (const { entry, term, value } of this.#of(numbers, row)) {
      const at = numbers.at(row) + entry;
      if (typeof term === "number") {
        const [weight, vector] = factorsOf(operands, row, entry, term);
        numbers.value[at] += value - weight.value[weight.at] * vector.value[vector.at];
      } else numbers.value[at] = value;
    }
  }

  /** Whether a number itself is held. @param {Numbers} numbers @param {number} row @param {number} i */
  holds(numbers, row, i) {
    return this.#of(numbers, row).some(({ entry, term }) => entry === i && !isTerm(term));
  }

  /**
   * Take from an operand's gradient what has come through terms that are held.
   * @param {Numbers} numbers
   * @param {number} row
   * @param {Numbers[]} operands
   * @param {number} slot
   */
  takeBack(numbers, row, operands, slot) {
    for (const { entry, term } of this.#of(numbers, row)) {
      if (typeof term !== "number") continue;
      const factors = factorsOf(operands, row, entry, term);
      const [own, other] = [factors[slot], factors[1 - slot]];
      own.grad[own.gradAt] -= numbers.grad[numbers.gradAt(row) + entry] * other.value[other.at];
    }
  }

  /** @param {Numbers} numbers @param {number} row */
  #of(numbers, row) {
    return this.#at.get(numbers)?.get(row) ?? NONE;
  }

  /**
   * Pull a row's gradients back, without those of what is held: they stand there again afterwards.
   * @param {Numbers} numbers
   * @param {number} row
   * @param {() => void} pull
   */
  without(numbers, row, pull) {
    const found = this.#of(numbers, row).filter(({ term }) => !isTerm(term));
    if (!found.length) {
      pull();
      return;
    }
    const at = numbers.gradAt(row);
    const kept = numbers.grad.slice(at, at + numbers.width);
    for (const { entry } of found) numbers.grad[at + entry] = 0;
    pull();
    numbers.grad.set(kept, at);
  }
}

/**
 * The two factors of a term of a matrix' product with a vector: where each stands.
 * @param {Numbers[]} operands
 * @param {number} row
 * @param {number} entry
 * @param {number} term
 */
function factorsOf([matrix, vector], row, entry, term) {
  const place = entry * vector.width + term;
  return [
    { ...partsOf(matrix), at: matrix.at(row) + place, gradAt: matrix.gradAt(row) + place },
    { ...partsOf(vector), at: vector.at(row) + term, gradAt: vector.gradAt(row) + term },
  ];
}

/** @param {Numbers} numbers */
const partsOf = ({ value, grad }) => ({ value, grad });
