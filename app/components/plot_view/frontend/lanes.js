/** Lanes with long names: beside the plot where there is room, else each above its own lane. */

import { common } from "../../shared/frontend/common.js";
import { isNarrow } from "./legend.js";

/** @import { Figure } from "./figure.d.ts" */

const LANE = 40; // pixels for a name and what lies below it
const DOWN = 0.22; // of a lane, by which what lies in it makes room for the name
const TOP_AND_BOTTOM = 56;

/**
 * A layout says by `meta.lanes` that its second vertical axis has a name for each lane, and by
 * `meta.left` that its left margin is that wide for the sake of such names.
 * @param {Figure} figure with its width; changed in place
 * @param {string} background
 */
export function fitLanes({ data, layout }, background) {
  const { lanes, left } = layout.meta ?? {};
  if (!isNarrow(layout) || !(lanes || left)) return;
  layout.margin.l = common().charts.left;
  const axis = layout.yaxis2;
  if (!lanes || !axis?.domain || !layout.yaxis.domain) return;
  const { ticktext = [] } = axis;
  const plot = layout.height - TOP_AND_BOTTOM;
  const [above, gap] = [1 - layout.yaxis.domain[0], layout.yaxis.domain[0] - axis.domain[1]];
  const heights = [LANE * Math.max(1, ticktext.length), gap * plot, above * plot];
  const total = heights.reduce((sum, height) => sum + height, 0);
  layout.height = total + TOP_AND_BOTTOM;
  layout.yaxis.domain = [1 - heights[2] / total, 1];
  axis.domain = [0, heights[0] / total];
  axis.showticklabels = false;
  layout.annotations = ticktext.map((text, row) => ({
    text,
    x: 0,
    y: row - DOWN,
    xref: "x2 domain",
    yref: "y2",
    xanchor: "left",
    yanchor: "middle",
    showarrow: false,
    bgcolor: background, // what is drawn across stays behind the name
    borderpad: 1,
  }));
  for (const trace of data) {
    if (trace.yaxis === "y2" && trace.mode !== "lines") {
      trace.y = Float64Array.from(trace.y, (row) => row + DOWN);
    }
  }
}
