/** The numbers that a chart's choices are computed from, unpacked when first needed. */

import { matrix } from "./arrays.js";

/** @import { Matrix } from "./arrays.js" */
/** @import { FactorsData } from "./data.d.ts" */

export class Factors {
  /** @param {?FactorsData} raw null when there would be too many */
  constructor(raw) {
    this.raw = raw;
    /** @type {Map<string, Matrix>} */
    this.known = new Map();
  }

  /** What was sent. */
  get sent() {
    if (!this.raw) throw new Error("The factors were not sent.");
    return this.raw;
  }

  /** @param {string} name of an array */
  get(name) {
    const known = this.known.get(name);
    if (known) return known;
    const made = matrix(this.sent.arrays[name]);
    this.known.set(name, made);
    return made;
  }

  /** The names of the parameters. */
  get names() {
    return Object.keys(this.sent.of);
  }

  /**
   * The two arrays whose products the terms of a parameter are; of a vector the first alone.
   * @param {string} name
   * @returns {[Matrix, ?Matrix]}
   */
  sides(name) {
    const [left, right] = this.sent.of[name];
    return [this.get(left), right === null ? null : this.get(right)];
  }

  /**
   * Rows and columns of a parameter; 0 columns for a bias.
   * @param {string} name
   */
  shape(name) {
    const [left, right] = this.sides(name);
    return [left.columns, right ? right.columns : 0];
  }

  /**
   * What each step adds to the gradient of one number: nothing before the first row.
   * @returns {Float64Array} the term of step t at t − 1
   * @param {string} name
   * @param {number} row
   * @param {number} column
   */
  terms(name, row, column) {
    const [left, right] = this.sides(name);
    const missing = this.sent.T - left.rows;
    return Float64Array.from({ length: this.sent.T }, (_, i) =>
      i < missing ? 0 : left.at(i - missing, row) * (right ? right.at(i - missing, column) : 1),
    );
  }
}
