/** The numbers of the run by symbol, as `meanings.py` tells them: for who points at one. */

/** @import { Network } from "../../shared/frontend/interpreter/network.js" */
/** @import { Run } from "../../shared/frontend/data.d.ts" */
/** @import { PageData } from "./data.d.ts" */

/**
 * @param {PageData} sent
 * @param {Network} network
 * @returns {Run}
 */
export function numbersOf({ quantities, graph }, network) {
  const { sample } = graph.run;
  const values = new Table();
  const gradients = new Table();
  for (const [name, own] of [...quantities.map((each) => [each, each]), ["a", "readout"]]) {
    take(own, name, network.program.states.includes(own), name === "a");
  }
  take("p", "p", false, true, false);
  if (network.loss) take("y", "y", false, true, false);
  for (const [name, shape] of Object.entries(network.program.parameters)) {
    const { value, grad } = network.of(name);
    values.add(name, shape, value);
    if (network.loss) gradients.add(name, shape, grad);
  }
  if (network.loss) values.add("L", [1], network.loss.total.value);
  return {
    T: network.steps,
    values: values.shapes,
    value: values.all(),
    gradients: gradients.shapes,
    gradient: gradients.all(),
  };

  /**
   * @param {string} own name in the program
   * @param {string} name
   * @param {boolean} isState which has a row more, before the first step
   * @param {boolean} isRead at the steps that are read out alone
   * @param {boolean} [hasGradient]
   */
  function take(own, name, isState, isRead, hasGradient = true) {
    const numbers = network.of(own);
    const { width } = numbers;
    const rows = [];
    const back = [];
    for (let t = isRead ? network.readFrom : isState ? -1 : 0; t < network.steps; t += 1) {
      const row = t * network.batch + sample;
      rows.push(...numbers.value.subarray(numbers.at(row), numbers.at(row) + width));
      back.push(...numbers.grad.subarray(numbers.gradAt(row), numbers.gradAt(row) + width));
    }
    const shape = [rows.length / width, width];
    values.add(name, shape, rows);
    if (network.loss && hasGradient) gradients.add(name, shape, back);
  }
}

class Table {
  /** @type {Record<string, number[]>} */
  shapes = {};
  /** @type {number[]} */
  numbers = [];

  /** @param {string} name @param {number[]} shape @param {ArrayLike<number>} numbers */
  add(name, shape, numbers) {
    this.shapes[name] = shape;
    for (let k = 0; k < numbers.length; k += 1) this.numbers.push(numbers[k]);
  }

  all() {
    return Float64Array.from(this.numbers);
  }
}
