/** A plot whose axes have one scale, in a narrow place: as high as its width leaves it, and no higher. */

import { placeLegend } from "./legend.js";

/** @import { Layout } from "./figure.d.ts" */

/** @param {Layout} layout with its width and margins; its height is changed */
export function fitSquare(layout) {
  const { width, height, margin, yaxis } = layout;
  if (!yaxis.scaleanchor) return;
  const [across, down] = [width - margin.l - margin.r, height - margin.t - margin.b];
  if (across >= down) return;
  layout.height -= down - across;
  placeLegend(layout, down / across);
}
