/** What the nodes show: values, gradients, or both. */

/** @import { Mode } from "./toolbar.js" */
/** @import { GraphView } from "./view.js" */

const MOST_WITH_BOTH = 12; // steps

export class Modes {
  /** @param {GraphView} view */
  constructor(view) {
    this.view = view;
    /** @type {?Mode} */
    this.chosen = null; // null: value forward, gradient backward
  }

  /**
   * On the way back that is both, since what a gradient is multiplied by are values; of a long
   * sequence, where all would be small, the gradient.
   * @returns {Mode}
   */
  shows() {
    const { model, predicting } = this.view;
    if (!model.grad) return "value";
    if (this.chosen) return this.chosen;
    const phase = predicting.frame?.phase ?? this.view.phase();
    if (phase === "forward") return "value";
    return model.T <= MOST_WITH_BOTH ? "both" : "gradient";
  }

  showsGradient() {
    return this.shows() !== "value";
  }

  /** @param {Mode} mode */
  choose(mode) {
    this.chosen = mode;
    this.view.reshape();
    this.view.render();
  }

  /** Say in the toolbar and in the legend what is shown. */
  mark() {
    const { model, looks, parts, unfolded } = this.view;
    parts.tools.mark(model.level, this.shows(), looks.scales, Boolean(model.grad), unfolded);
  }
}
