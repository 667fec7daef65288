/** Beside the node that the mouse points at: its symbol, value and gradient. */

import { el, setText } from "../../shared/frontend/dom.js";
import { summary } from "../../shared/frontend/numbers.js";
import { unfelt } from "./inspector.js";
import { kindOf } from "./kinds.js";
import { labelOf } from "./looks.js";
import { atStep } from "./operands.js";
import { symbolNodes } from "./symbol.js";

/** @import { GraphNode } from "./structure.js" */

const APART = 10; // pixels from the node

export class Tip {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    /** @type {?GraphNode} */
    this.node = null;
    this.symbol = el("span", { class: "ur-symbol", translate: "no" });
    this.kind = el("span", { class: "ur-note" });
    this.value = el("dd", { class: "ur-number", translate: "no" });
    this.gradient = el("dd", { class: "ur-number", translate: "no" });
    this.gradientName = el("dt", {}, "gradient");
    // The table below the graph and the inspector say the same to who cannot point.
    this.element = el(
      "div",
      { class: "ur-tip", "aria-hidden": "true", hidden: true },
      el("p", { translate: "no" }, this.symbol, " ", this.kind),
      el(
        "dl",
        { class: "ur-facts" },
        el("dt", {}, "value"),
        this.value,
        this.gradientName,
        this.gradient,
      ),
    );
  }

  /** @param {?GraphNode} node null for none */
  about(node) {
    this.node = node;
    this.renew();
  }

  /** The player has moved, or the numbers have changed. */
  renew() {
    const { view, node } = this;
    const { model } = view;
    // What is selected has its numbers in the inspector: its neighbours are not to be covered.
    const shown = node && model.byId.get(node.id) === node && node !== view.looks.node;
    this.element.hidden = !shown;
    if (!shown) return;
    const known = view.seen.value(node);
    /** @param {ArrayLike<number>} numbers */
    const written = (numbers) => summary(numbers, undefined, node.shape);
    const step = model.shown.get(node) ?? 0;
    this.symbol.replaceChildren(...symbolNodes(known ? atStep(node, step) : node.latex));
    setText(this.kind, [kindOf(node), labelOf(view.data, node, step)].filter(Boolean).join(" "));
    setText(this.value, known ? written(model.valueOf(node)) : "not computed yet");
    this.gradientName.hidden = this.gradient.hidden = !model.grad;
    if (model.grad) {
      setText(this.gradient, view.seen.gradient(node) ? written(model.gradOf(node)) : unfelt(node));
    }
    this.place(view.parts.viewer.boxOnScreen(node), view.parts.viewer.canvas.size);
  }

  /**
   * Below the node, above it where there is no room, and never over it.
   * @param {{x: number, y: number, width: number, height: number}} box of the node, from its middle
   * @param {{width: number, height: number}} stage
   */
  place(box, stage) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = box.y + box.height / 2 + APART;
    const above = box.y - box.height / 2 - APART - height;
    const top = below + height <= stage.height || above < 0 ? below : above;
    const left = Math.max(4, Math.min(stage.width - width - 4, box.x - width / 2));
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
