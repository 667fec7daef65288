/** The fields of a sheet, and beneath each quantity what is said of its numbers, and its hints. */

import { gridStyle } from "../../graph_view/frontend/array_text.js";
import { math } from "../../graph_view/frontend/katex.js";
import { UNREAD } from "../../graph_view/frontend/predict/number.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { hasRows, writtenPlace, writtenText } from "../../shared/frontend/notation/notation.js";
import { moreBelow } from "./more.js";
import { afterPress, keepStill } from "./still.js";
import { FORMULA, hintOf, LAST, stepsOf } from "./hints.js";
import { LONGEST } from "./work.js";

/** @import { Asked, SheetData } from "./data.d.ts" */
/** @import { SheetView } from "./view.js" */

const WORDS = {
  right: "✓ right",
  follows: "✓ follows from your own earlier numbers",
  near: "✗ near",
  wrong: "✗ not yet",
  shown: "the answer",
};

/**
 * @typedef {object} Row of a quantity
 * @property {Asked} asked
 * @property {HTMLInputElement[]} inputs
 * @property {HTMLElement} said
 * @property {HTMLElement} hint
 * @property {HTMLButtonElement} button
 * @property {string} shown what the hint shows
 */

export class Fields {
  /** @param {SheetView} view */
  constructor(view) {
    this.view = view;
    /** @type {Row[]} */
    this.rows = [];
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
    this.next = el("p", { class: "ur-sheet-next", role: "status" });
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
        el("section", {}, el("h2", {}, title), ...asked.map((each) => this.#row(each))),
      ),
      this.next,
    );
    this.show();
  }

