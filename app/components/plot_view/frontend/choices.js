/**
 * Charts of which the user chooses what is drawn, from numbers that came once.
 *
 * A term of a parameter's gradient is a product of two of those numbers, so another choice needs
 * no round trip.
 */

import { el } from "../../shared/frontend/dom.js";
import { readName } from "../../shared/frontend/named.js";
import { hasRows, writtenText } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";
import { matrix, unpack } from "./arrays.js";

/** @import { Matrix } from "./arrays.js" */
/** @import { FactorsData, Packed, SentFigure, View } from "./data.d.ts" */
/** @import { Axis } from "./figure.d.ts" */
/** @import { Table } from "./numbers_table.js" */

/** The numbers that choices are computed from, unpacked when first needed. */
export class Factors {
  /** @param {?FactorsData} raw null when there would be too many */
  constructor(raw) {
    this.raw = raw;
    /** @type {Map<string, Matrix>} */
    this.known = new Map();
  }

  /** What was sent. */
  get sent() {
    if (!this.raw) throw new Error("The factors were not sent.");
    return this.raw;
  }

  /** @param {string} name of an array */
  get(name) {
    const known = this.known.get(name);
    if (known) return known;
    const made = matrix(this.sent.arrays[name]);
    this.known.set(name, made);
    return made;
  }

  /** The names of the parameters. */
  get names() {
    return Object.keys(this.sent.of);
  }

  /**
   * The two arrays whose products the terms of a parameter are; of a vector the first alone.
   * @param {string} name
   * @returns {[Matrix, ?Matrix]}
   */
  sides(name) {
    const [left, right] = this.sent.of[name];
    return [this.get(left), right === null ? null : this.get(right)];
  }

  /**
   * Rows and columns of a parameter; 0 columns for a bias.
   * @param {string} name
   */
  shape(name) {
    const [left, right] = this.sides(name);
    return [left.columns, right ? right.columns : 0];
  }

  /**
   * What each step adds to the gradient of one number: nothing before the first row.
   * @returns {Float64Array} the term of step t at t − 1
   * @param {string} name
   * @param {number} row
   * @param {number} column
   */
  terms(name, row, column) {
    const [left, right] = this.sides(name);
    const missing = this.sent.T - left.rows;
    return Float64Array.from({ length: this.sent.T }, (_, i) =>
      i < missing ? 0 : left.at(i - missing, row) * (right ? right.at(i - missing, column) : 1),
    );
  }
}

/**
 * The choice that a chart offers, or null.
 * @typedef {object} Choice
 * @property {HTMLElement} element
 * @property {(selected: ?string, parameters: string[]) => boolean} [follow]  takes a selection of
 *   the graph, if it can
 * @property {(view: View, tables: Table[], factors: Factors) => [View, Table[]]} chosen
 *
 * @param {string} id of the chart
 * @param {() => void} changed called after each
 * @returns {?Choice}
 */
export function choiceOf(id, changed) {
  if (id === "contributions") return new EntryChoice(changed);
  if (id === "space") return new UnitsChoice(changed);
  return null;
}

/** A choice of one number of one parameter; `changed` is called after each. */
class EntryChoice {
  /** @param {() => void} changed */
  constructor(changed) {
    this.name = ""; // until chosen: the one that the sentence of the chart is about
    /** @type {[row: number, column: number]} */
    this.place = [0, 0];
    this.changed = changed;
    this.element = el("span", { class: "ur-plots-choice" });
  }

  /**
   * Take a selection of the graph, such as "W_hh[2,1]", if it names a number of a parameter.
   * @param {?string} selected
   * @param {readonly string[]} parameters their names
   */
  follow(selected, parameters) {
    const said = readName(selected ?? "", { parameters: new Set(parameters) });
    if (!said?.parameter || said.reads || !said.index.length) return false;
    this.name = said.parameter;
    this.place = [said.index[0] - 1, (said.index[1] ?? 1) - 1];
    return true;
  }

