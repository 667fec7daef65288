/** The groups of charts, of which one is shown, and what its charts share. */

import { cursor } from "../../frontend/cursor.js";
import { el, setText, themeOf } from "../../frontend/dom.js";
import { Card } from "./card.js";
import { Factors } from "./choices.js";
import { choices } from "./chosen.js";
import { placeOf } from "./place.js";

const WHOLE = { at: "end", t: 0 };
const TALLER = 1.6; // two charts than one beside them, at most

/** Whether of three charts the third goes beside the other two, rather than below them. */
function stacked(charts) {
  if (charts.length !== 3 || charts[2].wide) return false;
  const [first, second, third] = charts.map(({ views }) => views[0].figure?.layout.height ?? 0);
  return first + second <= TALLER * third;
}

export class PlotsView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.cards = new Map();
    this.tabs = el("div", {
      class: "ur-plots-segments ur-plots-groups",
      role: "group",
      "aria-label": "Plots of",
    });
    this.charts = el("div", { class: "ur-plots-charts" });
    this.empty = el("p", { class: "ur-plots-note" });
    this.key = el("p", { class: "ur-plots-note", hidden: true });
    this.root = el(
      "section",
      { class: "ur-plots", "aria-label": "Plots" },
      el("div", { class: "ur-plots-bar" }, this.tabs, this.key),
      this.empty,
      this.charts,
    );
    parent.replaceChildren(this.root);
    this.context = {
      version: 0,
      T: 0,
      player: false, // whether the charts follow one, and lead it
      range: null,
      place: placeOf(WHOLE, 0),
      theme: themeOf(this.root),
      palette: null,
      factors: new Factors(null),
      chosen: choices(false),
      zoom: (range, from) => this.zoom(range, from),
    };
  }

  /** @param {object} data the payload of `app/figures` */
  update(data) {
    const { context } = this;
    this.data = data;
    context.version += 1;
    if (context.T !== data.T) context.range = null;
    Object.assign(context, {
      T: data.T,
      palette: data.palette,
      factors: new Factors(data.factors),
    });
    context.player = data.player;
    context.place = this.place();
    context.chosen = choices(data.groups.length > 1);
    this.render();
    context.chosen.restore();
    this.root.dataset.version = String(context.version);
  }

  /** Where the player stands; the charts of a page without one show the whole run. */
  place() {
    return placeOf(this.data.player ? cursor.get() : WHOLE, this.data.T);
  }

  /** What the frame on the charts is, beside the choice of charts. */
  explain() {
    const { player, place } = this.context;
    this.key.hidden = !player || place.step === 0;
    const marks = this.cards.has("space") ? "Frame and ring mark" : "The frame marks";
    setText(this.key, `${marks} the player’s step, t = ${place.step}.`);
  }

  render() {
    const { groups } = this.data;
    const chosen = this.context.chosen.get();
    const shown = groups.find(({ name }) => name === chosen.group) ?? groups[0];
    this.tabs.hidden = groups.length < 2;
    if (groups.length > 1) this.charts.dataset.group = stacked(shown.charts) ? "stacked" : "";
    this.charts.style.setProperty("--ur-plots-columns", this.data.columns ?? 1);
    this.showTabs(groups, shown);
    this.empty.textContent = shown.empty;
    this.empty.hidden = shown.empty === "";
    const wanted = new Map(shown.charts.map((chart) => [chart.id, chart]));
    for (const [id, card] of this.cards) {
      if (wanted.has(id)) continue;
      card.destroy();
      this.cards.delete(id);
    }
    for (const [id, chart] of wanted) {
      if (!this.cards.has(id)) {
        const card = new Card(chart, this.context);
        card.name = chosen.views.get(id) ?? null;
        card.choice?.follow?.(cursor.get().selected);
        this.cards.set(id, card);
      }
      this.cards.get(id).update(chart);
    }
    const elements = shown.charts.map(({ id }) => this.cards.get(id).element);
    if (elements.some((element, i) => this.charts.children[i] !== element)) {
      this.charts.replaceChildren(...elements);
    }
    this.explain();
  }

  showTabs(groups, shown) {
    if (this.tabs.children.length !== groups.length) {
      this.tabs.replaceChildren(
        ...groups.map(({ name }) =>
          el(
            "button",
            { type: "button", class: "ur-plots-segment", onclick: () => this.choose(name) },
            name,
          ),
        ),
      );
    }
    for (const button of this.tabs.children) {
      button.setAttribute("aria-pressed", String(button.textContent === shown.name));
    }
  }

  choose(name) {
    this.context.chosen.group(name === this.data.groups[0].name ? null : name);
    this.render();
  }

  /** The address has chosen something else. */
  onChosen() {
    if (!this.data) return;
    this.render();
    const { views } = this.context.chosen.get();
    for (const card of this.cards.values()) card.take(views.get(card.id) ?? null);
  }

  /** Zoom all time axes together; null for the whole sequence. */
  zoom(range, from) {
    const { context } = this;
    const whole = [-0.5, context.T + 0.5];
    const next = range && range.every((end, i) => end === whole[i]) ? null : range && [...range];
    if (String(next) === String(context.range)) return;
    context.range = next;
    for (const card of this.cards.values()) if (card !== from && card.time) card.invalidate();
  }

  onCursor(state) {
    if (!this.data) return;
    const place = this.place();
    const moved = Object.keys(place).some((name) => place[name] !== this.context.place[name]);
    if (moved) {
      this.context.place = place;
      this.explain();
      for (const card of this.cards.values()) card.follow();
    }
    if (state.selected !== this.selected) {
      this.selected = state.selected;
      for (const card of this.cards.values()) {
        if (card.choice?.follow?.(state.selected)) card.redo();
      }
    }
  }

  onTheme(theme) {
    this.context.theme = theme;
    for (const card of this.cards.values()) card.invalidate();
  }

  destroy() {
    for (const card of this.cards.values()) card.destroy();
    this.cards.clear();
  }
}
