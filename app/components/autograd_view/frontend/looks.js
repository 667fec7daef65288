/** How nodes and edges look at a position: colours, numbers and marks. */

import { canvasTheme } from "../../graph_view/frontend/looks.js";
import { diverging, largestOf } from "../../shared/frontend/colour.js";
import { channels } from "../../shared/frontend/dom.js";

/** @import { Style } from "../../graph_view/frontend/lines.js" */
/** @import { Look } from "./draw.js" */
/** @import { Edge, Node } from "./pane.js" */

/** @typedef {ReturnType<typeof canvasThemeWithFresh>} Theme */

export class Looks {
  /** @param {import("./view.js").AutogradView} view */
  constructor(view) {
    this.view = view;
    this.theme = canvasThemeWithFresh(view.root);
    this.scales = { gradient: diverging(1, false), value: diverging(1, false) };
  }

  /** New numbers or a new theme: the scales are counted again. */
  reset() {
    const theme = canvasThemeWithFresh(this.view.root);
    this.theme = theme;
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
    const { view } = this;
    const felt =
      node.felt !== null && node.felt <= view.reached && view.reached > view.data.forward;
    const current = Boolean(
      pane === 0
        ? view.frameNow()?.current.includes(node.id)
        : view
            .frameNow()
            ?.current.some((id) => view.panes[0].byId.get(id)?.links.includes(node.id)),
    );
    const values = pane === 1 && !node.name;
    return {
      theme: this.theme,
      felt,
      scale: felt ? this.scales.gradient : this.scales.value,
      numbers: felt ? node.grad : values ? node.value : null,
      current,
      linked: view.marked[pane].has(node.id),
      selected: view.subjectId === `${pane}:${node.id}` && !current,
      fresh: pane === 0 && view.fresh.has(node.id),
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

/** With the tint of what is new. @param {Element} element */
function canvasThemeWithFresh(element) {
  const theme = canvasTheme(element);
  return { ...theme, fresh: blend(theme.primary, theme.card, 0.22) };
}

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
