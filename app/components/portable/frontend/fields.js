/** The given numbers of the network, in grids: each can be typed over, pasted over, or dragged. */

import { Grid } from "../../editor/frontend/grid.js";
import { fieldName } from "../../editor/frontend/symbol.js";
import { numberIn } from "../../graph_view/frontend/predict/number.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { hand } from "../../shared/frontend/hand.js";
import { startOf } from "../../shared/frontend/named.js";
import { writtenRefusal } from "../../shared/frontend/notation/notation.js";
import { inFull } from "../../shared/frontend/numbers.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Network } from "../../shared/frontend/interpreter/network.js" */
/** @import { FieldData, Fault } from "../../editor/frontend/data.d.ts" */
/** @import { PageData } from "./data.d.ts" */

const TARGET = "target";
const LONGEST = 40; // characters of a text that is told back

export class Fields {
  #n = 0;
  /** @type {?Fault} */
  #fault = null;

  /**
   * @param {PageData} sent
   * @param {(changes: Change[]) => void} change
   */
  constructor(sent, change) {
    this.sent = sent;
    this.change = change;
    this.status = el("p", { class: "ur-e-status", role: "status" });
    /** @type {import("../../editor/frontend/grid.js").Wishes} */
    const wishes = {
      cell: (...wish) => this.#typed("cell", ...wish),
      paste: (...wish) => this.#typed("paste", ...wish),
      rows: () => 0, // all are here
      reread: () => 0,
      announce: (text) => setText(this.status, text),
    };
    const shown = sent.fields.filter(({ name }) => !sent.fixed[name]);
    this.grids = new Map(shown.map(({ name }) => [name, new Grid(name, wishes)]));
    const groups = [...new Set(shown.map(({ group }) => group))];
    this.root = el(
      "div",
      { class: "ur-editor" },
      ...groups.map((group) =>
        el(
          "div",
          { class: "ur-e-fields" },
          ...shown
            .filter((field) => field.group === group)
            .map(({ name }) => this.grids.get(name)?.root),
        ),
      ),
      this.status,
    );
    hand.subscribe((event, held) => {
      const grid = this.grids.get(held.field);
      if (event === "move") grid?.follow(held);
      else if (event === "cancel") grid?.restore(held);
      else this.#release(held);
    });
  }

  /** Show the numbers of a run. @param {Network} network */
  show(network) {
    for (const field of this.sent.fields) {
      const grid = this.grids.get(field.name);
      const fault = this.#fault?.field === field.name ? this.#fault : null;
      const values = valuesOf(field, network, this.sent.graph.run.sample);
      const first = network.readFrom;
      const isSequence = field.name === "x" || field.name === TARGET;
      const isMatrix = !isSequence && !field.vector;
      grid?.update({ ...field, first: 0, values }, fault, () => true, {
        name: fieldName(field.name, isMatrix),
        vector: field.vector,
        isMatrix,
        sequence: isSequence,
        step: (row) => row + 1 + (field.name === TARGET ? first : 0),
      });
    }
  }

  /** A number that a hand has let go of. @param {Change} change */
  #release(change) {
    const { field, row, column, value } = change;
    const sentence = this.#refused(field, value);
    this.grids.get(field)?.restore(change);
    hand.answer(change, sentence !== "");
    this.#take({ do: "cell", field, row, column, text: String(value) }, sentence, [change]);
  }

  /**
   * Take what was typed or pasted, or say why not: all of it or nothing.
   * @param {string} kind
   * @param {string} field
   * @param {number} row of its first number
   * @param {number} column
   * @param {string} text
   */
  #typed(kind, field, row, column, text) {
    const lines = kind === "cell" ? [[text]] : linesIn(text);
    /** @type {Change[]} */
    const changes = [];
    let sentence = "";
    lines.forEach((line, i) =>
      line.forEach((each, j) => {
        const value = numberIn(each);
        if (value === null) sentence ||= `expected a number, got ${quoted(each)}`;
        else changes.push({ field, row: row + i, column: column + j, value });
      }),
    );
    sentence ||= this.#beyond(field, changes);
    for (const { value } of changes) sentence ||= this.#refused(field, value);
    return this.#take({ do: kind, field, row, column, text }, sentence, changes);
  }

  /** @param {Omit<Fault, "sentence">} wish @param {string} sentence @param {Change[]} changes */
  #take(wish, sentence, changes) {
    const name = wish.field === TARGET ? "y" : wish.field;
    const said = writtenRefusal(`${name}: ${sentence}.`);
    this.#fault = sentence ? { ...wish, sentence: said } : null;
    this.change(sentence ? [] : changes);
    this.#n += 1;
    return this.#n;
  }

  /** Why numbers do not fit into a field, empty where they do. @param {string} field @param {Change[]} changes */
  #beyond(field, changes) {
    const about = this.sent.fields.find(({ name }) => name === field);
    if (!about) return "";
    const fits = changes.every(({ row, column }) => row < about.rows && column < about.columns);
    return fits
      ? ""
      : `expected at most ${about.rows} × ${about.columns} numbers, got some beyond that`;
  }

  /** Why a number cannot stand in a field, empty where it can. @param {string} field @param {number} value */
  #refused(field, value) {
    if (this.sent.fixed[field]) return this.sent.fixed[field];
    const [least, largest] = this.sent.bounds[field] ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
    if (value >= least && value <= largest) return "";
    const range = this.sent.bounds[field] ? `from ${least} to ${largest}` : "that is finite";
    return `expected a number ${range}, got ${inFull(value)}`;
  }
}

/**
 * The numbers of a field, by rows.
 * @param {FieldData} field
 * @param {Network} network
 * @param {number} sample
 */
function valuesOf({ name, rows, columns }, network, sample) {
  const { batch, program, rowsFrom } = network;
  const state = program.states.find((each) => startOf(each) === name) ?? name;
  const own = program.parameters[name];
  const source = network.of(own ? name : name === TARGET ? "y" : name === "x" ? "x" : state);
  /** @param {number} row */
  const start = (row) => {
    if (own) return row * columns;
    if (name === "x") return (row * batch + sample) * source.width;
    if (name === TARGET) return (rowsFrom + row * batch + sample) * source.width;
    return sample * source.width + row;
  };
  return Array.from({ length: rows }, (_, row) => [
    ...source.value.subarray(start(row), start(row) + columns),
  ]);
}

/** Numbers as a table has them, in rows and columns. @param {string} text */
function linesIn(text) {
  const lines = text
    .trim()
    .split(/\r?\n|;/)
    .map((line) => line.replace(/[[\](){}]/g, "").trim())
    .filter(Boolean);
  return lines.map((line) => line.split(line.includes("\t") ? "\t" : /[,\s]+/).filter(Boolean));
}

/** @param {string} text */
const quoted = (text) => `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`;
