/** One chart on the page: title, choice of view, sentence, drawing, notes and table. */

import { cursor } from "../../shared/frontend/cursor.js";
import { el } from "../../shared/frontend/dom.js";
import { nameOf, positionOf } from "../../shared/frontend/named.js";
import { markDark } from "../../shared/frontend/printing.js";
import { aboveColours } from "./buttons.js";
import { choiceOf } from "./choices.js";
import { shareOf, topOf, zoomOf } from "./enlarged.js";
import { fittedFigure } from "./fitted.js";
import { Marks, stepAt } from "./marks.js";
import { keepNumerals } from "./numerals.js";
import { CONFIG, plotly } from "./plotly.js";
import { ViewSwitch } from "./switch.js";
import { subscripted } from "./symbols.js";
import { NumbersTable } from "./numbers_table.js";
import { cover, earlyTable, earlyView, onTheWay } from "./waiting.js";

/** @import { Theme } from "../../shared/frontend/dom.js" */
/** @import { Factors } from "./choices.js" */
/** @import { Choices } from "./chosen.js" */
/** @import { Chart, PlotsData, SentFigure, View } from "./data.d.ts" */
/** @import { Drawing } from "./figure.d.ts" */
/** @import { Place } from "./place.js" */
/** @import { Table } from "./numbers_table.js" */

