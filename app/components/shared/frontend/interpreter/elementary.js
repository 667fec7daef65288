/** The elementary operations that forms are made of, on vectors: `rnn_core/forms/operations.py`. */

/** @typedef {Float64Array} Vector of n numbers, or of one that stands for all of them */
/** @typedef {(out: Vector, operands: Vector[]) => void} Operation writes its result into `out` */

/** @param {(a: number) => number} apply @returns {Operation} */
const ofOne =
  (apply) =>
  (out, [a]) => {
    const each = a.length > 1 ? 1 : 0;
    for (let i = 0; i < out.length; i += 1) out[i] = apply(a[i * each]);
  };

/** @param {(a: number, b: number) => number} apply @returns {Operation} */
const ofTwo =
  (apply) =>
  (out, [a, b]) => {
    const [first, second] = [a.length > 1 ? 1 : 0, b.length > 1 ? 1 : 0];
    for (let i = 0; i < out.length; i += 1) out[i] = apply(a[i * first], b[i * second]);
  };

/** Of numbers in the same place. @type {Record<string, Operation>} */
export const EACH = {
  negative: ofOne((a) => -a),
  exp: ofOne(Math.exp),
  log: ofOne(Math.log),
  log1p: ofOne(Math.log1p),
  tanh: ofOne(Math.tanh),
  abs: ofOne(Math.abs),
  add: ofTwo((a, b) => a + b),
  subtract: ofTwo((a, b) => a - b),
  multiply: ofTwo((a, b) => a * b),
  divide: ofTwo((a, b) => a / b),
  maximum: ofTwo((a, b) => Math.max(a, b)),
  clamp: ofTwo((a, b) => Math.max(a, b)),
  choose: (out, [test, positive, otherwise]) => {
    for (let i = 0; i < out.length; i += 1) {
      const taken = at(test, i) > 0 ? positive : otherwise;
      out[i] = at(taken, i);
    }
  },
};

/** One result of all numbers. @type {Record<string, Operation>} */
export const OVER_ALL = {
  sum: (out, [a]) => {
    out[0] = total(a, -1);
  },
  largest: (out, [a]) => {
    out[0] = a[largest(a)];
  },
  /** The sum without the largest. */
  rest: (out, [a]) => {
    out[0] = total(a, largest(a));
  },
};

/** Of each number, a result that the others have a part in. @type {Record<string, Operation>} */
export const MIXED = {
  others: (out, [a]) => {
    for (let i = 0; i < a.length; i += 1) out[i] = total(a, i);
  },
};

/** @param {Vector} a @param {number} i */
const at = (a, i) => a[a.length > 1 ? i : 0];

/** @param {Vector} a @param {number} without the place that is left out */
function total(a, without) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) if (i !== without) sum += a[i];
  return sum;
}

/** Where the first of the largest stands, or the first NaN. @param {Vector} a */
export function largest(a) {
  let place = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (Number.isNaN(a[i])) return i;
    if (a[i] > a[place]) place = i;
  }
  return place;
}
