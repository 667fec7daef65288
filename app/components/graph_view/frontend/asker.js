/**
 * What the browser asks Python for: details of a selection, another level, the next chunk of a
 * long sequence. The question is the component's state; a rerun answers it.
 */

const ASK_AFTER_MS = 120;
const LARGEST_MARGIN = 40;

import { nameOf, positionOf } from "../../shared/frontend/named.js";

/** @import { Phase } from "./frames.js" */
/** @import { GraphView } from "./view.js" */

/**
 * @typedef {"first"|"last"} Side which node of a step
 * @typedef {{phase: Phase, step: number, side: ?Side}} Goal
 */

export class Asker {
  /** @param {GraphView} view */
  constructor(view) {
    this.view = view;
    this.timer = 0;
    this.asked = ""; // the chunk whose neighbour was asked for
    /** @type {?(Goal & {steps: number})} see `wait` */
    this.waiting = null;
  }

  /** Ask once the user has come to rest. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { selected, level, at } = this.view.cursor.get();
      this.view.python.ask({ level, selected, at });
    }, ASK_AFTER_MS);
  }

  /** Before the player runs out of a chunk, ask for the next. */
  ahead() {
    const { first, last, T } = this.view.model;
    const margin = Math.min(LARGEST_MARGIN, Math.floor((last - first) / 4) - 1);
    const step = this.view.step();
    const near = (first > 1 && step < first + margin) || (last < T && step > last - margin);
    const chunk = `${first}-${last}`;
    if (!near || this.asked === chunk) return;
    this.asked = chunk;
    this.soon();
  }

  /**
   * Whether a time step of the sequence is in another chunk.
   * @param {number} step
   */
  isElsewhere(step) {
    const { level, first, last, T } = this.view.model;
    return level !== "rolled" && step <= T && (step < first || step > last);
  }

  /**
   * Go to a time step that is not here: Python sends what belongs to it.
   * @param {number} step
   * @param {Phase} phase
   * @param {Side} [side]
   */
  goTo(step, phase, side = "first") {
    this.view.selection.release();
    this.view.steering.quietly({ at: positionOf(phase, nameOf("h", step)), t: step });
    this.wait({ phase, step, side });
  }

  /** The player was sent to the start, whose chunk may not be here. */
  atStart() {
    if (this.isElsewhere(1)) this.wait({ phase: "forward", step: 1, side: null });
  }

  /**
   * Until the chunk with a step arrives, single steps are counted, and made once it is here.
   * @param {Goal} goal
   */
  wait(goal) {
    this.waiting = { ...goal, steps: 0 };
    this.soon();
  }

  /** Somebody has gone elsewhere meanwhile. */
  forget() {
    this.waiting = null;
  }

  /**
   * Keep a single step for later if its chunk is on the way.
   * @param {number} by
   * @param {boolean} playing a player that plays waits instead of catching up
   * @returns {boolean} whether it is
   */
  holds(by, playing) {
    if (!this.waiting) return false;
    if (!playing) this.waiting.steps += by;
    return true;
  }

  /** New data: if it is what was waited for, go there and make the steps asked for meanwhile. */
  arrived() {
    const { waiting, view } = this;
    if (!waiting) return;
    const { phase, step, side, steps } = waiting;
    if (this.isElsewhere(step)) return; // the answer to something else
    this.waiting = null;
    const place = side && view.frames[side](phase, step);
    if (place) view.go(place);
    for (let k = 0; k < Math.abs(steps); k += 1) {
      view.go(view.position + Math.sign(steps), Math.sign(steps));
    }
  }

  /**
   * Ask for the neighbouring chunk if a single step leads out of this one.
   * @param {number} position
   * @param {number} by
   * @returns {boolean} whether it does
   */
  beyond(position, by) {
    const { model, frames } = this.view;
    if (model.first === 1 && model.last === model.T) return false;
    const { forward, end } = frames;
    const next = position + by;
    /** @type {?[step: number, phase: Phase, side: Side]} */
    const step =
      position <= forward && next > forward && model.last < model.T
        ? [model.last + 1, "forward", "first"]
        : position > forward && next <= forward && model.last < model.T
          ? [model.last + 1, "backward", "last"]
          : next >= (frames.first("backward", 0) ?? 0) && position < end && model.first > 1
            ? [model.first - 1, "backward", "first"]
            : next <= 0 && position > 0 && model.first > 1
              ? [model.first - 1, "forward", "last"]
              : null;
    if (!step) return false;
    this.goTo(...step);
    return true;
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
