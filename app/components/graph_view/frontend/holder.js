/** What the reader holds at a value, or unpins, as wishes to Python: numbered, so that none is done twice. */

/** @import { GraphNode } from "./structure.js" */

export class Holder {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.source = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.n = 0;
  }

  /** @param {Record<string, unknown>} wish */
  ask(wish) {
    this.n += 1;
    this.view.python.wish({ source: this.source, n: this.n, ...wish });
  }

  /**
   * Hold one number of a computed node.
   * @param {GraphNode} node
   * @param {number} component
   * @param {string} text a number, as it was typed
   */
  hold(node, component, text) {
    this.ask({ do: "hold", ...this.placeOf(node, component), text });
  }

  /** Compute it again. @param {GraphNode} node @param {number} component */
  free(node, component) {
    const held = this.view.model.heldIn(node).find((each) => each.entry === component);
    if (held) this.freePlace(held.place);
  }

  /** @param {string} place empty for all */
  freePlace(place) {
    this.ask({ do: "free", node: place });
  }

  /** Let go of the run that is pinned. */
  unpin() {
    this.ask({ do: "unpin" });
  }

  /**
   * A node of the rolled level stands for the step that it shows.
   * @param {GraphNode} node
   * @param {number} component
   */
  placeOf(node, component) {
    return { node: this.view.model.placeOf(node), unit: node.shape.length ? component + 1 : null };
  }
}
