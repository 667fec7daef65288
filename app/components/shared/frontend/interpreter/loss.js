/** The loss of a network, by the forms of its program: the mean of the terms of all that is read. */

import { computedForm } from "./form.js";
import { Numbers } from "./numbers.js";

/** @import { Network } from "./network.js" */

export class LossOf {
  /** @param {Network} network */
  constructor(network) {
    const { loss, widths } = network.program;
    const { K } = widths;
    const width = loss.spans ? 1 : K;
    this.network = network;
    this.logits = network.of("readout");
    this.target = new Numbers(K, new Float64Array(K * network.rows));
    /** The terms; those of a row that spans its outputs are one. */
    this.terms = new Numbers(width, new Float64Array(width * network.rows));
    this.total = new Numbers(1, new Float64Array(1), { fixed: true });
    network.numbers.set("y", this.target).set("l", this.terms).set("L", this.total);
    this.term = computedForm(loss.value, K, ["a", "y"]);
    this.byLogit = computedForm(loss.by_logit, K, ["a", "y"]);
    this.byTarget = computedForm(loss.by_target, K, ["a", "y"]);
    /** How many terms L is the mean of. */
    this.count = (network.rows - network.rowsFrom) * width;
  }

  forward() {
    const { rows, rowsFrom } = this.network;
    const { terms, total, count } = this;
    let sum = 0;
    let mean = 0;
    for (let row = rowsFrom; row < rows; row += 1) {
      terms.value.set(this.term(...this.#given(row)), terms.at(row));
      this.network.holds.put(terms, row);
      for (let i = 0; i < terms.width; i += 1) {
        const term = terms.value[terms.at(row) + i];
        sum += term;
        mean += term / count;
      }
    }
    // Finite where the terms are.
    total.value[0] = Number.isFinite(sum) ? sum / count : mean;
    this.network.holds.put(total, 0);
  }

  backward() {
    const { holds, rows, rowsFrom } = this.network;
    const { logits, target, terms, total, count } = this;
    total.grad[0] = 1;
    const share = holds.holds(total, 0, 0) ? 0 : 1 / count;
    for (let row = rowsFrom; row < rows; row += 1) {
      const given = this.#given(row);
      const [byLogit, byTarget] = [this.byLogit(...given), this.byTarget(...given)];
      for (let i = 0; i < logits.width; i += 1) {
        // A term that is held, or one of a loss that is, passes nothing on.
        const passes = share && !holds.holds(terms, row, terms.width === 1 ? 0 : i);
        logits.grad[logits.gradAt(row) + i] = passes ? byLogit[i] / count : 0;
        target.grad[target.gradAt(row) + i] = passes ? byTarget[i] / count : 0;
      }
      terms.grad.fill(share, terms.gradAt(row), terms.gradAt(row) + terms.width);
    }
  }

  /** @param {number} row @returns {[Float64Array, Float64Array]} logits and targets */
  #given(row) {
    const { logits, target } = this;
    const [a, y] = [logits.at(row), target.at(row)];
    return [logits.value.subarray(a, a + logits.width), target.value.subarray(y, y + target.width)];
  }
}
