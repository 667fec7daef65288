/** How nodes and edges look at a position: colours, numbers and marks. */

import { canvasTheme } from "../../graph_view/frontend/looks.js";
import { diverging, largestOf } from "../../frontend/colour.js";
import { channels } from "../../frontend/dom.js";

const PARAMETER = /^(leaf )?(W_xh|W_hh|b_h|W_hy|b_y)$/; // feeds every step: kept in the background

export class Looks {
  /** @param {import("./view.js").AutogradView} view */
  constructor(view) {
    this.view = view;
  }

  /** New numbers or a new theme: the scales are counted again. */
  reset() {
    const theme = canvasTheme(this.view.root);
    this.theme = { ...theme, fresh: blend(theme.primary, theme.card, 0.22) };
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

  ofEdge(pane, { from, to }) {
    const frame = this.view.frameNow();
    if (pane === 0 && frame?.current.includes(from)) {
      return { colour: this.theme.primary, width: 2.5, opacity: 1 };
    }
    const shared = [from, to].some((id) => PARAMETER.test(id));
    return { colour: this.theme.edge, width: 1, opacity: shared ? 0.3 : 0.8 };
  }
}

/** A colour between two, as rgb(…). */
function blend(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((channel, k) => Math.round(channel * share + b[k] * (1 - share))).join(",")})`;
}
