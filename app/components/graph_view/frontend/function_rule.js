/** A function of one number, entry by entry, and the cell that is one with its sums inside. */

import { affineBack, affinePulled, row } from "./affine.js";
import { EXACT, grouped, num, product, sum } from "./expression.js";
import { goesBy, filledIn, treesOf, WHOLE } from "./written_form.js";

/** @import { Described, DescribedPrediction } from "./data.d.ts" */
/** @import { Tree } from "./expression.js" */
/** @import { Context, Rule, Terms } from "./rules.js" */

/**
 * h = φ(z), entry by entry.
 * @param {Described} described
 * @returns {Rule}
 */
export const activationRule = (described) => ({
  latex: ([z]) => filledIn(described.latex, { z }),
  words: ([z], mark) => filledIn(described.words, { z: mark(z) }),
  passes: isIdentity(described),
  entrywise: true,
  pulled: (slot, texts, g, slope) => (isIdentity(described) ? g : `${slope}\\odot ${g}`),
  slope: ([z], h) => filledIn(described.slope_latex, { z, h }),
  slopes: ([z], output) => slopesOf(described, Array.from(z, num), output),
  value: (k, [z]) => treesOf(described.value, { z: [num(z[k])] })[0],
  back: (slot, k, [z], output, g) =>
    product([slopeOf(described, () => num(z[k]), output[k]), num(g[k])]),
  local: (slot, [z], h) => filledIn(described.slope_latex, { z, h }),
});

/** @param {Described} described */
const isIdentity = ({ value }) => value.result === "z";

/**
 * φ′, from the state and, where it takes that, the pre-activation.
 * @param {Described} described
 * @param {() => Tree} z
 * @param {number|Tree} output
 */
function slopeOf({ slope }, z, output) {
  const h = [num(output)];
  return treesOf(slope, goesBy(slope, "z", ["h"]) ? { z: [z()], h } : { h })[0];
}

/**
 * φ′ of each number.
 * @param {Described} described
 * @param {Tree[]} z
 * @param {Terms} output
 */
const slopesOf = (described, z, output) =>
  z.map((each, k) => slopeOf(described, () => each, output[k]).run(EXACT));

/**
 * h = φ(W x + U h′ + b), one node of the step level.
 * @param {Described} described of φ
 * @returns {Rule}
 */
export function cellRule(described) {
  /** @param {number} k @param {Terms[]} operands @param {Context} [context] */
  const sumOf = (k, [W, x, U, h, b], context) => {
    const recurrent = row(U, k, h);
    const second = context && h.length > 1 ? grouped(recurrent) : recurrent;
    return sum([row(W, k, x), second, num(b[k])]);
  };
  return {
    tight: true,
    latex: ([W, x, U, h, b]) =>
      filledIn(described.latex, { z: `${W}\\,${x} + ${U}\\,${h} + ${b}` }),
    words: ([W, x, U, h, b], mark) =>
      filledIn(described.words, { z: mark(`${W}\\,${x} + ${U}\\,${h} + ${b}`) }),
    value: (k, operands, context) =>
      treesOf(described.value, { z: [sumOf(k, operands, context)] })[0],
    back: (slot, k, operands, output, g) => {
      /** @param {number} i */
      const z = (i) => num(sumOf(i, operands).run(EXACT));
      /** @param {number} i */
      const delta = (i) => product([slopeOf(described, () => z(i), output[i]), num(g[i])]);
      return affineBack(slot, k, operands, delta, g.length);
    },
    inside: (line) => line !== "a",
    slope: (names, h) => filledIn(described.slope_latex, { z: "z", h }),
    slopes: (operands, output) => {
      const z = Array.from(output, (_, k) => sumOf(k, operands));
      return slopesOf(described, z, output);
    },
    pulled: (slot, texts, g, slope) => {
      const delta = isIdentity(described) ? g : `\\left(${slope}\\odot ${g}\\right)`;
      return affinePulled(slot, texts, delta);
    },
    local: (slot, [W, x, U, h], output) => {
      const steep = filledIn(described.slope_latex, { z: "z", h: output });
      const diagonal = isIdentity(described) ? "" : `\\operatorname{diag}(${steep})`;
      const before = ["", `${W}^{\\top}`, "", `${U}^{\\top}`, ""][slot];
      const after = [`\\,${x}^{\\top}`, "", `\\,${h}^{\\top}`, "", ""][slot];
      return before + diagonal + after || "1";
    },
  };
}

/**
 * The prediction of a run that computed it by a form of its own, operation by operation; at the
 * scalar level the operand that it is the share of is first.
 * @param {DescribedPrediction} described
 * @param {Rule} usual
 * @returns {Rule}
 */
export const predictionRule = (described, usual) => ({
  ...usual,
  value: (k, operands) => {
    const whole = operands.length === 1 ? operands[0] : operands.map((each) => each[0]);
    const logits = Array.from(whole, num);
    return treesOf(described.value, { a: logits }, WHOLE)[operands.length === 1 ? k : 0];
  },
});
