/** Truncated back-propagation: each step's loss goes back through so many steps, and no further. */

/** @import { Network } from "./network.js" */
/** @import { Numbers } from "./numbers.js" */

/**
 * What has entered at all steps is moved one step further back, all at once, again and again: see
 * `_through_windows` in `rnn_core/interpreter/backward.py`.
 * @param {Network} network whose logits have their gradients
 * @param {number} horizon
 */
export function throughWindows(network, horizon) {
  const { rows, batch, program, steps } = network;
  const states = program.states.map((name) => {
    const [now, before] = [network.of(name), network.of(`${name}'`)];
    const size = now.width * rows;
    return { now, before, size, total: new Float64Array(size), whole: now.grad };
  });
  for (const { now, before, size } of states) {
    now.grad = new Float64Array(size);
    now.gradShift = 0;
    before.grad = new Float64Array(size);
  }
  for (let row = 0; row < rows; row += 1) network.readBack(row);
  /** @param {Numbers} operand */
  const isWeight = (operand) => operand.fixed;
  for (let passed = 0; passed < horizon; passed += 1) {
    within(network, states, (operand) => !isWeight(operand));
    for (const { now, before, total } of states) {
      for (let i = 0; i < total.length; i += 1) total[i] += now.grad[i];
      // The last step gets nothing from a step after it.
      const row = now.width * batch;
      now.grad.set(before.grad.subarray(row));
      now.grad.fill(0, row * (steps - 1));
    }
  }
  // From the totals follow all others, each one step away: what arrives at a state is in them.
  for (const { now, total } of states) now.grad.set(total);
  const totals = new Set(states.map(({ now }) => now));
  within(network, states, (operand) => !totals.has(operand));
  for (const { now, before, total, whole } of states) {
    whole.set(before.grad.subarray(0, now.width * batch));
    whole.set(total, now.shift);
    now.grad = whole;
    now.gradShift = now.shift;
    before.grad = whole;
  }
}

/**
 * Back through each step by itself.
 * @param {Network} network
 * @param {{before: Numbers}[]} states
 * @param {(operand: Numbers) => boolean} takes
 */
function within(network, states, takes) {
  const kept = new Set(network.program.states.map((name) => network.of(name)));
  for (const { out } of network.cell) if (!kept.has(out)) out.grad.fill(0);
  network.of("x").grad.fill(0);
  for (const { before } of states) before.grad.fill(0);
  for (let row = 0; row < network.rows; row += 1) network.pull(row, takes);
}