  /** @param {Asked} asked */
  #row(asked) {
    const { work } = this.view;
    const columns = asked.shape[1] ?? 1;
    const id = `ur-said-${asked.first}`;
    const spoken = writtenText(asked.spoken);
    const inputs = asked.places.map((place, i) => {
      const k = asked.first + i;
      /** @type {HTMLInputElement} */
      const input = el("input", {
        type: "text",
        class: "ur-predict-field ur-sheet-field",
        autocomplete: "off",
        spellcheck: "false",
        maxlength: LONGEST,
        size: 9,
        "aria-label": place ? `${spoken}, ${writtenPlace(place)}` : spoken,
        "aria-describedby": id,
        oninput: () => this.view.type(k, input.value),
        onblur: () => this.settled(() => this.view.leave(k)),
        onfocus: () => this.view.point(asked),
        onkeydown: (event) => this.#onKey(event, k),
      });
      input.value = work.texts[k];
      return input;
    });
    const isTurned = asked.shape.length === 2 && hasRows();
    const style = gridStyle(isTurned, columns, "minmax(0, 7.5rem)");
    const said = el("div", { class: "ur-sheet-said", id });
    const hint = el("div", { class: "ur-sheet-hint", role: "status" });
    const button = el("button", {
      type: "button",
      class: "ur-link",
      onclick: () => this.#hint(row),
    });
    /** @type {Row} */
    const row = { asked, inputs, said, hint, button, shown: "" };
    this.rows.push(row);
    const isMatrix = asked.places.length > 1;
    return el(
      "div",
      { class: "ur-sheet-row" },
      el(
        "div",
        { class: "ur-sheet-line" },
        math(`\\displaystyle ${asked.latex} =`, { label: spoken }),
        el(
          "div",
          { class: isMatrix ? "ur-sheet-grid ur-sheet-matrix" : "ur-sheet-grid", style },
          ...inputs,
        ),
        button,
      ),
      said,
      hint,
    );
  }

  /** Enter goes to the next field that is not right. @param {KeyboardEvent} event @param {number} k */
  #onKey(event, k) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.view.leave(k);
    const next = this.#inputs().find(
      ([place]) => place > k && !["right", "follows", "shown"].includes(this.view.statusOf(place)),
    );
    if (next && ["right", "follows"].includes(this.view.statusOf(k))) this.focus(next[0]);
  }

  /** @returns {[number, HTMLInputElement][]} by question */
  #inputs() {
    return this.rows.flatMap(({ asked, inputs }) =>
      inputs.map(
        (input, i) => /** @type {[number, HTMLInputElement]} */ ([asked.first + i, input]),
      ),
    );
  }

  /** @param {number|undefined} k */
  focus(k) {
    const input = this.#inputs().find(([place]) => place === k)?.[1];
    if (!input) return;
    input.focus({ preventScroll: true });
    input.scrollIntoView({ block: "nearest" });
    input.select();
  }

  /** The next hint of a quantity. @param {Row} row */
  #hint({ asked }) {
    const { work } = this.view;
    const stage = Math.min(LAST, (work.hints.get(asked.first) ?? 0) + 1);
    work.hints.set(asked.first, stage);
    if (stage === LAST) this.view.giveUp(asked);
    else this.show();
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
      const { asked, inputs } = row;
      const statuses = inputs.map((_, i) => view.statusOf(asked.first + i));
      inputs.forEach((input, i) => this.#field(input, asked.first + i, statuses[i]));
      right += statuses.filter((each) => each === "right" || each === "follows").length;
      wrong += statuses.filter((each) => each === "wrong" || each === "near").length;
      gaveUp += statuses.filter((each) => each === "shown").length;
      this.#say(row, statuses);
      this.#showHint(row, statuses);
    }
    const total = this.#inputs().length;
    const parts = [
      `${right} of ${total} right`,
      wrong && `${wrong} not yet`,
      gaveUp && `${gaveUp} given up`,
    ];
    setText(this.count, parts.filter(Boolean).join(", "));
    this.meter.value = total ? right / total : 0;
    setText(this.next, total && right === total ? (view.data?.next ?? "") : "");
  }

  /** @param {HTMLInputElement} input @param {number} k @param {string} status */
  #field(input, k, status) {
    const { work, data } = this.view;
    const text = work.shown.has(k) ? (data?.key[k] ?? "") : work.texts[k];
    if (input.value !== text) input.value = text;
    input.dataset.status = status;
    if (status === "wrong" || status === "near" || this.#isUnread(k)) {
      input.setAttribute("aria-invalid", "true");
    } else input.removeAttribute("aria-invalid");
  }

  /** @param {number} k */
  #isUnread(k) {
    const { work, numbers } = this.view;
    return work.left.has(k) && Boolean(work.texts[k].trim()) && numbers[k] === null;
  }

  /** @param {Row} row @param {string[]} statuses */
  #say({ asked, said }, statuses) {
    const { view } = this;
    const { work, data, marks } = view;
    /** @type {[string, string][]} */
    const lines = [];
    const isWhole = statuses.every((each) => each === "right");
    if (isWhole) lines.push(["right", WORDS.right]);
    asked.places.forEach((place, i) => {
      const k = asked.first + i;
      const where = place ? `${writtenPlace(place)}: ` : "";
      const status = statuses[i];
      if (this.#isUnread(k)) {
        const written = writtenText(asked.written);
        const name = place ? `${written}, ${writtenPlace(place)}` : written;
        lines.push(["wrong", `${name}: ${UNREAD}, got “${work.texts[k]}”`]);
      } else if (status && !(isWhole || (status === "right" && statuses.length > 1))) {
        const word = WORDS[/** @type {keyof typeof WORDS} */ (status)];
        const says = status === "shown" ? "" : (marks[k]?.says ?? "");
        lines.push([status, `${where}${word}${says && `: ${writtenText(says)}`}`]);
      }
      if (work.all && status !== "shown") lines.push(["", `${where}answer ${data?.key[k]}`]);
    });
    const key = JSON.stringify(lines);
    if (said.dataset.key === key) return;
    said.dataset.key = key;
    said.replaceChildren(
      ...lines.map(([status, text]) => el("p", { "data-status": status }, text)),
    );
  }

  /** @param {Row} row @param {string[]} statuses */
  #showHint(row, statuses) {
    const { asked, hint, button } = row;
    const { work } = this.view;
    const isWrong = statuses.some((each) => each === "wrong" || each === "near");
    const asks = work.hints.get(asked.first) ?? 0;
    if (isWrong && asks === 0) work.hints.set(asked.first, FORMULA);
    const isDone = statuses.every((each) => ["right", "follows", "shown"].includes(each));
    const { steps, next } = stepsOf(asked, work.hints.get(asked.first) ?? 0);
    button.hidden = isDone;
    if (button.textContent !== next) {
      setText(button, next);
      button.setAttribute("aria-label", `${next}: ${writtenText(asked.spoken)}`);
    }
    const latex = isDone ? [] : steps.map((step) => hintOf(asked, step, this.view));
    const key = JSON.stringify(latex);
    if (row.shown === key) return;
    row.shown = key;
    hint.replaceChildren(
      ...latex.map(({ math: source, text }) =>
        source
          ? el(
              "div",
              { class: "ur-wide", tabindex: 0, role: "group", "aria-label": text },
              math(source, { block: true }),
            )
          : el("p", {}, text),
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
