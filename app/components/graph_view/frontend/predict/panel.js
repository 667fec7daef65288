/** The question beside the graph: what is asked, what is known, a place for the answer, and its mark. */

import { el, setText, tool } from "../../../shared/frontend/dom.js";
import { notationName } from "../../../shared/frontend/notation/notation.js";
import { gridStyle, placeOf } from "../array_text.js";
import { math } from "../katex.js";
import { spoken } from "../symbol.js";
import { formulaFor } from "./formula.js";
import { numberIn, UNREAD } from "./number.js";
import { keyAt } from "./own.js";
import { spokenEntry } from "./question.js";
import { questionWords, wordsOf } from "./words.js";

/** @import { Model } from "../model.js" */
/** @import { Predicting, Said } from "./predicting.js" */
/** @import { Question } from "./question.js" */

const AS_IT_IS = "The run as it is: what is held does not count here.";

/**
 * @typedef {object} Hooks
 * @property {(numbers: (?number)[]) => void} answer
 * @property {(key: string) => void} choice
 * @property {() => void} show
 * @property {(kind: string) => void} kind
 * @property {() => void} stop
 * @property {() => void} back  to what is asked
 * @property {(by: number) => void} step
 */

export class Panel {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.shown = ""; // the question that stands here
    this.wantsFocus = false;
    /** @type {HTMLInputElement[]} */
    this.fields = [];
    /** @type {HTMLSelectElement} */
    this.kinds = el("select", {
      class: "ur-select",
      "aria-label": "What is asked",
      onchange: () => hooks.kind(this.kinds.value),
    });
    this.score = el("span", { class: "ur-predict-score", translate: "no" });
    this.said = el("p", { class: "ur-predict-said", role: "status" });
    this.body = el("div", { class: "ur-predict-body" });
    this.element = el(
      "section",
      {
        class: "ur-predict",
        "aria-label": "Predict",
        hidden: true,
        onkeydown: (event) => this.onKey(event),
      },
      el(
        "div",
        { class: "ur-predict-head" },
        el("h2", {}, "Predict"),
        this.kinds,
        this.score,
        tool("×", "Stop predicting (Esc)", hooks.stop),
      ),
      this.said,
      this.body,
    );
  }

  /** The answer is to be given: once the question stands here. */
  focus() {
    this.wantsFocus = true;
    this.#takeFocus();
  }

  #takeFocus() {
    const place = this.body.querySelector("input, .ur-predict-options button, .ur-predict-next");
    if (!this.wantsFocus || this.element.hidden || !(place instanceof HTMLElement)) return;
    this.wantsFocus = false;
    place.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Predicting} predicting */
  show(predicting) {
    const { on, why, told, view } = predicting;
    view.parts.player.showPredict({ on, why, isOffered: told.kinds.length > 0 });
    view.parts.frame.toggleAttribute("data-predicting", on);
    this.element.hidden = !on;
    if (!on) {
      this.shown = "";
      return;
    }
    this.#showHead(predicting);
    this.#write(...wordsOf(predicting.said, view.model, told.tolerance));
    const { question } = predicting;
    this.element.dataset.asked = question ? keyAt(question.frame) : ""; // for tests
    const isOver = predicting.frontier >= view.frames.end;
    const key = [
      notationName(),
      view.model.key,
      predicting.run,
      question ? `${question.frame.phase} ${question.frame.node.id} ${question.frame.step}` : "",
      question?.asked,
      predicting.isThere,
      isOver,
      why,
    ].join("|");
    if (key !== this.shown) {
      this.shown = key;
      if (why) this.body.replaceChildren(el("p", {}, why));
      else if (question) this.body.replaceChildren(...this.#question(question, view.model));
      else this.body.replaceChildren(...this.#rest(predicting, isOver));
    }
    this.#markFields(predicting.said, question);
    this.#takeFocus();
  }

  /** @param {Predicting} predicting */
  #showHead({ told, kind, right, count }) {
    if (this.kinds.options.length !== told.kinds.length) {
      const options = told.kinds.map(([name, title]) => el("option", { value: name }, title));
      this.kinds.replaceChildren(...options);
    }
    if (this.kinds.value !== kind) this.kinds.value = kind;
    setText(this.score, count ? `${right} of ${count} right` : "");
  }

  /** Where nothing is asked: behind the question, or after the last. @param {Predicting} predicting @param {boolean} isOver */
  #rest({ right, count }, isOver) {
    if (isOver) {
      const text = count ? `All is computed: ${right} of ${count} right.` : "All is computed.";
      return [el("p", {}, text)];
    }
    const attributes = {
      type: "button",
      class: "ur-button ur-predict-next",
      onclick: () => this.hooks.back(),
    };
    return [el("p", {}, "You look back."), el("button", attributes, "Back to the question")];
  }

  /** @param {Question} question @param {Model} model */
  #question(question, model) {
    const { lines, known, left } = formulaFor(model, question.frame);
    const facts = known.map((latex) => el("li", {}, math(latex)));
    if (left) facts.push(el("li", { class: "ur-note" }, `and ${left} more: see the graph`));
    this.fields = [];
    return [
      el("p", { class: "ur-predict-asked" }, ...questionWords(question)),
      question.options.length ? this.#options(question) : this.#form(question),
      ...lines.map((latex) =>
        el(
          "div",
          { class: "ur-wide", tabindex: 0, role: "group", "aria-label": "Formula" },
          math(latex, { block: true }),
        ),
      ),
      model.held?.kind === "held" ? el("p", { class: "ur-note" }, AS_IT_IS) : "",
      facts.length ? el("ul", { class: "ur-predict-known", "aria-label": "Known" }, ...facts) : "",
    ];
  }

  /** @param {Question} question */
  #form(question) {
    const { node } = question.frame;
    const isGrid = question.entries.length > 1;
    this.fields = question.entries.map((k) =>
      el("input", {
        type: "text",
        inputmode: "text",
        class: "ur-predict-field",
        autocomplete: "off",
        maxlength: 40,
        placeholder: isGrid ? placeOf(node.shape, k) : null,
        "aria-label": spokenEntry(question, k),
      }),
    );
    const [, columns = 1] = node.shape;
    const style = isGrid ? gridStyle(node.turned, columns, "minmax(4rem, 8rem)") : null;
    return el(
      "form",
      {
        class: "ur-predict-form",
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      el("div", { class: "ur-predict-fields", style }, ...this.fields),
      el("button", { type: "submit", class: "ur-button ur-run" }, "Answer"),
      this.#showIt(),
    );
  }

  /** @param {Question} question */
  #options({ options }) {
    const buttons = options.map(({ key, text, latex }) =>
      el(
        "button",
        {
          type: "button",
          class: "ur-button",
          "data-key": key,
          "aria-label": latex ? `${text}${spoken(latex)}` : null,
          title: `Key ${key}`,
          onclick: () => this.hooks.choice(key),
        },
        el("kbd", { "aria-hidden": "true" }, key === "-" ? "−" : key),
        ` ${text}`,
        latex ? math(latex) : "",
      ),
    );
    return el(
      "div",
      { class: "ur-predict-options", role: "group", "aria-label": "Answers" },
      ...buttons,
      this.#showIt(),
    );
  }

  #showIt() {
    const act = () => this.hooks.show();
    return el("button", { type: "button", class: "ur-link", onclick: act }, "Show it");
  }

  #submit() {
    const numbers = this.fields.map((field) => (field.value.trim() ? numberIn(field.value) : null));
    const unread = this.fields.find((field, i) => field.value.trim() && numbers[i] === null);
    if (unread) {
      this.#write("wrong", [`${unread.ariaLabel}: ${UNREAD}, got “${unread.value}”`]);
      unread.focus();
    } else if (numbers.every((number) => number === null)) this.fields[0].focus();
    else this.hooks.answer(numbers);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { key } = event;
    const isEmpty = event.target instanceof HTMLInputElement ? event.target.value === "" : true;
    const options = [...this.body.querySelectorAll("[data-key]")];
    const chosen = options.find(
      (option) => option instanceof HTMLElement && option.dataset.key === key,
    );
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === this.kinds) return;
    if (key === "Escape") this.hooks.stop();
    else if (chosen instanceof HTMLElement) chosen.click();
    else if (isEmpty && key === "ArrowLeft") this.hooks.step(-1);
    else if (isEmpty && key === "ArrowRight") this.hooks.step(1);
    else return;
    event.preventDefault();
  }

  /** @param {string} status @param {(string|Node)[]} content */
  #write(status, content) {
    const text = content
      .map((part) => (typeof part === "string" ? part : part.textContent))
      .join("");
    if (this.said.dataset.text === text && this.said.dataset.status === status) return;
    this.said.dataset.text = text;
    this.said.dataset.status = status;
    this.said.replaceChildren(...content);
  }

  /** @param {?Said} said @param {?Question} question */
  #markFields(said, question) {
    const isAbout = said && question && said.question.frame === question.frame;
    this.fields.forEach((field, i) => {
      const status = isAbout ? (said.marks[i]?.status ?? "") : "";
      field.dataset.status = status;
      if (status === "wrong" || status === "near") field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
    const again = this.fields.find((field) => field.getAttribute("aria-invalid"));
    if (again && this.fields.includes(/** @type {HTMLInputElement} */ (document.activeElement))) {
      again.focus();
      again.select();
    }
  }
}
