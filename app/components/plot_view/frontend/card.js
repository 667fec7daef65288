/** One chart on the page: title, choice of view, sentence, drawing, notes and table. */

import { el } from "../../shared/frontend/dom.js";
import { choiceOf } from "./choices.js";
import { ChartDrawing } from "./drawing.js";
import { ViewSwitch } from "./switch.js";
import { subscripted } from "./symbols.js";
import { NumbersTable } from "./numbers_table.js";
import { cover, earlyTable, earlyView, onTheWay } from "./waiting.js";

/** @import { Theme } from "../../shared/frontend/dom.js" */
/** @import { Factors } from "./term_factors.js" */
/** @import { Choices } from "./chosen.js" */
/** @import { Chart, View } from "./data.d.ts" */
/** @import { Place } from "./place.js" */
/** @import { Table } from "./numbers_table.js" */

/**
 * What all charts share.
 * @typedef {object} Context
 * @property {number} version   of the data
 * @property {number} T
 * @property {boolean} player   whether the charts follow one, and lead it
 * @property {string[]} parameters their names
 * @property {?[number, number]} range  of all time axes, null for the whole sequence
 * @property {Place} place      where the player stands
 * @property {Theme} theme
 * @property {Factors} factors
 * @property {Choices} chosen
 * @property {(range: ?[number, number], from: ?ChartDrawing) => void} zoom  all time axes together
 */

export class Card {
  /** @param {Chart} chart @param {Context} context */
  constructor(chart, context) {
    this.context = context;
    this.id = chart.id;
    this.chart = chart;
    this.text = ""; // of what is shown
    this.current = chart.views[0];
    /** @type {Table[]} */
    this.tables = [];
    this.early = false;
    this.title = chart.title;
    /** @type {?string} of the view */
    this.name = null;
    this.drawing = new ChartDrawing(chart, context);
    this.switch = new ViewSwitch(chart.title, (name) => this.choose(name));
    this.sentence = el("p", { class: "ur-plots-sentence" });
    this.notes = el("div", { class: "ur-plots-notes" });
    this.table = new NumbersTable(chart.title);
    this.choice = choiceOf(this.id, () => this.redo());
    /** @type {HTMLElement} */
    this.element = el(
      "section",
      { class: "ur-plots-card", "data-chart": chart.id, "aria-label": chart.title },
      el(
        "div",
        { class: "ur-plots-head" },
        el("h3", {}, ...subscripted(chart.title)),
        this.switch.element,
        this.choice?.element,
      ),
      this.sentence,
      this.drawing.frame,
      this.notes,
      this.table.element,
      chart.late
        ? cover(
            () => this.element,
            () => context.T,
          )
        : null,
    );
  }

  /**
   * Show new numbers; nothing is drawn again if they are the same.
   * @param {Chart} chart
   */
  update(chart) {
    const text = JSON.stringify([chart, this.choice && this.context.factors.raw]);
    if (text === this.text) {
      this.drawing.stamp();
      return;
    }
    this.text = text;
    this.chart = chart;
    this.redo();
  }

  /** @returns {View} */
  view() {
    return this.chart.views.find(({ name }) => name === this.name) ?? this.chart.views[0];
  }

  /** Take the view chosen, fill the words, and draw when seen. */
  redo() {
    let view = this.view();
    const { views, tables, wide } = this.chart;
    this.early = this.context.place.early;
    this.element.toggleAttribute("data-wide", Boolean(wide));
    /** @type {Table[]} */
    let shown = tables;
    if (views.length > 1 && tables.length === views.length) shown = [tables[views.indexOf(view)]];
    if (this.choice) [view, shown] = this.choice.chosen(view, shown, this.context.factors);
    if (this.early) [view, shown] = [earlyView(view), shown.map(earlyTable)];
    this.current = view;
    this.tables = shown;
    this.switch.show(views, this.view().name);
    this.notes.replaceChildren(
      ...view.notes.map((note) => el("p", { class: "ur-plots-note" }, ...subscripted(note))),
    );
    this.drawing.show(this.chart, view);
    this.say();
  }

  /** The words and the table, as far as the player has come. */
  say() {
    const { early, since } = this.context.place;
    this.drawing.coverBefore(this.chart.late && this.drawing.time ? since : 0);
    const text = this.drawing.since > 0 ? onTheWay(this.drawing.since) : this.current.text;
    this.sentence.replaceChildren(...subscripted(text));
    this.drawing.surface.setAttribute("aria-label", `${this.chart.title}. ${text}`);
    this.element.toggleAttribute("data-covered", Boolean(this.chart.late && early));
    this.element.toggleAttribute("data-partly", this.drawing.since > 0);
    this.table.show(this.tables.map((table) => ({ ...table, since: this.drawing.since })));
  }

  /** The player has moved. */
  follow() {
    const { early, since } = this.context.place;
    if (this.chart.late) {
      if (early !== this.early || (this.drawing.time && since !== this.drawing.since)) this.say();
      this.early = early;
    } else if (early !== this.early && this.chart.views.some((view) => "early" in view)) {
      this.redo();
    }
    this.drawing.mark();
  }

  /** @param {string} name */
  choose(name) {
    this.take(name);
    this.context.chosen.view(this.id, name === this.chart.views[0].name ? null : name);
  }

  /**
   * Show the view of this name, or the first one.
   * @param {?string} name
   */
  take(name) {
    if (name === this.name) return;
    this.name = name;
    this.redo();
  }

  destroy() {
    this.drawing.destroy();
    this.element.remove();
  }
}
