/** A form as a function on vectors, which keeps the room that it computes in. */

import { EACH, MIXED, OVER_ALL } from "./elementary.js";

/** @import { Operation, Vector } from "./elementary.js" */
/** @import { Form } from "./program.d.ts" */

/**
 * @param {Form} form
 * @param {number} size of the vectors that it is given
 * @param {string[]} names what is given, in this order; a step of such a name is not done again
 * @returns {(...given: Vector[]) => Vector} the result, which the next call overwrites
 */
export function computedForm({ steps, result }, size, names) {
  const inputs = names.map(() => new Float64Array(size));
  const made = new Map(names.map((name, i) => [name, inputs[i]]));
  /** @param {string|number} operand */
  const read = (operand) => {
    const vector = typeof operand === "number" ? Float64Array.of(operand) : made.get(operand);
    if (!vector) throw new RangeError(`form: expected ${operand} before it is read`);
    return vector;
  };
  /** @type {{apply: Operation, out: Vector, operands: Vector[]}[]} */
  const work = [];
  for (const [name, operation, operands] of steps) {
    if (names.includes(name)) continue;
    const vectors = operands.map(read);
    const apply = EACH[operation] ?? MIXED[operation] ?? OVER_ALL[operation];
    if (!apply) throw new RangeError(`form: expected a known operation, got ${operation}`);
    const longest = Math.max(...vectors.map(({ length }) => length));
    const out = new Float64Array(operation in OVER_ALL ? 1 : longest);
    made.set(name, out);
    work.push({ apply, out, operands: vectors });
  }
  const found = read(result);
  return (...given) => {
    inputs.forEach((input, i) => input.set(given[i]));
    for (const { apply, out, operands } of work) apply(out, operands);
    return found;
  };
}
