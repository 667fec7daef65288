/**
 * What may be seen at this moment: whatever shows a number of the run asks here.
 *
 * The player shows what it has come to. Besides, much of the page tells of the run as a whole: the
 * ends of the scale, the strip, the loss above the graph. While the reader predicts, that is hidden.
 */

/** @import { GraphNode } from "./structure.js" */

export class Seen {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
  }

  /** Whether numbers may be seen that the player has not come to. */
  get whole() {
    return !this.view.predicting.on;
  }

  /** Whether the player has computed the value of a node. @param {GraphNode} node */
  value(node) {
    return this.view.frames.known[node.i] <= this.view.position;
  }

  /**
   * Whether the player has computed the gradient of a node.
   * @param {GraphNode} node
   * @param {number} [step] rolled level: at which step, else at any
   */
  gradient(node, step = 0) {
    const { felt, feltAt } = this.view.frames;
    const at = step && node.times ? feltAt(node, step) : felt[node.i];
    return at <= this.view.position;
  }

  /**
   * What may have a part in how all numbers are shown, such as the ends of a scale.
   * @param {GraphNode[]} nodes
   * @param {boolean} gradient
   */
  of(nodes, gradient) {
    if (this.whole) return nodes;
    return nodes.filter((node) => (gradient ? this.gradient(node) : this.value(node)));
  }
}
