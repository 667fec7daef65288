/** Which number of which parameter the bars of its gradient's terms are of. */

import { el } from "../../shared/frontend/dom.js";
import { readName } from "../../shared/frontend/named.js";
import { hasRows, writtenText } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";
import { option, range, select } from "./select.js";

/** @import { SentFigure, View } from "./data.d.ts" */
/** @import { Factors } from "./term_factors.js" */
/** @import { Table } from "./numbers_table.js" */

/** A choice of one number of one parameter; `changed` is called after each. */
export class EntryChoice {
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

/** @param {Float64Array} terms @param {string} name */
function sentence(terms, name) {
  const sum = terms.reduce((total, term) => total + term, 0);
  const largest = terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
  if (largest > 0 && Math.abs(sum) <= terms.length * Number.EPSILON * largest) {
    return `The ${terms.length} terms of ${name} cancel: their sum, ${short(sum)}, is 0 up to rounding.`;
  }
  return `The ${terms.length} terms add up to ${name} = ${short(sum)}.`;
}
