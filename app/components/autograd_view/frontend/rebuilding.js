/** What another T did to torch's graph: said, tinted where it is new, and built once more. */

import { isCalm } from "../../shared/frontend/dom.js";

/** @import { AutogradView, State } from "./view.js" */

const REBUILD_MS = 1400; // a new T is shown being built, once
const FRESH_MS = 4000;

export class Rebuilding {
  #fading = 0;
  #replaying = 0;

  /** @param {AutogradView} view */
  constructor(view) {
    this.view = view;
    /** @type {Set<string>} torch's nodes that are new */
    this.fresh = new Set();
  }

  /**
   * @param {State} before
   * @param {State} data
   */
  tell(before, data) {
    const { view } = this;
    const { rebuilt } = view.parts;
    const ids = new Set(before.panes[0].nodes.map((node) => node.id));
    const now = data.panes[0].nodes;
    this.fresh = new Set(now.filter((node) => !ids.has(node.id)).map((node) => node.id));
    rebuilt.hidden = false;
    rebuilt.textContent =
      `Rebuilt: ${now.length} nodes in PyTorch’s graph for T = ${data.steps}; ` +
      `it was ${ids.size} for T = ${before.steps}. ${
        this.fresh.size ? `New: ${this.fresh.size}, tinted.` : ""
      }`;
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => {
      this.fresh.clear();
      for (const pane of view.panes) pane.redraw();
    }, REBUILD_MS + FRESH_MS);
    if (!isCalm()) this.#replay();
  }

  /** Build the graph again in about a second, from nothing to where the player stands. */
  #replay() {
    this.stop();
    const { view } = this;
    const goal = view.position;
    const began = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      const share = Math.min(1, (now - began) / REBUILD_MS);
      view.showPosition(Math.round(share * goal));
      this.#replaying = share < 1 ? requestAnimationFrame(tick) : 0;
    };
    view.showPosition(0);
    this.#replaying = requestAnimationFrame(tick);
  }

  /** Build no further: the player has moved, or nobody looks any more. */
  stop() {
    cancelAnimationFrame(this.#replaying);
    this.#replaying = 0;
  }

  destroy() {
    this.stop();
    clearTimeout(this.#fading);
  }
}
