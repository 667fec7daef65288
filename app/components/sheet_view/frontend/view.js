/** Binds the sheet's numbers, their marks, the graph and the fields: marked here, as one types. */

import { numberIn } from "../../graph_view/frontend/predict/number.js";
import { addressWriter } from "../../shared/frontend/address.js";
import { el, tool } from "../../shared/frontend/dom.js";
import { math } from "../../graph_view/frontend/katex.js";
import { keepFromStreamlit } from "../../graph_view/frontend/keys.js";
import { Fields } from "./fields.js";
import { markerOf } from "./marking.js";
import { Picture } from "./picture.js";
import { fill, Work, workOn } from "./work.js";

/** @import { Mark } from "../../shared/frontend/marks.js" */
/** @import { Entry } from "../../graph_view/frontend/entries.js" */
/** @import { GraphNode } from "../../graph_view/frontend/structure.js" */
/** @import { Asked, SheetData } from "./data.d.ts" */

const IN_ADDRESS = "pr_n";

export class SheetView {
  /** @type {(way: string) => void} */
  #goOn = () => {};

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {?SheetData} */
    this.data = null;
    this.work = new Work(0);
    this.key = "";
    this.asked = ""; // which part of which sheet is shown
    this.goesOn = false; // whether a way on was pressed, and the page has not answered
    /** @type {?ReturnType<typeof markerOf>} */
    this.marker = null;
    /** @type {(?Mark)[]} */
    this.marks = [];
    /** @type {(?number)[]} */
    this.numbers = [];
    /** @type {Set<Asked>} */
    this.given = new Set();
    /** @returns {Record<string, ?string>} */
    const kept = () => (root.isConnected ? { [IN_ADDRESS]: this.work.written } : {});
    this.write = addressWriter(kept);
    const canvas = el("div", { class: "ur-canvas" });
    this.formulas = el("div", {
      class: "ur-sheet-formulas",
      role: "group",
      tabindex: 0,
      "aria-label": "Equations of the network",
    });
    this.stage = el(
      "div",
      {
        class: "ur-stage",
        role: "img",
        "aria-label":
          "The network’s computational graph: each number that is asked for is a question mark " +
          "until it is written into its field.",
      },
      canvas,
    );
    const tools = el(
      "div",
      { class: "ur-buttons", role: "group", "aria-label": "View of the graph" },
      tool("+", "Zoom in", () => this.picture.viewer.zoom(1.25)),
      tool("−", "Zoom out", () => this.picture.viewer.zoom(0.8)),
      tool("Fit", "Fit the whole graph", () => this.picture.viewer.fit()),
    );
    this.fields = new Fields(this);
    root.replaceChildren(
      el(
        "div",
        { class: "ur-graph ur-sheet", onkeydown: keepFromStreamlit },
        el(
          "div",
          { class: "ur-main" },
          el("div", { class: "ur-sheet-top" }, this.formulas, tools),
          this.stage,
        ),
        this.fields.element,
      ),
    );
    this.picture = new Picture(canvas, {
      entriesOf: (asked) => this.entriesOf(asked),
      choose: (node) => this.choose(node),
    });
  }

  /** @param {SheetData} data */
  update(data) {
    this.data = data;
    const key = JSON.stringify([data.name, data.part, data.key]);
    this.work = workOn(data.name, data.questions);
    const isFilled = fill(this.work, data.name, data.told);
    if (key !== this.key || isFilled) {
      this.key = key;
      this.marker = markerOf(data.marking);
      this.given = new Set(data.given);
      this.formulas.replaceChildren(
        ...data.formulas.map((latex) => el("span", { class: "ur-equation" }, math(latex))),
      );
      this.mark();
      this.fields.make(data);
      this.picture.show(data);
      this.#begin(`${data.name} ${data.part}`);
    }
    this.picture.enlarge(data.large);
    this.write();
  }

  /** What is asked for now is seen from its beginning. @param {string} asked */
  #begin(asked) {
    if (asked === this.asked) return;
    this.asked = asked;
    this.fields.toTop();
    if (this.goesOn) this.fields.begin();
    this.goesOn = false;
  }

  /** @param {(way: string) => void} goOn tells Python */
  connect(goOn) {
    this.#goOn = goOn;
  }

  /** A way on was pressed. @param {string} way */
  go(way) {
    this.goesOn = true;
    this.#goOn(way);
  }

  /** The learner has come to a quantity. @param {Asked} asked */
  point(asked) {
    this.picture.point(asked);
    this.stage.dataset.at = this.picture.nodeOf(asked)?.id ?? ""; // for tests
  }

  /** A field has another text. @param {number} k @param {string} text */
  type(k, text) {
    const began = performance.now();
    this.work.texts[k] = text;
    this.work.left.delete(k);
    this.work.shown.delete(k);
    this.changed();
    this.root.dataset.markedMs = (performance.now() - began).toFixed(2);
  }

  /** A field was left: what is wrong in it is said. @param {number} k */
  leave(k) {
    if (!this.work.texts[k].trim() || this.work.left.has(k)) return;
    this.work.left.add(k);
    this.changed();
  }

  /** Everything that was written may have another mark now. */
  changed() {
    this.mark();
    this.fields.show();
    this.picture.refresh();
    this.write();
  }

  mark() {
    const { texts, shown } = this.work;
    const given = new Set(this.data?.given.flatMap(questionsOf));
    const { truth = [] } = this.marker ?? {};
    this.numbers = texts.map((text, k) =>
      given.has(k) || shown.has(k) ? truth[k] : text.trim() ? numberIn(text) : null,
    );
    this.marks = this.marker?.marks(this.numbers) ?? [];
  }

  /** What stands for a number, as it was written; null where that is none. @param {number} k */
  textOf(k) {
    const isKey = this.work.shown.has(k) || this.isGiven(k);
    if (isKey) return this.data?.key[k] ?? null;
    return this.numbers[k] === null ? null : this.work.texts[k];
  }

  /** @param {number} k */
  isGiven(k) {
    return [...this.given].some(({ first, places }) => k >= first && k < first + places.length);
  }

  /** What is said of a number now; nothing of one that is still being written. @param {number} k */
  statusOf(k) {
    if (this.work.shown.has(k)) return "shown";
    const status = this.marks[k]?.status ?? "";
    const isRight = status === "right" || status === "follows";
    return isRight || this.work.left.has(k) ? status : "";
  }

  /** @param {Asked} asked @returns {Entry[]} */
  entriesOf(asked) {
    const isGiven = this.given.has(asked);
    return questionsOf(asked).map((k) => {
      const isKey = isGiven || this.work.shown.has(k);
      const text = isKey ? (this.data?.key[k] ?? "") : this.work.texts[k].trim();
      return { text, status: isGiven ? "given" : this.statusOf(k) };
    });
  }

  /** From a node to the first of its fields that is not right. @param {GraphNode} node */
  choose(node) {
    const { value = null, gradient = null } = this.picture.places.get(node) ?? {};
    const asked = [value, gradient].filter((each) => each !== null && !this.given.has(each));
    const questions = asked.flatMap((each) => (each ? questionsOf(each) : []));
    const open = questions.find((k) => !["right", "follows", "shown"].includes(this.statusOf(k)));
    this.fields.focus(open ?? questions[0]);
  }

  /** The answers of some questions are shown, and count as given up. @param {Asked} asked */
  giveUp(asked) {
    for (const k of questionsOf(asked)) {
      if (!["right", "follows"].includes(this.statusOf(k))) this.work.shown.add(k);
    }
    this.changed();
  }

  /** Another notation is asked for: all is written anew. */
  onNotation() {
    this.key = "";
    if (this.data) this.update({ ...this.data, told: null });
  }

  onTheme() {
    this.picture.onTheme();
  }

  destroy() {
    this.picture.destroy();
  }
}

/** @param {Asked} asked @returns {number[]} */
const questionsOf = ({ first, places }) => places.map((_, k) => first + k);
