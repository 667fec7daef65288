/**
 * The numbers of one name of a program, for all rows: a row is a step of a sequence of the batch.
 *
 * A parameter has the same numbers in every row; a state has a row more, before the first step, and
 * is read there under its name with a stroke.
 */
export class Numbers {
  /**
   * @param {number} width how many numbers a row has
   * @param {Float64Array} value
   * @param {object} [where]
   * @param {number} [where.shift] how many numbers stand before those of the first row
   * @param {boolean} [where.fixed] the same in every row
   */
  constructor(width, value, { shift = 0, fixed = false } = {}) {
    this.width = width;
    this.value = value;
    this.shift = shift;
    this.fixed = fixed;
    /** The gradients; of a truncated pass they stand elsewhere for a while. */
    this.grad = new Float64Array(value.length);
    this.gradShift = shift;
  }

  /** Where a row's values begin. @param {number} row */
  at(row) {
    return this.fixed ? 0 : this.shift + row * this.width;
  }

  /** Where a row's gradients begin. @param {number} row */
  gradAt(row) {
    return this.fixed ? 0 : this.gradShift + row * this.width;
  }
}
