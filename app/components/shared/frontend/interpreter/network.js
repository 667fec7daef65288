/**
 * A network run by its program, forward and back: what `rnn_core` computes, in the browser.
 *
 * Knows no page and no view. Rows are steps of sequences, the batch inside: row t·B + b.
 */

import { Holds } from "./holds.js";
import { LossOf } from "./loss.js";
import { Numbers } from "./numbers.js";
import { operationOf } from "./operations.js";
import { throughWindows } from "./truncated.js";

/** @import { Hold } from "./holds.js" */
/** @import { Work } from "./operations.js" */
/** @import { Line, Program } from "./program.d.ts" */

const BEFORE = "'";
const LOGITS = "readout";

/**
 * @typedef {object} Instruction
 * @property {Numbers} out
 * @property {Numbers[]} operands
 * @property {Work} work
 */

export class Network {
  /**
   * @param {Program} program
   * @param {object} shape
   * @param {number} shape.steps T
   * @param {number} shape.batch B
   * @param {boolean} shape.hasTarget whether there is a loss
   */
  constructor(program, { steps, batch, hasTarget }) {
    const { widths } = program;
    this.program = program;
    this.steps = steps;
    this.batch = batch;
    /** @type {Map<string, Numbers>} */
    this.numbers = new Map();
    /** @type {Map<string, Instruction>} by the names of the results */
    this.instructions = new Map();
    for (const [name, shape] of Object.entries(program.parameters)) {
      const count = shape.reduce((product, length) => product * length, 1);
      this.numbers.set(name, new Numbers(count, new Float64Array(count), { fixed: true }));
    }
    this.#make("x", widths.D);
    for (const state of program.states) this.#makeState(state, widths.H);
    this.cell = program.lines.map((line) => this.#instruction(line, widths.H));
    this.logits = program.logits.map((line) => this.#instruction(line, widths.K));
    this.#make("p", widths.K);
    this.prediction = this.#instruction(["p", program.prediction, [LOGITS]], widths.K);
    this.holds = new Holds();
    this.readFrom = program.readout === "every" ? 0 : steps - 1;
    this.loss = hasTarget ? new LossOf(this) : null;
  }

  /** @param {string} name @returns {Numbers} */
  of(name) {
    const found = this.numbers.get(name);
    if (!found) throw new RangeError(`network: expected a name of its program, got ${name}`);
    return found;
  }

  /**
   * Put numbers in: parameters as they are, x (T, B, D), a state before the first step (B, H), and
   * y (S, B, K) for the S steps that are read out.
   * @param {string} name
   * @param {ArrayLike<number>} given
   */
  set(name, given) {
    const isState = this.program.states.includes(name);
    const numbers = this.of(name);
    const start = name === "y" ? this.rowsFrom * numbers.width : 0;
    const room = isState ? this.batch * numbers.width : numbers.value.length - start;
    if (given.length !== room) {
      throw new RangeError(`${name}: expected ${room} numbers, got ${given.length}`);
    }
    numbers.value.set(given, start);
  }

  /** Hold numbers at a value, and no others. @param {Hold[]} list */
  hold(list) {
    this.holds = new Holds();
    for (const each of list) this.holds.add(this.of(each.name), each);
  }

  /** The first row that is read out. */
  get rowsFrom() {
    return this.readFrom * this.batch;
  }

  get rows() {
    return this.steps * this.batch;
  }

  /** Compute every number from what is given. */
  forward() {
    for (let row = 0; row < this.rows; row += 1) this.#compute(this.cell, row);
    const read = [...this.logits, this.prediction];
    for (let row = this.rowsFrom; row < this.rows; row += 1) this.#compute(read, row);
    this.loss?.forward();
  }

  /**
   * Compute every gradient of the loss; with `truncate`, each loss goes so many steps back.
   * @param {?number} [truncate]
   */
  backward(truncate = null) {
    if (!this.loss) return;
    for (const numbers of this.numbers.values()) numbers.grad.fill(0);
    this.loss.backward();
    if (truncate !== null && truncate < this.steps) {
      throughWindows(this, truncate);
      return;
    }
    for (let row = this.rows - 1; row >= 0; row -= 1) {
      this.readBack(row);
      this.pull(row, () => true);
    }
  }

  /** @param {Instruction[]} instructions @param {number} row */
  #compute(instructions, row) {
    for (const { out, operands, work } of instructions) {
      work.value(row);
      this.holds.put(out, row, operands);
    }
  }

  /** What reaches the state and the weights from the logits of a row. @param {number} row */
  readBack(row) {
    if (row >= this.rowsFrom) back(this.logits, row, () => true, this.holds);
  }

  /** @param {number} row @param {(operand: Numbers) => boolean} takes which operands get theirs */
  pull(row, takes) {
    back(this.cell, row, takes, this.holds);
  }

  /** @param {string} name @param {number} width */
  #make(name, width) {
    const made = new Numbers(width, new Float64Array(width * this.rows));
    this.numbers.set(name, made);
    return made;
  }

  /** @param {string} state @param {number} width */
  #makeState(state, width) {
    const before = width * this.batch;
    const value = new Float64Array(before + width * this.rows);
    const now = new Numbers(width, value, { shift: before });
    const then = new Numbers(width, value);
    then.grad = now.grad;
    this.numbers.set(state, now).set(state + BEFORE, then);
  }

  /** @param {Line} line @param {number} width @returns {Instruction} */
  #instruction([name, op, names], width) {
    const out = this.numbers.get(name) ?? this.#make(name, width);
    const operands = names.map((each) =>
      typeof each === "string"
        ? this.of(each)
        : new Numbers(width, new Float64Array(width).fill(each), { fixed: true }),
    );
    const instruction = { out, operands, work: operationOf(op, this.program)(out, operands) };
    this.instructions.set(name, instruction);
    return instruction;
  }
}

/**
 * @param {Instruction[]} instructions
 * @param {number} row
 * @param {(operand: Numbers) => boolean} takes
 * @param {Holds} holds
 */
function back(instructions, row, takes, holds) {
  for (let k = instructions.length - 1; k >= 0; k -= 1) {
    const { out, operands, work } = instructions[k];
    holds.without(out, row, () => {
      for (let slot = 0; slot < operands.length; slot += 1) {
        if (!takes(operands[slot])) continue;
        work.pull(row, slot);
        holds.takeBack(out, row, operands, slot);
      }
    });
  }
}
