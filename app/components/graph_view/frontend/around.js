/** What stands around the canvas and says the same: strip, table, and facts for programs. */

import { isGiven } from "./frames.js";

const MOST_WITHOUT_OVERVIEW = 12;

export class Around {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
  }

  /** Facts for tests and benchmarks, and for whoever reads the page by program. */
  describe() {
    const { dataset } = this.view.parts.frame;
    dataset.level = this.view.model.level;
    dataset.at = this.view.frames.nameAt(this.view.position);
    dataset.scale = this.view.parts.viewer.canvas.camera().scale.toFixed(3);
    dataset.version = String(this.view.version);
    dataset.chunk = `${this.view.model.first}-${this.view.model.last}`;
    dataset.visible = String(this.view.parts.viewer.visible.length);
  }

  /** One bar for each step of a long sequence. */
  drawOverview() {
    const isLong = this.view.data.T > MOST_WITHOUT_OVERVIEW && this.view.model.level !== "rolled";
    const needed = isLong && this.view.seen.whole;
    this.view.parts.overview.element.hidden = !needed;
    if (!needed) return;
    const { value, grad } = this.view.strips;
    const gradients = this.view.showsGradient() ? grad : null;
    this.view.parts.overview.show({
      T: this.view.data.T,
      ...this.view.looks.ofStrip(gradients !== null, gradients ?? value),
      window: this.view.parts.viewer.window,
      step: this.view.step(),
      theme: this.view.theme,
      gradient: gradients !== null,
    });
  }

  /** The nodes on the canvas with the numbers that the player has reached. */
  rows() {
    const { model, parts } = this.view;
    const beside = model.held?.value ? model.held.kind : null;
    return parts.viewer.visible.map((node) => {
      const known = this.view.seen.value(node);
      const isFolded = isGiven(node) && !this.view.unfolded;
      const felt = model.grad !== null && !isFolded && this.view.seen.gradient(node);
      return {
        node,
        value: known ? model.valueOf(node) : null,
        grad: felt ? model.gradOf(node) : null,
        beside: beside
          ? {
              kind: beside,
              value: known ? model.heldOf(node, false) : null,
              grad: felt ? model.heldOf(node, true) : null,
            }
          : null,
      };
    });
  }
}