const DRAG = 4; // pixels the pointer may move in a click
const MOVED = 4; // pixels by which what stands above may change without another drawing
const PANEL = 400; // widest panel of the state space, in pixels

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
 * @property {(range: ?[number, number], from: ?Card) => void} zoom  all time axes together
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
    this.since = 0;
    this.title = chart.title;
    this.time = chart.phase !== "";
    /** @type {?string} of the view */
    this.name = null;
    /** @type {?Drawing} once Plotly has drawn */
    this.drawn = null;
    /** @type {?[x: number, y: number]} where the pointer went down */
    this.pressed = null;
    this.gone = false;
    this.seen = false;
    this.stale = true;
    this.underWay = 0; // drawings that wait for Plotly
    this.room = 0; // pixels across, as they were laid out last: to ask for them costs a layout
    this.share = 0; // of the screen's height, in a show
    this.top = 0; // where it began when it was fitted there
    this.drawing = el("div", { class: "ur-plots-drawing", role: "figure" });
    this.frame = el("div", { class: "ur-plots-frame" }, this.drawing);
    this.marks = new Marks(this.frame);
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
      this.frame,
      this.notes,
      this.table.element,
      chart.late
        ? cover(
            () => this.element,
            () => context.T,
          )
        : null,
    );
    this.released = (/** @type {PointerEvent} */ event) => this.click(event);
    this.unseen = () => {
      this.seen = true; // on paper
      markDark(this.drawing);
      this.draw();
    };
    this.sight = new IntersectionObserver(
      (entries) => {
        this.seen = entries[entries.length - 1].isIntersecting;
        if (!this.seen) return;
        this.mark(); // it may have moved on while out of view
        this.draw();
      },
      { rootMargin: "150px" },
    );
    this.size = new ResizeObserver(([{ contentRect }]) => {
      this.room = Math.floor(contentRect.width);
      this.share = shareOf(this.frame);
      if (this.stale) this.draw();
      else if (this.drawn && this.width() !== this.drawn.layout.width) this.invalidate();
    });
    this.listen();
  }

  listen() {
    this.frame.addEventListener(
      "pointerdown",
      (event) => {
        const { target } = event;
        const tools = target instanceof Element && target.closest(".modebar, .legend");
        this.pressed = tools ? null : [event.clientX, event.clientY];
      },
      { capture: true },
    );
    addEventListener("pointerup", this.released, { capture: true });
    addEventListener("beforeprint", this.unseen);
    this.sight.observe(this.frame);
    this.size.observe(this.frame);
  }

  /**
   * Show new numbers; nothing is drawn again if they are the same.
   * @param {Chart} chart
   */
  update(chart) {
    const text = JSON.stringify([chart, this.choice && this.context.factors.raw]);
    if (text === this.text) {
      this.stamp();
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
    this.time = this.chart.phase !== "";
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
    this.say();
    this.frame.hidden = view.figure === null;
    if (view.figure) {
      this.frame.style.height = `${view.figure.layout.height + aboveColours(view.figure)}px`;
    }
    this.invalidate();
  }

  /** The words and the table, as far as the player has come. */
  say() {
    const { early, since } = this.context.place;
    this.since = this.chart.late && this.time ? since : 0;
    const text = this.since > 0 ? onTheWay(this.since) : this.current.text;
    this.sentence.replaceChildren(...subscripted(text));
    this.drawing.setAttribute("aria-label", `${this.chart.title}. ${text}`);
    this.element.toggleAttribute("data-covered", Boolean(this.chart.late && early));
    this.element.toggleAttribute("data-partly", this.since > 0);
    this.table.show(this.tables.map((table) => ({ ...table, since: this.since })));
  }

  /** The player has moved. */
  follow() {
    const { early, since } = this.context.place;
    if (this.chart.late) {
      if (early !== this.early || (this.time && since !== this.since)) this.say();
      this.early = early;
    } else if (early !== this.early && this.chart.views.some((view) => "early" in view)) {
      this.redo();
    }
    this.mark();
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

  invalidate() {
    this.stale = true;
    this.draw();
  }

  width() {
    if (this.id !== "space") return this.room;
    const panels = this.current.figure?.data.filter(({ meta }) => meta?.path).length ?? 1;
    return Math.min(this.room, PANEL * panels + 40);
  }

  async draw() {
    if (!this.stale || !this.seen || !this.current.figure || this.room === 0) return;
    this.stale = false;
    this.underWay += 1;
    try {
      await this.plot();
    } finally {
      this.underWay -= 1;
    }
    this.stamp();
  }

  async plot() {
    const Plotly = await plotly().catch(() => null);
    if (Plotly === null) {
      this.drawing.textContent = "The drawing did not load. Reload the page.";
      return;
    }
    const { figure: sent } = this.current;
    if (this.gone || this.room === 0 || !sent) {
      this.stale = true;
      return;
    }
    const began = performance.now();
    const figure = this.figure(sent);
    this.frame.style.height = `${figure.layout.height}px`;
    const drawing = Plotly.react(this.drawing, figure.data, figure.layout, CONFIG);
    this.drawing.dataset.drawMs = (performance.now() - began).toFixed(1);
    const drawn = await drawing;
    // Its name says it in words, the table in numbers: tick labels one by one say nothing.
    for (const part of this.drawing.querySelectorAll("svg.main-svg")) {
      part.setAttribute("aria-hidden", "true");
    }
    if (!this.drawn) this.attend(drawn);
    this.drawn = drawn;
    this.mark();
  }

  /** For tests and benchmarks: the data that this drawing shows. */
  stamp() {
    if (this.stale || this.underWay > 0) return;
    this.drawing.dataset.version = String(this.context.version);
  }

  /** In a show a drawing ends where the screen does, whatever comes or goes above it. */
  refit() {
    if (!this.share || !this.drawn || this.stale) return;
    if (Math.abs(topOf(this.frame) - this.top) > MOVED) this.invalidate();
  }

  /** @param {SentFigure} sent */
  figure(sent) {
    if (this.share) this.top = topOf(this.frame);
    const { theme, range, T } = this.context;
    return fittedFigure(sent, {
      key: `${this.current.name}:${T}`,
      width: this.width(),
      frame: this.frame,
      share: this.share,
      range: this.time ? range : undefined,
      theme,
    });
  }

  /**
   * Listen to Plotly, once it has drawn.
   * @param {Drawing} drawing
   */
  attend(drawing) {
    keepNumerals(drawing);
    drawing.on("plotly_relayout", () => {
      if (this.time) this.context.zoom(drawing.layout.xaxis.range, this);
      this.mark();
    });
    drawing.on("plotly_doubleclick", () => {
      if (this.time) this.context.zoom(null, null);
    });
    drawing.on("plotly_click", ({ points }) => {
      if (this.id === "space") this.go(points[0].customdata);
    });
  }

  /** @param {PointerEvent} event */
  click(event) {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed || !this.time || !this.drawn || !this.context.player) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > DRAG) return;
    const box = this.drawing.getBoundingClientRect();
    const { layout } = this.drawn;
    const zoom = zoomOf(this.drawing);
    const y = (event.clientY - box.top) / zoom;
    if (y < layout.margin.t || y > layout.height - layout.margin.b) return;
    const t = stepAt(layout, layout.width, (event.clientX - box.left) / zoom);
    if (t !== null && t <= this.context.T) this.go(t);
  }

  /** @param {number} t */
  go(t) {
    cursor.set({
      at: positionOf(this.chart.phase === "b" ? "backward" : "forward", nameOf("h", t)),
      t,
    });
  }

  mark() {
    if (!this.drawn || !this.seen || !this.context.player) return;
    const { layout } = this.drawn;
    const { step } = this.context.place;
    if (this.time) this.marks.band(layout, layout.width, step, this.since);
    else if (this.id === "space") this.marks.rings(this.drawn, layout.width, step);
  }

  destroy() {
    this.gone = true;
    this.sight.disconnect();
    this.size.disconnect();
    removeEventListener("pointerup", this.released, { capture: true });
    removeEventListener("beforeprint", this.unseen);
    if (this.drawn) plotly().then((Plotly) => Plotly.purge(this.drawing));
    this.element.remove();
  }
}
