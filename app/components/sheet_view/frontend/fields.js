/** The quantities of a sheet in their order, how many numbers are right, and the ways on. */

import { math } from "../../graph_view/frontend/katex.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { moreBelow } from "./more.js";
import { afterPress, keepStill } from "./still.js";
import { LAST } from "./hints.js";
import { Row } from "./row.js";

/** @import { Asked, SheetData } from "./data.d.ts" */
/** @import { SheetView } from "./view.js" */

export class Fields {
  /** @param {SheetView} view */
  constructor(view) {
    this.view = view;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {HTMLElement[]} */
    this.aloud = [];
    this.count = el("p", { class: "ur-sheet-count", role: "status", translate: "no" });
    this.meter = el("progress", { "aria-label": "Right so far", max: 1, value: 0 });
    this.answers = el("input", {
      type: "checkbox",
      onchange: () => {
        view.work.all = this.answers.checked;
        this.show();
      },
    });
    this.list = el("div", { class: "ur-sheet-list" });
    this.next = el("p", { role: "status" });
    this.ways = el("p", { class: "ur-sheet-ways" });
    this.more = moreBelow(this.list, () => this.#inputs().map(([, input]) => input));
    this.element = el(
      "section",
      { class: "ur-side ur-sheet-fields", "aria-label": "Your numbers" },
      el(
        "div",
        { class: "ur-sheet-head" },
        this.count,
        this.meter,
        el("label", {}, this.answers, " Show the answers"),
      ),
      this.list,
      this.more.element,
    );
    this.settled = afterPress(this.element);
  }

  /** @param {SheetData} data */
  make({ blocks, given, key }) {
    this.rows = [];
    this.answers.checked = this.view.work.all;
    const known = given.map((asked) =>
      el("li", {}, math(`${asked.latex} = ${matrixOf(asked, (k) => key[asked.first + k])}`)),
    );
    this.list.replaceChildren(
      known.length
        ? el(
            "details",
            { class: "ur-sheet-given" },
            el("summary", {}, "What comes before is given"),
            el("ul", {}, ...known),
          )
        : "",
      ...blocks.map(({ title, asked }) =>
        el("section", {}, el("h2", {}, title), ...asked.map((each) => this.#row(each).element)),
      ),
      el("div", { class: "ur-sheet-next" }, this.next, this.ways),
    );
    this.show();
  }

  /** @param {Asked} asked */
  #row(asked) {
    const row = new Row(this.view, asked, {
      onFocus: ({ said }) => {
        this.#sayAloud(said);
        this.view.point(asked);
      },
      onLeave: (k) => this.settled(() => this.view.leave(k)),
      onEnter: (k) => this.#onEnter(k),
      onHint: (each, isKey) => this.#hint(each, isKey),
    });
    this.rows.push(row);
    return row;
  }

  /** Go to the next field that is not right. @param {number} k */
  #onEnter(k) {
    this.view.leave(k);
    if (["right", "follows"].includes(this.view.statusOf(k))) this.focus(this.#openAfter(k));
  }

  /** The next field that is not right. @param {number} k */
  #openAfter(k) {
    return this.#inputs().find(
      ([place]) => place > k && !["right", "follows", "shown"].includes(this.view.statusOf(place)),
    )?.[0];
  }

  /**
   * A screen reader hears what is said of the numbers that one is at, or has just left, and not of
   * all of a sheet whose answers are shown.
   * @param {HTMLElement} said
   */
  #sayAloud(said) {
    this.aloud = [said, ...this.aloud.filter((each) => each !== said)].slice(0, 2);
    for (const row of this.rows) {
      row.said.setAttribute("aria-live", this.aloud.includes(row.said) ? "polite" : "off");
    }
  }

  /** @returns {[number, HTMLInputElement][]} by question */
  #inputs() {
    return this.rows.flatMap(({ asked, inputs }) =>
      inputs.map(
        (input, i) => /** @type {[number, HTMLInputElement]} */ ([asked.first + i, input]),
      ),
    );
  }

  toTop() {
    this.list.scrollTop = 0;
  }

  /** Go to the first field. */
  begin() {
    this.#inputs()[0]?.[1].focus();
  }

  /** @param {number|undefined} k */
  focus(k) {
    const input = this.#inputs().find(([place]) => place === k)?.[1];
    if (!input) return;
    input.focus({ preventScroll: true });
    input.scrollIntoView({ block: "nearest" });
    input.select();
  }

  /**
   * The next hint of a quantity.
   * @param {Row} row
   * @param {boolean} isKey
   */
  #hint({ asked, inputs }, isKey) {
    const { work } = this.view;
    const stage = Math.min(LAST, (work.hints.get(asked.first) ?? 0) + 1);
    work.hints.set(asked.first, stage);
    if (stage !== LAST) {
      this.show();
      return;
    }
    this.view.giveUp(asked);
    // The button is gone.
    if (isKey) this.focus(this.#openAfter(asked.first) ?? asked.first + inputs.length - 1);
  }

  /** Say what is to be said of all numbers now. */
  show() {
    keepStill(this.list, () => this.#show());
    this.more.show();
  }

  #show() {
    const { view } = this;
    let right = 0;
    let wrong = 0;
    let gaveUp = 0;
    for (const row of this.rows) {
      const statuses = row.inputs.map((_, i) => view.statusOf(row.asked.first + i));
      right += statuses.filter((each) => each === "right" || each === "follows").length;
      wrong += statuses.filter((each) => each === "wrong" || each === "near").length;
      gaveUp += statuses.filter((each) => each === "shown").length;
      row.show(statuses);
    }
    const total = this.#inputs().length;
    const parts = [
      `${right} of ${total} right`,
      wrong && `${wrong} not yet`,
      gaveUp && `${gaveUp} given up`,
    ];
    setText(this.count, parts.filter(Boolean).join(", "));
    this.meter.value = total ? right / total : 0;
    this.#showNext(Boolean(total) && right === total);
  }

  /** @param {boolean} isDone whether all that is asked for is right */
  #showNext(isDone) {
    const { said, ways } = (isDone && this.view.data?.next) || { said: "", ways: {} };
    setText(this.next, said);
    const key = JSON.stringify(ways);
    if (this.ways.dataset.key === key) return;
    this.ways.dataset.key = key;
    this.ways.replaceChildren(
      ...Object.entries(ways).map(([way, name]) =>
        el(
          "button",
          { type: "button", class: "ur-button", onclick: () => this.view.go(way) },
          name,
        ),
      ),
    );
  }
}

/** @param {Asked} asked @param {(k: number) => string} textOf */
function matrixOf({ shape, places }, textOf) {
  if (places.length === 1) return textOf(0);
  const columns = shape[1] ?? 1;
  const rows = [];
  for (let start = 0; start < places.length; start += columns) {
    rows.push(places.slice(start, start + columns).map((_, k) => textOf(start + k)));
  }
  return `\\begin{pmatrix}${rows.map((row) => row.join(" & ")).join(" \\\\ ")}\\end{pmatrix}`;
}
