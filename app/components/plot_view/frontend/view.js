/** The groups of charts, of which one is shown, and what its charts share. */

import { cursor } from "../../shared/frontend/cursor.js";
import { el, setText, themeOf } from "../../shared/frontend/dom.js";
import { Card } from "./card.js";
import { Factors } from "./term_factors.js";
import { choices } from "./chosen.js";
import { placeOf } from "./place.js";

/** @import { Cursor } from "../../shared/frontend/cursor.js" */
/** @import { Theme } from "../../shared/frontend/dom.js" */
/** @import { Context } from "./card.js" */
/** @import { ChartDrawing } from "./drawing.js" */
/** @import { Chosen } from "./chosen.js" */
/** @import { Chart, Group, PlotsData } from "./data.d.ts" */

const WHOLE = { at: "end", t: 0 };
const TALLER = 1.6; // two charts than one beside them, at most

/**
 * Whether of three charts the third goes beside the other two, rather than below them.
 * @param {Chart[]} charts
 */
function stacked(charts) {
  if (charts.length !== 3 || charts[2].wide) return false;
  const [first, second, third] = charts.map(({ views }) => views[0].figure?.layout.height ?? 0);
  return first + second <= TALLER * third;
}

/** Until the first data arrive. @type {PlotsData} */
const NOTHING = {
  T: 0,
  groups: [],
  factors: null,
  player: false,
  parameters: [],
};

