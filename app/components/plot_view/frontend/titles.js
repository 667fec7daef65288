/**
 * The names of axes, as notes beside the plot: Plotly looks for the place of a title by measuring
 * each number along its axis, which takes a layout of the page for each number that is new. Our
 * margins are fixed, so the place is known; names of axes below one another then line up, too.
 */

import { axesOf, axisOf } from "./axes.js";

/** @import { Annotation, Axis, Layout } from "./figure.d.ts" */

const BELOW = 26; // pixels from the axis to the top of its name: the numbers have room between
const FROM_THE_EDGE = 12; // to the middle of a name that is turned
const MOST_BESIDE = 52; // from the axis to there: a margin is wider for names of another plot's rows

/** @param {Layout} layout with margins and domains as they will be drawn; changed in place */
export function placeTitles(layout) {
  for (const [name, axis] of axesOf(layout)) {
    const { title } = axis;
    if (!title?.text) continue;
    const across = axisOf(layout, axis.anchor ?? (name.startsWith("x") ? "y" : "x"));
    const place = name.startsWith("x") ? below(axis, across) : beside(axis, across, layout);
    if (!place) continue;
    axis.title = undefined;
    (layout.annotations ??= []).push({
      text: title.text,
      xref: "paper",
      yref: "paper",
      xanchor: "center",
      showarrow: false,
      borderpad: 0,
      ...place,
    });
  }
}

/** @param {Axis} axis */
const middleOf = ({ domain: [from, to] = [0, 1] }) => (from + to) / 2;

/**
 * @param {Axis} axis
 * @param {Axis} across
 * @returns {?Pick<Annotation, "x"|"y"|"yanchor"|"yshift">} null where the numbers take more room than one line
 */
function below(axis, across) {
  const { type, side, tickangle, ticktext = [], showticklabels = true } = axis;
  const isUsual = type !== "log" && side !== "top" && !tickangle && showticklabels;
  if (!isUsual || ticktext.some((text) => /<(br|su[bp])>/.test(text))) return null;
  const { domain: [bottom] = [0, 1] } = across;
  return { x: middleOf(axis), y: bottom, yanchor: "top", yshift: -BELOW };
}

/**
 * @param {Axis} axis
 * @param {Axis} across
 * @param {Layout} layout
 * @returns {?Pick<Annotation, "x"|"y"|"yanchor"|"xshift"|"textangle">} null where its margin is not the figure's
 */
function beside(axis, across, { margin }) {
  const { domain: [left] = [0, 1] } = across;
  if (axis.side === "right" || axis.overlaying || left > 0) return null;
  const edge = margin.l - FROM_THE_EDGE;
  const xshift = -(axis.ticktext ? edge : Math.min(edge, MOST_BESIDE));
  return { x: 0, xshift, y: middleOf(axis), yanchor: "middle", textangle: -90 };
}
