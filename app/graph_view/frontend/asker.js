/**
 * What the browser asks Python for: details of a selection, another level, the next chunk of a
 * long sequence. The question is the component's state; a rerun answers it.
 */

import { cursor } from "../shared/cursor.js";

const ASK_AFTER_MS = 120;
const LARGEST_MARGIN = 40;

export class Asker {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.timer = 0;
    /** @type {(question: object) => void} set by whoever can reach Python */
    this.send = () => {};
  }

  /** Ask once the user has come to rest. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { selected, level, at } = cursor.get();
      this.send({ level, selected, at });
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

  /** Go to a time step that is not here: the position is set, and Python sends what belongs to it. */
  goTo(step, phase) {
    this.view.quietly({ at: `${phase === "forward" ? "f" : "b"}:h[${step}]`, t: step });
    this.soon();
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
    const step =
      position <= forward && next > forward && model.last < model.T
        ? [model.last + 1, "forward"]
        : position > forward && next <= forward && model.last < model.T
          ? [model.last + 1, "backward"]
          : next >= frames.first("backward", 0) && position < end && model.first > 1
            ? [model.first - 1, "backward"]
            : next <= 0 && position > 0 && model.first > 1
              ? [model.first - 1, "forward"]
              : null;
    if (!step) return false;
    this.goTo(...step);
    return true;
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
