/**
 * Charts of which the user chooses what is drawn, from numbers that came once.
 *
 * A term of a parameter's gradient is a product of two of those numbers, so another choice needs
 * no round trip.
 */

import { el } from "../../frontend/dom.js";
import { short } from "../../frontend/format.js";
import { matrix, unpack } from "./arrays.js";

const PARAMETERS = {
  W_xh: ["delta", "x"],
  W_hh: ["delta", "h"],
  b_h: ["delta", null],
  W_hy: ["out", "h"],
  b_y: ["out", null],
};

/** The numbers that choices are computed from, unpacked when first needed. */
export class Factors {
  /** @param {?object} raw of the payload; null when there would be too many */
  constructor(raw) {
    this.raw = raw;
    this.known = new Map();
  }

  get(name) {
    if (!this.known.has(name)) this.known.set(name, matrix(this.raw[name]));
    return this.known.get(name);
  }

  /** Rows and columns of a parameter; 0 columns for a bias. */
  shape(name) {
    const [left, right] = PARAMETERS[name];
    return [this.get(left).columns, right ? this.get(right).columns : 0];
  }

  /**
   * What each step adds to the gradient of one number.
   * @returns {Float64Array} the term of step t at t − 1
   */
  terms(name, row, column) {
    const [left, right] = PARAMETERS[name].map((part) => part && this.get(part));
    const steps = this.get("x").rows;
    const readout = PARAMETERS[name][0] === "out";
    const first = readout ? this.raw.first : 1;
    // h starts at h_0: the state before step t is row t − 1, the one after it row t.
    const shift = PARAMETERS[name][1] === "h" && readout ? 0 : -1;
    return Float64Array.from({ length: steps }, (_, i) => {
      const t = i + 1;
      if (t < first) return 0;
      return left.at(t - first, row) * (right ? right.at(t + shift, column) : 1);
    });
  }
}

/** The choice that a chart offers, or null; `changed` is called after each. */
export function choiceOf(id, changed) {
  if (id === "contributions") return new EntryChoice(changed);
  if (id === "space") return new UnitsChoice(changed);
  return null;
}

/** A choice of one number of one parameter; `changed` is called after each. */
class EntryChoice {
  constructor(changed) {
    this.name = "W_hh";
    this.place = [0, 0];
    this.changed = changed;
    this.element = el("span", { class: "ur-plots-choice" });
  }

  /** Take a selection of the graph, such as "W_hh[2,1]", if it names a number of a parameter. */
  follow(selected) {
    const found = /^(W_xh|W_hh|b_h|W_hy|b_y)\[(\d+)(?:,(\d+))?\]$/.exec(selected ?? "");
    if (!found) return false;
    this.name = found[1];
    this.place = [Number(found[2]) - 1, Number(found[3] ?? 1) - 1];
    return true;
  }

  /** @param {Factors} factors */
  show(factors) {
    const [rows, columns] = factors.shape(this.name);
    this.place = [
      Math.min(this.place[0], rows - 1),
      Math.min(this.place[1], Math.max(columns - 1, 0)),
    ];
    const index = (axis, label, count) =>
      select(label, range(count), this.place[axis], (value) => {
        this.place[axis] = Number(value);
        this.changed();
      });
    this.element.replaceChildren(
      select(
        "parameter",
        Object.keys(PARAMETERS).map((name) => [name, name]),
        this.name,
        (value) => {
          this.name = value;
          this.changed();
        },
      ),
      index(0, "row", rows),
      ...(columns ? [index(1, "column", columns)] : []),
    );
  }

  /** "W_hh[2,1]" */
  label(factors) {
    const [, columns] = factors.shape(this.name);
    return `${this.name}[${this.place[0] + 1}${columns ? `,${this.place[1] + 1}` : ""}]`;
  }

  /** What the choice makes of a view and its tables. */
  chosen(view, tables, factors) {
    this.element.hidden = factors.raw === null || view.name !== "One number";
    if (this.element.hidden) return [view, tables];
    this.show(factors);
    const made = this.apply(view, tables[0], factors);
    return [made.view, [made.table]];
  }

  /** The view with the bars, the sentence and the table of the number chosen. */
  apply(view, table, factors) {
    const terms = factors.terms(this.name, ...this.place);
    const name = `∂L/∂${this.label(factors)}`;
    const trace = {
      ...view.figure.data[0],
      y: terms.map((term) => (Number.isFinite(term) ? term : NaN)),
    };
    return {
      view: {
        ...view,
        figure: { ...view.figure, data: [trace] },
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
  constructor(changed) {
    this.units = null; // until chosen: the two that vary most
    this.changed = changed;
    this.element = el("span", { class: "ur-plots-choice" });
  }

  /** What the choice makes of a view; its tables stay. */
  chosen(view, tables, factors) {
    const h = factors.raw && factors.get("h");
    this.element.hidden = h === null || h.columns <= 3;
    if (this.element.hidden) return [view, tables];
    const drawn = ["xaxis", "yaxis"].map(
      (axis) => Number(view.figure.layout[axis].title.text.slice(5)) - 1,
    );
    this.show(h.columns, drawn);
    return [{ ...view, figure: this.apply(view.figure, h, drawn) }, tables];
  }

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

  pair(count, drawn) {
    return this.units && this.units.every((unit) => unit < count) ? this.units : drawn;
  }

  /** @param {object} figure of the two units that vary most */
  apply(figure, h, drawn) {
    const [i, j] = this.pair(h.columns, drawn);
    if (i === drawn[0] && j === drawn[1]) return figure;
    const trace = { ...figure.data[0] };
    const steps = unpack(trace.customdata);
    const column = (unit) => Float64Array.from(steps, (t) => finite(h.at(t, unit)));
    Object.assign(trace, { x: column(i), y: column(j) });
    trace.hovertemplate = trace.hovertemplate
      .replace(/unit \d+: %\{x/, `unit ${i + 1}: %{x`)
      .replace(/unit \d+: %\{y/, `unit ${j + 1}: %{y`);
    const layout = { ...figure.layout };
    const [across, up] = square(trace.x, trace.y);
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
    const start = { ...figure.data[1], x: trace.x.slice(0, 1), y: trace.y.slice(0, 1) };
    return { data: [trace, start], layout };
  }
}

function sentence(terms, name) {
  const sum = terms.reduce((total, term) => total + term, 0);
  const largest = terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
  if (largest > 0 && Math.abs(sum) <= terms.length * Number.EPSILON * largest) {
    return `The ${terms.length} terms of ${name} cancel: their sum, ${short(sum)}, is 0 up to rounding.`;
  }
  return `The ${terms.length} terms add up to ${name} = ${short(sum)}.`;
}

const finite = (value) => (Number.isFinite(value) ? value : NaN);

/** Ranges of one length for both axes, so that a turn looks like a turn. */
function square(...values) {
  const ends = values.map((list) => {
    const numbers = list.filter(Number.isFinite);
    return numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [-1, 1];
  });
  const half = 0.58 * Math.max(...ends.map(([low, high]) => high - low)) || 1;
  return ends.map(([low, high]) => [low / 2 + high / 2 - half, low / 2 + high / 2 + half]);
}

function range(count, prefix = "") {
  return Array.from({ length: count }, (_, i) => [i, `${prefix}${i + 1}`]);
}

function select(label, options, value, changed) {
  return el(
    "label",
    {},
    `${label} `,
    el(
      "select",
      { class: "ur-plots-select", onchange: (event) => changed(event.target.value) },
      ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
    ),
  );
}
