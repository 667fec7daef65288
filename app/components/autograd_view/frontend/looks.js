/** How nodes and edges look at a position: colours, numbers and marks. */

import { canvasTheme } from "../../graph_view/frontend/looks.js";
import { diverging, largestOf } from "../../shared/frontend/colour.js";
import { channels } from "../../shared/frontend/dom.js";

/** @import { Style } from "../../graph_view/frontend/lines.js" */
/** @import { Look } from "../../graph_view/frontend/shapes.js" */
/** @import { Edge, Node } from "./pane.js" */

export class Looks {
  /** @param {import("./view.js").AutogradView} view */
  constructor(view) {
    this.view = view;
    this.theme = canvasTheme(view.root);
    this.fresh = ""; // the tint of what is new
    this.stamp = 0;
    this.scales = { gradient: diverging(1, false), value: diverging(1, false) };
  }

  /** New numbers or a new theme: the scales are counted again. */
  reset() {
    const theme = canvasTheme(this.view.root);
    this.theme = theme;
    this.fresh = blend(theme.primary, theme.card, 0.22);
    this.stamp += 1;
    const gradients = this.view.data.panes.flatMap((pane) =>
      pane.nodes.map((node) =>
        node.kind === "parameter" || !node.grad ? 0 : largestOf(node.grad),
      ),
    );
    const values = this.view.data.panes[1].nodes.map((node) => largestOf(node.value));
    this.scales = {
      gradient: diverging(largestOf(gradients) || 1, theme.dark),
      value: diverging(largestOf(values) || 1, theme.dark),
    };
  }

  /** @param {number} pane @param {Node} node @returns {Look} */
  ofNode(pane, node) {
    const { view, theme } = this;
    const felt =
      node.felt !== null && node.felt <= view.reached && view.reached > view.data.forward;
    const doing = view.frameNow()?.current ?? [];
    const current =
      pane === 0
        ? doing.includes(node.id)
        : doing.some((id) => view.panes[0].byId.get(id)?.links.includes(node.id));
    const values = pane === 1 && !node.name;
    const found = node.mark ? null : felt ? node.grad : values ? node.value : null;
    const numbers = found?.length ? found : null; // of a matrix of thousands none are sent
    const linked = view.marked[pane].has(node.id);
    const selected = view.subjectId === `${pane}:${node.id}` && !current;
    const isFresh = pane === 0 && view.rebuilding.fresh.has(node.id);
    return {
      key: `${this.stamp}|${felt}|${current}|${linked}|${selected}|${isFresh}`,
      asked: false,
      none: false,
      latex: node.latex,
      label: "",
      numbers,
      instead: node.mark
        ? { text: node.mark, strong: true }
        : { latex: node.name ? node.latex : "", text: shapeOf(node) },
      held: null,
      second: null,
      holds: false,
      gradient: felt,
      dashed: node.mark === "freed" || node.kind === "target" || node.kind === "rest",
      scale: felt ? this.scales.gradient : this.scales.value,
      current,
      operand: false,
      linked,
      selected,
      pinned: false,
      tint: isFresh ? this.fresh : null,
      theme,
    };
  }

  /** @param {number} pane @param {Edge} edge @returns {Style} */
  ofEdge(pane, { from, to }) {
    const frame = this.view.frameNow();
    if (pane === 0 && frame?.current.includes(from.id)) {
      return { colour: this.theme.primary, width: 2.5, opacity: 1, arrow: 0.6, rank: 1 };
    }
    // What feeds every step is kept in the background.
    const shared = from.shared || to.shared;
    const opacity = shared ? 0.3 : 0.8;
    return { colour: this.theme.edge, width: 1, opacity, arrow: 0.45, rank: shared ? -1 : 0 };
  }
}

/** @param {Node} node */
const shapeOf = ({ shape }) => (shape.length ? `(${shape.join("×")})` : "");

/**
 * A colour between two, as rgb(…).
 * @param {string} one
 * @param {string} other
 * @param {number} share
 */
function blend(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((channel, k) => Math.round(channel * share + b[k] * (1 - share))).join(",")})`;
}
