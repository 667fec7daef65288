/** Which two units the plane of the state space is of. */

import { el } from "../../shared/frontend/dom.js";
import { unpack } from "./arrays.js";
import { range, select } from "./select.js";

/** @import { Matrix } from "./arrays.js" */
/** @import { Packed, SentFigure, View } from "./data.d.ts" */
/** @import { Factors } from "./term_factors.js" */
/** @import { Axis } from "./figure.d.ts" */
/** @import { Table } from "./numbers_table.js" */

/** A choice of the two units across and up. */
export class UnitsChoice {
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