  /** @param {Factors} factors */
  show(factors) {
    if (!factors.names.includes(this.name)) this.name = factors.sent.first;
    const [rows, columns] = factors.shape(this.name);
    this.place = [
      Math.min(this.place[0], rows - 1),
      Math.min(this.place[1], Math.max(columns - 1, 0)),
    ];
    /** @param {0|1} axis @param {string} label @param {number} count */
    const index = (axis, label, count) =>
      select(label, range(count), this.place[axis], (value) => {
        this.place[axis] = Number(value);
        this.changed();
      });
    this.element.replaceChildren(
      select(
        "parameter",
        factors.names.map((name) => option(name, writtenText(name))),
        this.name,
        (value) => {
          this.name = value;
          this.changed();
        },
      ),
      index(0, columns && hasRows() ? "column" : "row", rows),
      ...(columns ? [index(1, hasRows() ? "row" : "column", columns)] : []),
    );
  }

  /**
   * "W_hh[2,1]"
   * @param {Factors} factors
   */
  label(factors) {
    const [, columns] = factors.shape(this.name);
    return `${this.name}[${this.place[0] + 1}${columns ? `,${this.place[1] + 1}` : ""}]`;
  }

  /**
   * What the choice makes of a view and its tables.
   * @param {View} view
   * @param {Table[]} tables
   * @param {Factors} factors
   * @returns {[View, Table[]]}
   */
  chosen(view, tables, factors) {
    const { figure } = view;
    const offered = factors.raw !== null && view.name === "One number" && figure;
    this.element.hidden = !offered;
    if (!offered) return [view, tables];
    this.show(factors);
    const made = this.apply(view, figure, tables[0], factors);
    return [made.view, [made.table]];
  }

  /**
   * The view with the bars, the sentence and the table of the number chosen.
   * @param {View} view
   * @param {SentFigure} figure
   * @param {Table} table
   * @param {Factors} factors
   */
  apply(view, figure, table, factors) {
    const terms = factors.terms(this.name, ...this.place);
    const name = writtenText(`∂L/∂${this.label(factors)}`);
    const trace = {
      ...figure.data[0],
      y: terms.map((term) => (Number.isFinite(term) ? term : NaN)),
    };
    return {
      view: {
        ...view,
        figure: { ...figure, data: [trace] },
        text: sentence(terms, name),
      },
      table: {
        ...table,
        head: [table.head[0], `term of ${name}`],
        values: table.rows.map((row) => terms[Number.parseInt(row, 10) - 1]),
      },
    };
  }
}

/** A choice of the two units across and up. */
class UnitsChoice {
  /** @param {() => void} changed */
  constructor(changed) {
    /** @type {?[number, number]} */
    this.units = null; // until chosen: the two that vary most
    this.changed = changed;
    this.element = el("span", { class: "ur-plots-choice" });
  }

  /**
   * What the choice makes of a view; its tables stay.
   * @param {View} view
   * @param {Table[]} tables
   * @param {Factors} factors
   * @returns {[View, Table[]]}
   */
  chosen(view, tables, factors) {
    const { figure } = view;
    const h = factors.raw && factors.get("h");
    const offered = h && h.columns > 3;
    this.element.hidden = !offered;
    if (!offered || !figure) return [view, tables];
    const { xaxis, yaxis } = figure.layout;
    /** @type {[number, number]} */
    const drawn = [unitOf(xaxis), unitOf(yaxis)];
    this.show(h.columns, drawn);
    return [{ ...view, figure: this.apply(figure, h, drawn) }, tables];
  }

  /** @param {number} count @param {[number, number]} drawn */
  show(count, drawn) {
    const units = this.pair(count, drawn);
    this.element.replaceChildren(
      ...["across", "up"].map((label, axis) =>
        select(label, range(count, "unit "), units[axis], (value) => {
          this.units = [...units];
          this.units[axis] = Number(value);
          this.changed();
        }),
      ),
    );
  }

