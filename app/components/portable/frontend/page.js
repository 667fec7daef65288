/** A page with one network: its graph, its given numbers, and what can be done with them. */

import graph from "../../graph_view/frontend/graph.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { askDigits } from "../../shared/frontend/digits.js";
import { cursor } from "../../shared/frontend/cursor.js";
import { short } from "../../shared/frontend/numbers.js";
import { numberIn } from "../../graph_view/frontend/predict/number.js";
import {
  askNotation,
  writtenRefusal,
  writtenText,
} from "../../shared/frontend/notation/notation.js";
import { explainSymbols } from "../../shared/frontend/symbols/explain.js";
import { tellSymbols } from "../../shared/frontend/symbols/meaning.js";
import { undoWish } from "../../shared/frontend/undo_keys.js";
import { Fields } from "./fields.js";
import { placeOf } from "./holding.js";
import { PageRun } from "./run.js";
import { Taken } from "./taken.js";
import { numbersOf } from "./symbols.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Level } from "../../shared/frontend/cursor.js" */
/** @import { PageData } from "./data.d.ts" */

const USUAL_TITLE = "Recurrent network, unrolled";
const LONGEST_LETTER = 2; // with an accent; a longer name says what it is
const DARK = "(prefers-color-scheme: dark)";

/** @typedef {{do: string, node?: string, unit?: ?number, text?: string}} Wish */
/** @typedef {{level: Level, selected: ?string}} Question */

/** @param {Change} one @param {Change} other */
const isSamePlace = (one, other) =>
  one.field === other.field && one.row === other.row && one.column === other.column;

export class Page {
  /** What is asked for before it is shown; empty for nothing. */
  #predicted = "";
  /** @type {Change[][]} what was changed before each change */
  #past = [];

  /**
   * @param {PageData} sent
   * @param {HTMLElement} root
   */
  constructor(sent, root) {
    this.sent = sent;
    this.root = root;
    this.run = new PageRun(sent);
    this.asked = { selected: sent.view.selected, level: sent.view.level };
    this.fields = new Fields(sent, (changes) => this.#change(changes));
    this.taken = new Taken(sent.experiment);
    this.numbers = el("p", {});
    this.said = el("p", { class: "ur-page-said", role: "alert", hidden: true });
    this.undo = this.#button("Undo", "Take back the last change (Ctrl+Z)", () => this.#undo());
    this.again = this.#button("Start again", "All numbers as they came", () => this.#startAgain());
    this.graph = el("div", { class: "ur-page-graph" }, el("div", { class: "ur-graph-view" }));
  }

  open() {
    const { title, about, view, digits, notation } = this.sent;
    const heading = title || USUAL_TITLE;
    askDigits(digits.first);
    askNotation(this.#named(notation.first));
    explainSymbols();
    this.root.replaceChildren(
      el(
        "header",
        { class: "ur-page-head" },
        el("h1", {}, heading),
        el("p", { class: "ur-page-about" }, about),
      ),
      el(
        "div",
        { class: "ur-page-bar" },
        el("div", { class: "st-key-numbers" }, this.numbers),
        el(
          "div",
          { class: "ur-page-buttons" },
          this.undo,
          this.again,
          this.#digits(),
          this.#notation(),
        ),
      ),
      this.said,
      el(
        "div",
        { class: "ur-page-body" },
        el(
          "details",
          { class: "ur-page-fields", open: matchMedia("(min-width: 75rem)").matches },
          el("summary", {}, "Given numbers"),
          this.fields.root,
        ),
        this.graph,
      ),
      this.#foot(),
    );
    document.addEventListener("keydown", (event) => {
      if (undoWish(event, this.root) === "undo") this.#undo();
    });
    matchMedia(DARK).addEventListener("change", () => this.#theme());
    this.#theme();
    if (!new URLSearchParams(location.search).has("at")) {
      cursor.set({ ...view, pinned: view.selected !== null });
    }
    this.taken.show([], []);
    this.#show();
  }

  /** Canvases read the colours of the page again when this changes. */
  #theme() {
    document.documentElement.dataset.theme = matchMedia(DARK).matches ? "dark" : "light";
  }

  /** @param {Change[]} changes none where something was refused */
  #change(changes) {
    if (changes.length) {
      this.#past.push(this.run.changes);
      const others = this.run.changes.filter(
        (each) => !changes.some((one) => isSamePlace(one, each)),
      );
      this.#set([...others, ...changes]);
    } else this.#show();
  }

  #undo() {
    const before = this.#past.pop();
    if (before) this.#set(before);
  }