export class PlotsView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.data = NOTHING;
    /** @type {?string|undefined} in the graph */
    this.selected = undefined;
    /** @type {(group: string) => void} asks Python for the charts of a group */
    this.ask = () => {};
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.tabs = el("div", {
      class: "ur-plots-segments ur-plots-groups",
      role: "group",
      "aria-label": "Plots of",
    });
    this.charts = el("div", { class: "ur-plots-charts" });
    this.empty = el("p", { class: "ur-plots-note" });
    this.key = el("p", { class: "ur-plots-note", hidden: true });
    this.bar = el("div", { class: "ur-plots-bar" }, this.tabs, this.key);
    this.root = el(
      "section",
      { class: "ur-plots", "aria-label": "Plots" },
      this.bar,
      this.empty,
      this.charts,
    );
    parent.replaceChildren(this.root);
    this.around = new ResizeObserver(() => {
      for (const card of this.cards.values()) card.drawing.refit();
    });
    this.around.observe(parent.closest("[data-testid=stMainBlockContainer]") ?? this.root);
    /** @type {Context} */
    this.context = {
      version: 0,
      T: 0,
      player: false,
      parameters: [],
      range: null,
      place: placeOf(WHOLE, 0, []),
      theme: themeOf(this.root),
      factors: new Factors(null),
      chosen: choices(false),
      zoom: (range, from) => this.zoom(range, from),
    };
  }

  /** @param {PlotsData} data */
  update(data) {
    const { context } = this;
    this.data = data;
    context.version += 1;
    if (context.T !== data.T) context.range = null;
    Object.assign(context, {
      T: data.T,
      factors: new Factors(data.factors),
    });
    context.player = data.player;
    context.parameters = data.parameters;
    context.place = this.place();
    context.chosen = choices(data.groups.length > 1);
    this.render();
    context.chosen.restore();
    this.root.dataset.version = String(context.version);
  }

  /** Where the player stands; the charts of a page without one show the whole run. */
  place() {
    return placeOf(this.data.player ? cursor.get() : WHOLE, this.data.T, this.data.parameters);
  }

  /** What the frame on the charts is, beside the choice of charts. */
  explain() {
    const { player, place } = this.context;
    this.key.hidden = !player || place.step === 0;
    const marks = this.cards.has("space") ? "Frame and ring mark" : "The frame marks";
    this.bar.hidden = this.tabs.hidden && this.key.hidden;
    setText(this.key, `${marks} the player’s step, t = ${place.step}.`);
  }

  render() {
    const { groups } = this.data;
    const chosen = this.context.chosen.get();
    const shown = groups.find(({ name }) => name === chosen.group) ?? groups[0];
    this.tabs.hidden = groups.length < 2;
    this.showTabs(groups, shown);
    const { charts } = shown;
    this.charts.ariaBusy = String(charts === null);
    if (charts === null) {
      this.ask(shown.name); // what is drawn stays until they come
      return;
    }
    if (groups.length > 1) this.charts.dataset.group = stacked(charts) ? "stacked" : "";
    this.charts.style.setProperty("--ur-plots-columns", String(this.data.columns ?? 1));
    this.charts.toggleAttribute("data-close", Boolean(this.data.close));
    this.empty.textContent = shown.empty;
    this.empty.hidden = shown.empty === "";
    const titles = new Map(charts.map(({ id, title }) => [id, title]));
    for (const [id, card] of this.cards) {
      if (titles.get(id) === card.title) continue;
      card.destroy();
      this.cards.delete(id);
    }
    const elements = charts.map((chart) => {
      const card = this.cards.get(chart.id) ?? this.made(chart, chosen.views);
      card.update(chart);
      return card.element;
    });
    if (elements.some((element, i) => this.charts.children[i] !== element)) {
      this.charts.replaceChildren(...elements);
    }
    this.explain();
  }

  /** A card for a chart that has none. @param {Chart} chart @param {Chosen["views"]} views */
  made(chart, views) {
    const card = new Card(chart, this.context);
    card.name = views.get(chart.id) ?? null;
    card.choice?.follow?.(cursor.get().selected, this.context.parameters);
    this.cards.set(chart.id, card);
    return card;
  }

  /** @param {Group[]} groups @param {Group} shown */
  showTabs(groups, shown) {
    if (this.buttons.length !== groups.length) {
      this.buttons = groups.map(({ name }) =>
        el(
          "button",
          { type: "button", class: "ur-plots-segment", onclick: () => this.choose(name) },
          name,
        ),
      );
      this.tabs.replaceChildren(...this.buttons);
    }
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.textContent === shown.name));
    }
  }

  /** @param {string} name */
  choose(name) {
    this.context.chosen.group(name === this.data.groups[0].name ? null : name);
    this.render();
  }

  /** The address has chosen something else. */
  onChosen() {
    if (this.data === NOTHING) return;
    this.render();
    const { views } = this.context.chosen.get();
    for (const card of this.cards.values()) card.take(views.get(card.id) ?? null);
  }

  /**
   * Zoom all time axes together; null for the whole sequence.
   * @param {?[number, number]} range
   * @param {?ChartDrawing} from
   */
  zoom(range, from) {
    const { context } = this;
    const whole = [-0.5, context.T + 0.5];
    /** @type {?[number, number]} */
    const next = !range || range.every((end, i) => end === whole[i]) ? null : [range[0], range[1]];
    if (String(next) === String(context.range)) return;
    context.range = next;
    for (const { drawing } of this.cards.values()) {
      if (drawing !== from && drawing.time) drawing.invalidate();
    }
  }

  /** @param {Cursor} state */
  onCursor(state) {
    if (this.data === NOTHING) return;
    const place = this.place();
    if (String(Object.values(place)) !== String(Object.values(this.context.place))) {
      this.context.place = place;
      this.explain();
      for (const card of this.cards.values()) card.follow();
    }
    if (state.selected !== this.selected) {
      this.selected = state.selected;
      for (const card of this.cards.values()) {
        if (card.choice?.follow?.(state.selected, this.context.parameters)) card.redo();
      }
    }
  }

  /** @param {Theme} theme */
  onTheme(theme) {
    this.context.theme = theme;
    for (const card of this.cards.values()) card.drawing.invalidate();
  }

  /** Other digits or names are asked for: words, tables and drawings are written anew. */
  onWriting() {
    for (const card of this.cards.values()) card.redo();
  }

  destroy() {
    this.around.disconnect();
    for (const card of this.cards.values()) card.destroy();
    this.cards.clear();
  }
}
