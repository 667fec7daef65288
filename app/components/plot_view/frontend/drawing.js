/** One chart's drawing: made by Plotly when it is seen, marked where the player stands. */

import { cursor } from "../../shared/frontend/cursor.js";
import { el } from "../../shared/frontend/dom.js";
import { nameOf, positionOf } from "../../shared/frontend/named.js";
import { markDark } from "../../shared/frontend/printing.js";
import { shareOf, topOf, zoomOf } from "./enlarged.js";
import { fittedFigure } from "./fitted.js";
import { Marks, stepAt } from "./marks.js";
import { keepNumerals } from "./numerals.js";
import { CONFIG, plotly } from "./plotly.js";

/** @import { Context } from "./card.js" */
/** @import { Chart, SentFigure, View } from "./data.d.ts" */
/** @import { Drawing } from "./figure.d.ts" */

const DRAG = 4; // pixels the pointer may move in a click
const MOVED = 4; // pixels by which what stands above may change without another drawing
const PANEL = 400; // widest panel of the state space, in pixels

export class ChartDrawing {
  /** @param {Chart} chart @param {Context} context */
  constructor(chart, context) {
    this.context = context;
    this.id = chart.id;
    this.phase = chart.phase;
    this.view = chart.views[0];
    this.since = 0; // the step that is known from on, on the way back
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
    this.surface = el("div", { class: "ur-plots-drawing", role: "figure" });
    this.frame = el("div", { class: "ur-plots-frame" }, this.surface);
    this.marks = new Marks(this.frame);
    this.released = (/** @type {PointerEvent} */ event) => this.click(event);
    this.unseen = () => {
      this.seen = true; // on paper
      markDark(this.surface);
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

  /** Whether steps of time stand across. */
  get time() {
    return this.phase !== "";
  }

  /** @param {Chart} chart @param {View} view */
  show(chart, view) {
    this.phase = chart.phase;
    this.view = view;
    this.frame.hidden = view.figure === null;
    if (view.figure) {
      this.frame.style.height = `${view.figure.layout.height}px`;
    }
    this.invalidate();
  }

  /** On the way back, only what is known from this step on is shown: 0 for all. @param {number} step */
  coverBefore(step) {
    this.since = step;
  }

  invalidate() {
    this.stale = true;
    this.draw();
  }

  width() {
    if (this.id !== "space") return this.room;
    const panels = this.view.figure?.data.filter(({ meta }) => meta?.path).length ?? 1;
    return Math.min(this.room, PANEL * panels + 40);
  }

  async draw() {
    if (!this.stale || !this.seen || !this.view.figure || this.room === 0) return;
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
      this.surface.textContent = "The drawing did not load. Reload the page.";
      return;
    }
    const { figure: sent } = this.view;
    if (this.gone || this.room === 0 || !sent) {
      this.stale = true;
      return;
    }
    const began = performance.now();
    const figure = this.figure(sent);
    this.frame.style.height = `${figure.layout.height}px`;
    const drawing = Plotly.react(this.surface, figure.data, figure.layout, CONFIG);
    this.surface.dataset.drawMs = (performance.now() - began).toFixed(1);
    const drawn = await drawing;
    // Its name says it in words, the table in numbers: tick labels one by one say nothing.
    for (const part of this.surface.querySelectorAll("svg.main-svg")) {
      part.setAttribute("aria-hidden", "true");
    }
    if (!this.drawn) this.attend(drawn);
    this.drawn = drawn;
    this.mark();
  }

  /** For tests and benchmarks: the data that this drawing shows. */
  stamp() {
    if (this.stale || this.underWay > 0) return;
    this.surface.dataset.version = String(this.context.version);
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
      key: `${this.view.name}:${T}`,
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
    const box = this.surface.getBoundingClientRect();
    const { layout } = this.drawn;
    const zoom = zoomOf(this.surface);
    const y = (event.clientY - box.top) / zoom;
    if (y < layout.margin.t || y > layout.height - layout.margin.b) return;
    const t = stepAt(layout, layout.width, (event.clientX - box.left) / zoom);
    if (t !== null && t <= this.context.T) this.go(t);
  }

  /** @param {number} t */
  go(t) {
    cursor.set({
      at: positionOf(this.phase === "b" ? "backward" : "forward", nameOf("h", t)),
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
    if (this.drawn) plotly().then((Plotly) => Plotly.purge(this.surface));
  }
}
