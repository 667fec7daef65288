/**
 * The operations that are the same in every network (`rnn_core/ops/structural.py`, the softmax),
 * and those that a program describes by forms: the value of a row, and its way back.
 *
 * @typedef {object} Work one line of a program
 * @property {(row: number) => void} value
 * @property {(row: number, slot: number) => void} pull adds what the gradient of the result is worth
 *   for an operand
 * @typedef {(out: Numbers, operands: Numbers[]) => Work} Operation
 */

import { largest } from "./elementary.js";
import { computed } from "./form.js";

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

/** A sum, or with `share` a part of it. @param {(count: number) => number} share @returns {Operation} */
const sum = (share) => (out, operands) => {
  const part = share(operands.length);
  return {
    value: (row) => {
      const to = out.at(row);
      for (let i = 0; i < out.width; i += 1) {
        let total = 0;
        for (const operand of operands) total += operand.value[operand.at(row) + i];
        out.value[to + i] = total * part;
      }
    },
    pull: (row, slot) => {
      const g = out.gradAt(row);
      addTo(operands[slot], row, (i) => out.grad[g + i] * part);
    },
  };
};

/** Entry by entry. @type {Operation} */
const mul = (out, operands) => ({
  value: (row) => {
    const to = out.at(row);
    for (let i = 0; i < out.width; i += 1) {
      let product = 1;
      for (const operand of operands) product *= operand.value[operand.at(row) + i];
      out.value[to + i] = product;
    }
  },
  pull: (row, slot) => {
    const g = out.gradAt(row);
    addTo(operands[slot], row, (i) => {
      let others = 1;
      operands.forEach((operand, k) => {
        if (k !== slot) others *= operand.value[operand.at(row) + i];
      });
      return out.grad[g + i] * others;
    });
  },
});

/** @type {Operation} */
const one_minus = (out, [operand]) => ({
  value: (row) => {
    const [to, from] = [out.at(row), operand.at(row)];
    for (let i = 0; i < out.width; i += 1) out.value[to + i] = 1 - operand.value[from + i];
  },
  pull: (row) => {
    const g = out.gradAt(row);
    addTo(operand, row, (i) => -out.grad[g + i]);
  },
});

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
    const value = computed(forms.value, width, ["z"]);
    const slope = computed(forms.slope, width, ["z", "h"]);
    /** @param {Numbers} numbers @param {number} row */
    const of = (numbers, row) => numbers.value.subarray(numbers.at(row), numbers.at(row) + width);
    return {
      value: (row) => {
        const found = value(of(operand, row));
        const [to, each] = [out.at(row), found.length > 1 ? 1 : 0];
        for (let i = 0; i < width; i += 1) out.value[to + i] = found[i * each];
      },
      pull: (row) => {
        const [g, from] = [out.gradAt(row), operand.at(row)];
        const found = slope(of(operand, row), of(out, row));
        const each = found.length > 1 ? 1 : 0;
        addTo(operand, row, (i) => {
          const steep = found[i * each];
          if (steep !== 0) return out.grad[g + i] * steep;
          return Number.isNaN(operand.value[from + i]) ? NaN : 0;
        });
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
