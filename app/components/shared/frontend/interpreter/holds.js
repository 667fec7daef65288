/**
 * Numbers of a run that are held at a value: computed no more, and passing no gradient on.
 *
 * @typedef {object} Hold
 * @property {string} name  a result of the program's
 * @property {number} row
 * @property {number} entry of the row, from 0
 * @property {number} value
 */

/** @import { Numbers } from "./numbers.js" */

export class Holds {
  /** @type {Map<Numbers, Map<number, Hold[]>>} */
  #at = new Map();

  /** @param {Numbers} numbers @param {Hold} hold */
  add(numbers, hold) {
    const rows = this.#at.get(numbers) ?? new Map();
    this.#at.set(numbers, rows.set(hold.row, [...(rows.get(hold.row) ?? []), hold]));
  }

  /** Put the held numbers of a row in their places. @param {Numbers} numbers @param {number} row */
  put(numbers, row) {
    const found = this.#at.get(numbers)?.get(row) ?? [];
    for (const { entry, value } of found) numbers.value[numbers.at(row) + entry] = value;
  }

  /**
   * Pull a row's gradients back, without those of what is held: they stand there again afterwards.
   * @param {Numbers} numbers
   * @param {number} row
   * @param {() => void} pull
   */
  without(numbers, row, pull) {
    const found = this.#at.get(numbers)?.get(row);
    if (!found) {
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