  /** @param {number} count @param {[number, number]} drawn */
  pair(count, drawn) {
    return this.units && this.units.every((unit) => unit < count) ? this.units : drawn;
  }

  /**
   * @param {SentFigure} figure
   * @param {Matrix} h
   * @param {[number, number]} drawn
   * @returns {SentFigure}
   */
  apply(figure, h, drawn) {
    const [i, j] = this.pair(h.columns, drawn);
    if (i === drawn[0] && j === drawn[1]) return figure;
    const [whole, first] = figure.data;
    const steps = numbersOf(whole.customdata);
    /** @param {number} unit */
    const column = (unit) => Float64Array.from(steps, (t) => finite(h.at(t, unit)));
    const hovertemplate = whole.hovertemplate
      .replace(/unit \d+: %\{x/, `unit ${i + 1}: %{x`)
      .replace(/unit \d+: %\{y/, `unit ${j + 1}: %{y`);
    const [x, y] = [column(i), column(j)];
    const layout = { ...figure.layout };
    const [across, up] = square(x, y);
    layout.xaxis = {
      ...layout.xaxis,
      title: { ...layout.xaxis.title, text: `unit ${i + 1}` },
      range: across,
    };
    layout.yaxis = {
      ...layout.yaxis,
      title: { ...layout.yaxis.title, text: `unit ${j + 1}` },
      range: up,
    };
    const start = { ...first, x: x.slice(0, 1), y: y.slice(0, 1) };
    return { data: [{ ...whole, x, y, hovertemplate }, start], layout };
  }
}

/** @param {Float64Array} terms @param {string} name */
function sentence(terms, name) {
  const sum = terms.reduce((total, term) => total + term, 0);
  const largest = terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
  if (largest > 0 && Math.abs(sum) <= terms.length * Number.EPSILON * largest) {
    return `The ${terms.length} terms of ${name} cancel: their sum, ${short(sum)}, is 0 up to rounding.`;
  }
  return `The ${terms.length} terms add up to ${name} = ${short(sum)}.`;
}

/** The unit that an axis names: "unit 3" is 2. @param {Axis} axis */
const unitOf = ({ title }) => Number(title?.text.slice(5)) - 1;

/** @param {Packed|ArrayLike<number>} column */
const numbersOf = (column) => ("bdata" in column ? unpack(column) : column);

/** @param {number} value */
const finite = (value) => (Number.isFinite(value) ? value : NaN);

/**
 * Ranges of one length for both axes, so that a turn looks like a turn.
 * @param {...Float64Array} values
 */
function square(...values) {
  const ends = values.map(endsOf);
  const half = 0.58 * Math.max(...ends.map(([low, high]) => high - low)) || 1;
  /** @param {[number, number]} of @returns {[number, number]} */
  const around = ([low, high]) => [low / 2 + high / 2 - half, low / 2 + high / 2 + half];
  return ends.map(around);
}

/** @param {Float64Array} list @returns {[number, number]} */
function endsOf(list) {
  const numbers = list.filter(Number.isFinite);
  return numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [-1, 1];
}

/** @typedef {[key: string|number, text: string]} Option */

/** @param {string|number} key @param {string} text @returns {Option} */
const option = (key, text) => [key, text];

/** @param {number} count */
function range(count, prefix = "") {
  return Array.from({ length: count }, (_, i) => option(i, `${prefix}${i + 1}`));
}

/**
 * @param {string} label
 * @param {Option[]} options
 * @param {string|number} value
 * @param {(value: string) => void} changed
 */
function select(label, options, value, changed) {
  /** @type {HTMLSelectElement} */
  const field = el(
    "select",
    { class: "ur-plots-select", onchange: () => changed(field.value) },
    ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
  );
  return el("label", {}, `${label} `, field);
}
