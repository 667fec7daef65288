/** One quantity of a sheet: its fields, and beneath them what is said of its numbers, and its hints. */

import { gridStyle } from "../../graph_view/frontend/array_text.js";
import { math } from "../../graph_view/frontend/katex.js";
import { UNREAD } from "../../graph_view/frontend/predict/number.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { hasRows, writtenPlace, writtenText } from "../../shared/frontend/notation/notation.js";
import { FORMULA, hintOf, stepsOf } from "./hints.js";
import { LONGEST } from "./work.js";

/** @import { Asked } from "./data.d.ts" */
/** @import { SheetView } from "./view.js" */

const WORDS = {
  right: "✓ right",
  follows: "✓ follows from your own earlier numbers",
  near: "✗ near",
  wrong: "✗ not yet",
  shown: "the answer",
};

/**
 * @typedef {object} Hooks
 * @property {(row: Row) => void} onFocus
 * @property {(k: number) => void} onLeave  a field
 * @property {(k: number) => void} onEnter  in a field
 * @property {(row: Row, isKey: boolean) => void} onHint
 */

export class Row {
  /**
   * @param {SheetView} view
   * @param {Asked} asked
   * @param {Hooks} hooks
   */
  constructor(view, asked, hooks) {
    this.view = view;
    this.asked = asked;
    this.shown = ""; // what the hint shows
    const spoken = writtenText(asked.spoken);
    const id = `ur-said-${asked.first}`;
    this.inputs = asked.places.map((place, i) => this.#input(place, asked.first + i, id, hooks));
    this.said = el("div", { class: "ur-sheet-said", id });
    this.hint = el("div", { class: "ur-sheet-hint", role: "status" });
    this.button = el("button", {
      type: "button",
      class: "ur-link",
      onclick: ({ detail }) => hooks.onHint(this, detail === 0),
    });
    const isMatrix = asked.places.length > 1;
    const isTurned = asked.shape.length === 2 && hasRows();
    const style = gridStyle(isTurned, asked.shape[1] ?? 1, "minmax(0, 7.5rem)");
    this.element = el(
      "div",
      { class: "ur-sheet-row" },
      el(
        "div",
        { class: "ur-sheet-line" },
        math(`\\displaystyle ${asked.latex} =`, { label: spoken }),
        el(
          "div",
          { class: isMatrix ? "ur-sheet-grid ur-sheet-matrix" : "ur-sheet-grid", style },
          ...this.inputs,
        ),
        this.button,
      ),
      this.said,
      this.hint,
    );
  }

  /**
   * @param {string} place
   * @param {number} k
   * @param {string} id of what is said of it
   * @param {Hooks} hooks
   */
  #input(place, k, id, { onFocus, onLeave, onEnter }) {
    const spoken = writtenText(this.asked.spoken);
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
      onblur: () => onLeave(k),
      onfocus: () => onFocus(this),
      onkeydown: (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        onEnter(k);
      },
    });
    input.value = this.view.work.texts[k];
    return input;
  }

  /** Say what is to be said of its numbers now. @param {string[]} statuses */
  show(statuses) {
    this.inputs.forEach((input, i) => this.#field(input, this.asked.first + i, statuses[i]));
    this.#say(statuses);
    this.#showHint(statuses);
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

  /** @param {string[]} statuses */
  #say(statuses) {
    const { view, asked, said } = this;
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

  /** @param {string[]} statuses */
  #showHint(statuses) {
    const { asked, hint, button } = this;
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
    if (this.shown === key) return;
    this.shown = key;
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
