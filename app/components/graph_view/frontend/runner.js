/** The run that Python has sent, done again in the browser with some of its numbers changed. */

import { Network } from "../../shared/frontend/interpreter/network.js";
import { startOf } from "../../shared/frontend/named.js";
import { decode } from "./model.js";
import { programOf } from "./program.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Hold } from "../../shared/frontend/interpreter/holds.js" */
/** @import { RunData } from "./data.d.ts" */

export class Runner {
  constructor() {
    this.key = "";
    /** @type {?Network} */
    this.network = null;
  }

  /**
   * Run forward and back with the changes.
   * @param {string} program
   * @param {RunData} data
   * @param {Change[]} changes
   * @param {Hold[]} [holds]
   * @returns {Network} which the next run overwrites
   */
  run(program, data, changes, holds = []) {
    const network = this.#networkFor(program, data);
    const given = decode(data.given);
    let at = 0;
    for (const [name, size] of givenBy(network, data.target)) {
      network.set(name, given.subarray(at, at + size));
      at += size;
    }
    for (const change of changes) apply(network, data.sample, change);
    network.hold(holds);
    network.forward();
    network.backward(data.truncate);
    return network;
  }

  /** Made once for a network of some sizes. @param {string} program @param {RunData} data */
  #networkFor(program, { steps, batch, target }) {
    const key = [steps, batch, target, program].join();
    if (this.network && this.key === key) return this.network;
    this.key = key;
    this.network = new Network(programOf(program), { steps, batch, hasTarget: target });
    return this.network;
  }
}

/**
 * What a run is given, and how many numbers each is.
 * @param {Network} network
 * @param {boolean} hasTarget
 * @returns {[name: string, size: number][]}
 */
function givenBy({ program, steps, batch, rows, rowsFrom }, hasTarget) {
  const { D, H, K } = program.widths;
  return [
    ...Object.entries(program.parameters).map(
      /** @returns {[string, number]} */
      ([name, shape]) => [name, shape.reduce((product, length) => product * length, 1)],
    ),
    ["x", steps * batch * D],
    ...program.states.map(/** @returns {[string, number]} */ (name) => [name, batch * H]),
    ...(hasTarget ? [/** @type {[string, number]} */ (["y", (rows - rowsFrom) * K])] : []),
  ];
}

/**
 * What a run was given, its changes among it: as `RunData.given`.
 * @param {Network} network
 * @param {boolean} hasTarget
 */
export function givenOf(network, hasTarget) {
  const parts = givenBy(network, hasTarget).map(([name, size]) => {
    const { value, width } = network.of(name);
    const start = name === "y" ? network.rowsFrom * width : 0;
    return value.subarray(start, start + size);
  });
  const all = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * A state before the first step, of a sequence.
 * @param {Network} network
 * @param {number} sample
 * @param {string} state
 */
export function initialOf(network, sample, state) {
  const { value, width } = network.of(state);
  return value.subarray(sample * width, (sample + 1) * width);
}

/**
 * One number for each step of a sequence: the mean state, and the length of its gradient.
 * @param {Network} network
 * @param {number} sample
 */
export function stripsOf(network, sample) {
  const { batch, loss, steps } = network;
  const h = network.of("h");
  const value = new Float64Array(steps);
  const grad = loss ? new Float64Array(steps) : null;
  for (let t = 0; t < steps; t += 1) {
    const row = t * batch + sample;
    const [at, back] = [h.at(row), h.gradAt(row)];
    value[t] = h.value.subarray(at, at + h.width).reduce((sum, each) => sum + each, 0) / h.width;
    if (grad) grad[t] = Math.hypot(...h.grad.subarray(back, back + h.width));
  }
  return { value, grad };
}

/**
 * Put a number of the sidebar's in its place.
 * @param {Network} network
 * @param {number} sample
 * @param {Change} change
 */
function apply(network, sample, { field, row, column, value }) {
  const { parameters, states } = network.program;
  const state = states.find((each) => startOf(each) === field);
  if (field in parameters) {
    network.of(field).value[row * (parameters[field][1] ?? 1) + column] = value;
  } else if (field === "x") {
    const { width, value: numbers } = network.of("x");
    numbers[(row * network.batch + sample) * width + column] = value;
  } else if (field === "target" && network.loss) {
    const { width, value: numbers } = network.of("y");
    numbers[(network.rowsFrom + row * network.batch + sample) * width + column] = value;
  } else if (state) {
    const { width, value: numbers } = network.of(state);
    numbers[sample * width + row] = value;
  }
}
