/**
 * The operations that are the same in every network (`rnn_core/ops/structural.py`, the softmax),
 * and those that a program describes by forms: the value of a row, and its way back.
 *
 * @typedef {object} Work one line of a program
 * @property {(row: number) => void} value
 * @property {(row: number, slot: number) => void} pull adds what the gradient of the result is worth
 *   for an operand
 * @property {(row: number, slot: number) => (i: number) => number} [local] of what acts entry by
 *   entry: the derivative of an entry by the same one of an operand
 * @typedef {(out: Numbers, operands: Numbers[]) => Work} Operation
 */

import { largest } from "./elementary.js";
import { computedForm } from "./form.js";

/** @import { Numbers } from "./numbers.js" */
/** @import { Program } from "./program.d.ts" */

/** W v + b, or W v. @type {Operation} */
const affine = (out, operands) => {
  const [matrix, vector, bias] = operands;
  const [rows, columns] = [out.width, vector.width];
  return {
    value: (row) => {
      const [to, from, base] = [out.at(row), vector.at(row), bias?.at(row) ?? 0];
      for (let i = 0; i < rows; i += 1) {
        let sum = 0;
        for (let j = 0; j < columns; j += 1) {
          sum += matrix.value[i * columns + j] * vector.value[from + j];
        }
        out.value[to + i] = bias ? sum + bias.value[base + i] : sum;
      }
    },
    pull: (row, slot) => {
      const g = out.gradAt(row);
      if (slot === 2) {
        addTo(bias, row, (i) => out.grad[g + i]);
        return;
      }
      const [from, to] = [vector.at(row), vector.gradAt(row)];
      for (let i = 0; i < rows; i += 1) {
        const gradient = out.grad[g + i];
        if (slot === 0) {
          for (let j = 0; j < columns; j += 1) {
            matrix.grad[i * columns + j] += gradient * vector.value[from + j];
          }
        } else {
          for (let j = 0; j < columns; j += 1) {
            vector.grad[to + j] += gradient * matrix.value[i * columns + j];
          }
        }
      }
    },
  };
};

/**
 * What acts entry by entry: a gradient is multiplied by the derivative of the same entry.
 * @param {Numbers} out
 * @param {Numbers[]} operands
 * @param {(row: number, i: number) => number} result
 * @param {(row: number, slot: number) => (i: number) => number} local
 * @returns {Work}
 */
const entrywise = (out, operands, result, local) => ({
  local,
  value: (row) => {
    const to = out.at(row);
    for (let i = 0; i < out.width; i += 1) out.value[to + i] = result(row, i);
  },
  pull: (row, slot) => {
    const [g, by] = [out.gradAt(row), local(row, slot)];
    addTo(operands[slot], row, (i) => out.grad[g + i] * by(i));
  },
});

/** A sum, or with `share` a part of it. @param {(count: number) => number} share @returns {Operation} */
const sum = (share) => (out, operands) => {
  const part = share(operands.length);
  /** @param {number} row @param {number} i */
  const result = (row, i) => {
    let total = 0;
    for (const operand of operands) total += operand.value[operand.at(row) + i];
    return total * part;
  };
  return entrywise(out, operands, result, () => () => part);
};

/** The product of an entry of each. @param {Numbers[]} operands @param {number} row @param {number} i */
const product = (operands, row, i) => {
  let found = 1;
  for (const operand of operands) found *= operand.value[operand.at(row) + i];
  return found;
};

/** @type {Operation} */
const mul = (out, operands) => {
  const others = operands.map((_, slot) => operands.filter((__, k) => k !== slot));
  return entrywise(
    out,
    operands,
    (row, i) => product(operands, row, i),
    (row, slot) => (i) => product(others[slot], row, i),
  );
};

/** @type {Operation} */
const one_minus = (out, operands) => {
  const [operand] = operands;
  /** @param {number} row @param {number} i */
  const result = (row, i) => 1 - operand.value[operand.at(row) + i];
  return entrywise(out, operands, result, () => () => -1);
};

/** exp(a_k − max a) over the sum of all. @type {Operation} */
const softmax = (out, [operand]) => ({
  value: (row) => {
    const [to, from, { width }] = [out.at(row), operand.at(row), out];
    const top = operand.value[from + largest(operand.value.subarray(from, from + width))];
    let total = 0;
    for (let i = 0; i < width; i += 1) {
      out.value[to + i] = Math.exp(operand.value[from + i] - top);
      total += out.value[to + i];
    }
    for (let i = 0; i < width; i += 1) out.value[to + i] /= total;
  },
  pull: (row) => {
    const [at, g] = [out.at(row), out.gradAt(row)];
    let mean = 0;
    for (let i = 0; i < out.width; i += 1) mean += out.grad[g + i] * out.value[at + i];
    addTo(operand, row, (i) => out.value[at + i] * (out.grad[g + i] - mean));
  },
});

/** @type {Record<string, Operation>} */
const SAME_EVERYWHERE = {
  matvec: affine,
  affine,
  add: sum(() => 1),
  mean: sum((count) => 1 / count),
  mul,
  one_minus,
  softmax,
};

/**
 * φ, entry by entry. A unit whose φ′ is 0 passes nothing on, be its gradient infinite.
 * @param {Program["ops"][string]} forms
 * @returns {Operation}
 */
const elementwise =
  (forms) =>
  (out, [operand]) => {
    const { width } = out;
    const value = computedForm(forms.value, width, ["z"]);
    const slope = computedForm(forms.slope, width, ["z", "h"]);
    /** @param {Numbers} numbers @param {number} row */
    const of = (numbers, row) => numbers.value.subarray(numbers.at(row), numbers.at(row) + width);
    /** @param {number} row @returns {(i: number) => number} */
    const local = (row) => {
      const z = of(operand, row);
      const found = slope(z, of(out, row));
      const each = found.length > 1 ? 1 : 0;
      // Where z is NaN, no unit is taken for shut.
      return (i) => (found[i * each] === 0 && Number.isNaN(z[i]) ? NaN : found[i * each]);
    };
    return {
      local,
      value: (row) => {
        const found = value(of(operand, row));
        const [to, each] = [out.at(row), found.length > 1 ? 1 : 0];
        for (let i = 0; i < width; i += 1) out.value[to + i] = found[i * each];
      },
      pull: (row) => {
        const [g, by] = [out.gradAt(row), local(row)];
        addTo(operand, row, (i) => (by(i) === 0 ? 0 : out.grad[g + i] * by(i)));
      },
    };
  };

/**
 * @param {Numbers} numbers
 * @param {number} row
 * @param {(i: number) => number} arriving
 */
function addTo(numbers, row, arriving) {
  const to = numbers.gradAt(row);
  for (let i = 0; i < numbers.width; i += 1) numbers.grad[to + i] += arriving(i);
}

/**
 * @param {string} name
 * @param {Program} program
 * @returns {Operation}
 */
export function operationOf(name, { ops }) {
  if (Object.hasOwn(SAME_EVERYWHERE, name)) return SAME_EVERYWHERE[name];
  if (!Object.hasOwn(ops, name)) {
    throw new RangeError(`program: expected a known operation, got ${name}`);
  }
  return elementwise(ops[name]);
}
