/**
 * Predict, then reveal: the player stops before each number, and goes on once it is answered or given
 * up. Up to its `frontier` all is known; nothing of the run beyond it stands anywhere: see `seen.js`.
 */

import { markChoice, markNumber } from "./marking.js";
import { keyAt } from "./own.js";
import { questionOf } from "./question.js";
import { isPlain } from "./terms.js";
import { frontierIn } from "./translated.js";

/** @import { GraphData, PredictData } from "../data.d.ts" */
/** @import { Frame, Frames } from "../frames.js" */
/** @import { Model } from "../model.js" */
/** @import { Mark } from "../../../shared/frontend/marks.js" */
/** @import { Written } from "./own.js" */
/** @import { Question } from "./question.js" */

const ON_THE_PAGE = "data-ur-predicting"; // what stands around the graph is hidden by it
const NOT_BEGUN = -1;

/** @type {PredictData} */
const NOTHING = { kind: "", kinds: [], why: "", tolerance: 0, digits: 0, mistakes: {} };

/**
 * What is said of the last answer.
 * @typedef {object} Said
 * @property {"right"|"follows"|"near"|"wrong"|"shown"} status
 * @property {Question} question
 * @property {(?Mark)[]} marks   by field, null of an empty one; none where it was shown
 */

export class Predicting {
  /** @param {import("../view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.told = NOTHING;
    this.kind = "";
    /** What Python has not confirmed yet. @type {?string} */
    this.pending = null;
    this.frontier = NOT_BEGUN;
    this.right = 0;
    this.count = 0;
    /** @type {?Said} */
    this.said = null;
    /** @type {Written} */
    this.written = new Map();
    this.run = ""; // which one the answers are about
    /** @type {?{model: Model, frontier: number, kind: string, question: ?Question}} */
    this.made = null;
  }

  get on() {
    return this.kind !== "";
  }

  /** Why nothing can be asked of what is shown, in a sentence; empty where it can. */
  get why() {
    const { first, last, T } = this.view.model;
    if (this.told.why) return this.told.why;
    return first > 1 || last < T
      ? "Predict: this level is too large to be here as a whole; choose a coarser one."
      : "";
  }

  /** Python has sent data. @param {GraphData} data @param {boolean} isLed whether the page says where to look */
  arrived(data, isLed) {
    this.told = data.predict ?? NOTHING;
    const { kind, why } = this.told;
    if (this.pending === kind || why) this.pending = null;
    if (this.pending === null && kind !== this.kind) this.#become(kind);
    if (isLed) this.frontier = NOT_BEGUN;
    const { value, grad } = data.overview;
    const run = `${value} ${grad}`;
    if (run !== this.run) this.#forget();
    this.run = run;
  }

  #forget() {
    this.written.clear();
    this.right = 0;
    this.count = 0;
    this.said = null;
  }

  /** @param {string} kind */
  #become(kind) {
    if (this.on !== Boolean(kind)) {
      this.frontier = NOT_BEGUN;
      this.#forget();
    }
    this.kind = kind;
    document.documentElement.toggleAttribute(ON_THE_PAGE, this.on);
  }

  /** What the reader wants to be asked. @param {string} kind empty to stop */
  choose(kind) {
    if (kind === this.kind || (kind && this.why)) return;
    const { view } = this;
    view.parts.player.pause();
    this.pending = kind;
    this.#become(kind);
    view.showLevel(view.model.level);
    view.parts.predict.focus();
    this.view.python.predict(kind);
  }

  /** On or off, at a press of the switch. */
  turn() {
    this.choose(this.on ? "" : (this.told.kinds[0]?.[0] ?? ""));
  }

  /** From a look back to what is asked. */
  resume() {
    this.view.go(this.frontier);
    this.view.parts.predict.focus();
  }

  /**
   * Where the player stands that wants to be somewhere; where it begins, all before is known.
   * @param {number} position
   * @param {?Frames} [before] of the graph that was shown, if it is another one
   */
  placed(position, before = null) {
    if (!this.on) return position;
    const { model, frames } = this.view;
    const begins = this.frontier === NOT_BEGUN;
    const wasThere = begins || (before !== null && this.view.position === this.frontier);
    if (begins) this.frontier = position >= frames.end ? 0 : position;
    else if (before) this.frontier = frontierIn(frames, before, this.frontier);
    while (this.frontier < frames.list.length && isPlain(model, frames.list[this.frontier])) {
      this.frontier += 1;
    }
    if (this.frontier >= frames.list.length) this.frontier = frames.end;
    return wasThere ? this.frontier : this.bounded(position);
  }

  /** @param {number} position */
  bounded(position) {
    return this.on && this.frontier >= 0 ? Math.min(position, this.frontier) : position;
  }

  /** Whether the player stands before what is asked. */
  get isThere() {
    return this.on && this.view.position === this.frontier;
  }

  /** The player wants to go on: it waits, and the answer is asked for. */
  call() {
    this.view.parts.player.pause();
    this.view.parts.predict.focus();
  }

  /** What is asked; null where nothing is. @returns {?Question} */
  get question() {
    const { kind, frontier, view } = this;
    const { model, frames } = view;
    if (!this.isThere || this.why) return null;
    const { made } = this;
    if (made?.model === model && made.frontier === frontier && made.kind === kind) {
      return made.question;
    }
    const frame = frames.at(frontier + 1);
    const question = frame && questionOf(model, frame, frontier, kind);
    this.made = { model, frontier, kind, question };
    return question;
  }

  /** @returns {?Frame} what is asked about */
  get frame() {
    return this.question?.frame ?? null;
  }

  /**
   * Mark what was written, by field; where all of it is right, it is shown.
   * @param {(?number)[]} numbers null where a field is empty
   */
  answer(numbers) {
    const { question, view, written, told } = this;
    if (!question) return;
    const { entries, frame } = question;
    const marks = numbers.map((number, i) =>
      number === null ? null : markNumber(view.model, question, entries[i], number, written, told),
    );
    const found = new Map();
    numbers.forEach((number, i) => {
      if (number !== null) found.set(entries[i], number);
    });
    this.#settle(question, marks, () => written.set(keyAt(frame), found));
  }

  /** @param {string} key of an option */
  choice(key) {
    const { question, view, written } = this;
    if (question) this.#settle(question, [markChoice(view.model, question, key, written)]);
  }

  /**
   * @param {Question} question
   * @param {(?Mark)[]} marks
   * @param {() => void} [keep]
   */
  #settle(question, marks, keep = () => {}) {
    const worst = ["wrong", "near", "follows", "right"].find((status) =>
      marks.some((mark) => mark?.status === status),
    );
    const status = /** @type {?Mark["status"]} */ (worst ?? null);
    if (!status) return;
    const isDone = marks.every((mark) => mark && ["right", "follows"].includes(mark.status));
    this.said = { status, question, marks };
    keep(); // the last that was written before it is shown
    if (isDone) this.#reveal(true);
    else if (question.options.length) {
      this.#reveal(false);
    } // of few answers the rest says which
    else this.view.render();
  }

  /** The reader gives up. */
  show() {
    const { question } = this;
    if (!question) return;
    this.said = { status: "shown", question, marks: [] };
    this.#reveal(false);
  }

  /** @param {boolean} isRight */
  #reveal(isRight) {
    this.count += 1;
    if (isRight) this.right += 1;
    this.frontier += 1;
    this.placed(this.frontier);
    this.view.go(this.frontier);
    this.view.parts.predict.focus();
  }

  destroy() {
    document.documentElement.removeAttribute(ON_THE_PAGE);
  }
}
