/** A figure as Python sends it, made one that Plotly draws well in the room that there is. */

import { coloursOf } from "../../shared/frontend/common.js";
import { unpacked } from "./arrays.js";
import { fitScreen } from "./enlarged.js";
import { fitLanes, fitNotes } from "./lanes.js";
import { fitLegend } from "./legend.js";
import { askForDigits } from "./numerals.js";
import { paint } from "./paint.js";
import { fitPanels } from "./panels.js";
import { fitSquare } from "./square.js";
import { fitTicks } from "./ticks.js";
import { placeTitles } from "./titles.js";

/** @import { Theme } from "../../shared/frontend/dom.js" */
/** @import { SentFigure } from "./data.d.ts" */
/** @import { Figure } from "./figure.d.ts" */

/**
 * @typedef {object} Room
 * @property {string} key         of what is kept from drawing to drawing: views, visible lines
 * @property {number} width       in pixels
 * @property {HTMLElement} frame  that the figure is drawn in
 * @property {number} share       of the screen's height, in a show
 * @property {?[number, number]} [range]  of the time axis, null for all of it; left out without one
 * @property {Theme} theme
 */

/**
 * Unpacked, in the theme, with the zoom that is on.
 * @param {SentFigure} sent
 * @param {Room} room
 * @returns {Figure}
 */
export function fittedFigure({ data, layout }, { key, width, frame, share, range, theme }) {
  const figure = { data: data.map(unpacked), layout: structuredClone(layout) };
  Object.assign(figure.layout, { width, uirevision: key });
  figure.layout.margin.autoexpand = false;
  fitLanes(figure);
  const names = fitLegend(figure, theme.font);
  fitSquare(figure.layout);
  fitNotes(figure, theme.font, theme.background);
  fitScreen(figure.layout, frame, share, names);
  fitPanels(figure.layout, theme.font);
  if (range !== undefined) {
    if (range) figure.layout.xaxis.range = [...range];
    figure.layout.xaxis.uirevision = `${key}:${range}`;
  }
  fitTicks(figure.layout, theme.font);
  placeTitles(figure.layout);
  askForDigits(figure.data);
  paint(figure, theme, coloursOf(theme), share > 0);
  if (matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false;
  return figure;
}