  #startAgain() {
    this.#past.push(this.run.changes);
    this.#set([]);
  }

  /** @param {Change[]} changes */
  #set(changes) {
    this.run.change(changes);
    this.taken.show(changes, this.run.held);
    this.#show();
  }

  #show() {
    const { run } = this;
    this.fields.show(run.network);
    this.undo.disabled = !this.#past.length;
    this.again.disabled = !run.changes.length;
    this.numbers.replaceChildren(...this.#line());
    tellSymbols(this.sent.symbols, numbersOf(this.sent, run.network));
    this.#draw();
  }

  #draw() {
    graph({
      data: this.run.data(this.asked, this.#predicted),
      parentElement: this.graph,
      setStateValue: (_, question) => this.#answer(/** @type {Question} */ (question)),
      setTriggerValue: (name, value) => this.#hear(name, value),
    });
  }

  /** What the graph asks for: details of what is selected. @param {Question} question */
  #answer({ level, selected }) {
    if (selected === this.asked.selected && level === this.asked.level) return;
    this.asked = { level, selected };
    // Where there is none, nothing is drawn anew under a reader who types.
    if (this.run.detail(selected, level)) this.#draw();
  }

  /** @param {string} name @param {unknown} value */
  #hear(name, value) {
    if (name === "predict") {
      this.#predicted = String(value);
      this.#draw();
    } else if (name === "wish") {
      setText(this.said, writtenRefusal(this.#hold(/** @type {Wish} */ (value))));
      this.said.hidden = !this.said.textContent;
      this.run.compute();
      this.taken.show(this.run.changes, this.run.held);
      this.#draw();
    }
  }

  /**
   * Hold a number, or let go of one or all.
   * @param {Wish} wish
   * @returns {string} why not, empty where it was done
   */
  #hold({ do: what, node = "", unit = null, text = "" }) {
    const { run, sent } = this;
    if (what === "free" && !node) run.held = [];
    if (!node) return "";
    if (what === "free") {
      run.held = run.held.filter(({ place }) => place !== node);
      return "";
    }
    const place = placeOf(run.model(this.asked.level), node, unit);
    const value = numberIn(text);
    if (value === null || !Number.isFinite(value)) {
      return `Hold ${place} at: expected a number, got “${text.slice(0, 40)}”.`;
    }
    const others = run.held.filter((each) => each.place !== place);
    if (others.length >= sent.held) {
      return `Hold: expected at most ${sent.held} numbers, got one more.`;
    }
    run.held = [...others, { place, value }];
    return "";
  }

  /** Sizes and what came out, as above the app's graph: symbols are strong, numbers code. */
  #line() {
    const { network } = this.run;
    const { D, H, K } = network.program.widths;
    /** @type {[words: string, symbol: string, number: string][]} */
    const parts = [
      ["steps", "T", `${network.steps}`],
      ["inputs", "D", `${D}`],
      ["hidden units", "H", `${H}`],
      ["outputs", "K", `${K}`],
    ];
    if (network.batch > 1) parts.push(["sequences", "B", `${network.batch}`]);
    if (this.run.loss !== null) parts.push(["loss", "L", short(this.run.loss)]);
    return parts.map(([words, symbol, number]) =>
      el(
        "span",
        {},
        writtenText(symbol).length > LONGEST_LETTER ? "" : `${words} `,
        el("strong", {}, writtenText(symbol)),
        " ",
        el("code", {}, number),
      ),
    );
  }

  #digits() {
    const { first, choices } = this.sent.digits;
    const options = choices.map((count) => ({ value: `${count}`, text: `${count}` }));
    return this.#choice("Digits", options, `${first}`, (chosen) => askDigits(Number(chosen)));
  }

  #notation() {
    const { first, choices } = this.sent.notation;
    const options = choices.map(({ table }) => ({ value: table.name, text: table.title }));
    return this.#choice("Notation", [{ value: "", text: "Ours" }, ...options], first, (chosen) =>
      askNotation(this.#named(chosen)),
    );
  }

  /** @param {string} name of a notation */
  #named(name) {
    return this.sent.notation.choices.find(({ table }) => table.name === name) ?? null;
  }

  /**
   * What the whole page is written by.
   * @param {string} title
   * @param {{value: string, text: string}[]} options
   * @param {string} first
   * @param {(value: string) => void} choose
   */
  #choice(title, options, first, choose) {
    /** @type {HTMLSelectElement} */
    const select = el(
      "select",
      {
        class: "ur-select",
        onchange: () => {
          choose(select.value);
          this.#show();
        },
      },
      ...options.map(({ value, text }) => el("option", { value, selected: value === first }, text)),
    );
    return el("label", {}, `${title} `, select);
  }

  /** @param {string} text @param {string} title @param {() => void} onclick */
  #button(text, title, onclick) {
    return el("button", { type: "button", class: "ur-button", title, onclick }, text);
  }

  #foot() {
    return el(
      "footer",
      { class: "ur-page-foot" },
      el(
        "p",
        {},
        "Made with Unrolled. Every number is computed in this page; nothing is sent anywhere. " +
          "The plots of the run are not in it: the app draws them, and gives them as a page.",
      ),
      this.taken.root,
    );
  }
}
