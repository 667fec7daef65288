/** Colours and fonts for a figure: Python names roles, the theme of the page fills them in. */

import { inkOn } from "../../shared/frontend/colour.js";
import { common } from "../../shared/frontend/common.js";
import { channels } from "../../shared/frontend/dom.js";
import { axesOf, axisOf } from "./axes.js";

/** @import { Theme } from "../../shared/frontend/dom.js" */
/** @import { Palette } from "../../shared/frontend/data.d.ts" */
/** @import { ColourBar, Figure, Layout, Trace } from "./figure.d.ts" */

/** @typedef {[at: number, channels: number[]]} Rgb a place of a scale */

const POWER = 1.25; // by which Plotly enlarges powers of ten
const CHARACTER = 6.6; // pixels, of a number in a cell

/** How high letters are, in pixels. */
const lettersOf = () => common().charts.letters;

/**
 * @param {Figure} figure  data already unpacked, with its width; changed in place
 * @param {Theme} theme
 * @param {Palette} palette of this theme, from Python
 * @param {boolean} large in a show, where an exponent of 10 would be too small for the last row
 */
export function paint(figure, theme, palette, large) {
  for (const trace of figure.data) paintTrace(trace, figure.layout, theme, palette, large);
  const { layout } = figure;
  const grid = mix(theme, 13);
  const quiet = mix(theme, 45);
  layout.paper_bgcolor = theme.background;
  // A cell without a number must not look like a zero.
  const cells = figure.data.some(({ type }) => type === "heatmap");
  layout.plot_bgcolor = cells ? theme.secondary : theme.background;
  layout.font = { family: theme.font, size: lettersOf(), color: theme.text };
  layout.hoverlabel = {
    bgcolor: theme.secondary,
    bordercolor: quiet,
    font: { family: theme.mono, size: lettersOf(), color: theme.text },
  };
  layout.modebar = { bgcolor: "transparent", color: mix(theme, 60), activecolor: theme.primary };
  if (layout.coloraxis) {
    layout.coloraxis.colorscale = palette.diverging;
    keyOf(layout.coloraxis.colorbar, theme, large);
  }
  for (const [, axis] of axesOf(layout)) {
    axis.gridcolor = grid;
    axis.zerolinecolor = quiet;
    axis.linecolor = quiet;
    axis.tickcolor = quiet;
    if (large && axis.ticktext) axis.ticktext = axis.ticktext.map(inOneLine);
    const raises = axis.type === "log" && !large;
    if (raises && !axis.tickvals) axis.tickfont = { size: lettersOf() / POWER };
    axis.ticks = "outside";
    axis.ticklabeloverflow = "allow"; // they fit (ticks.js): Plotly would measure each one again
    axis.exponentformat = raises ? "power" : "e";
    if (axis.title) axis.title.font = { size: lettersOf() };
    axis.ticklen = 4;
    axis.showline = true;
  }
}

/** A power of ten as numbers are written elsewhere, 1e−8; of a broken exponent, 10^−1.5. @param {string} text */
const inOneLine = (text) =>
  text.replace(
    /^10<sup>([^<]*)<\/sup>$/,
    (_, power) => `${power.includes(".") ? "10^" : "1e"}${power}`,
  );

/**
 * @param {Trace} trace
 * @param {Layout} layout
 * @param {Theme} theme
 * @param {Palette} palette
 * @param {boolean} large
 */
function paintTrace(trace, layout, theme, palette, large) {
  const { scale, series, accent, path, signed, ink } = trace.meta ?? {};
  if (trace.type === "heatmap") {
    if (scale) trace.colorscale = palette[scale];
    if (trace.colorbar) keyOf(trace.colorbar, theme, large);
  } else if (ink) {
    trace.textfont = { size: lettersOf(), color: inksOf(trace, palette) };
    trace.visible = fits(trace, layout);
  } else if (path) {
    trace.line = { ...trace.line, color: mix(theme, 40) };
    trace.marker = { ...trace.marker, colorscale: palette.sequential };
    trace.textfont = { size: lettersOf(), color: mix(theme, 75) };
  } else if (signed) {
    const { diverging } = palette;
    const [negative, positive] = [diverging[0][1], diverging[diverging.length - 1][1]];
    trace.marker = { color: Array.from(trace.y, (value) => (value < 0 ? negative : positive)) };
  } else {
    const role = (series ?? 0) % palette.series.length;
    const colour = accent ? theme.primary : palette.series[role];
    trace.line = { ...trace.line, color: colour };
    trace.marker = { ...trace.marker, color: colour };
    if (accent && trace.marker.line) {
      const open = String(trace.marker.symbol).endsWith("open");
      trace.marker.line = { ...trace.marker.line, color: open ? colour : theme.background };
    }
  }
}

/**
 * Leave out the numbers in cells that are too narrow for them.
 * @param {Trace} trace
 * @param {Layout} layout
 */
function fits(trace, layout) {
  const axis = axisOf(layout, trace.xaxis ?? "x");
  const [start, end] = axis.domain ?? [0, 1];
  const width = (layout.width - layout.margin.l - layout.margin.r) * (end - start);
  const longest = Math.max(...trace.text.map((text) => text.length));
  return width / Math.abs(axis.range[1] - axis.range[0]) > longest * CHARACTER + 4;
}

/**
 * Black or white for each number in a cell, whichever stands out more from the cell's colour.
 * @param {Trace} trace
 * @param {Palette} palette
 */
function inksOf(trace, palette) {
  const { ink = "sequential", largest = 1 } = trace.meta ?? {};
  const stops = palette[ink].map(([at, colour]) => stop(at, colour));
  return Array.from(trace.customdata, (value) => {
    const share = Number.isFinite(value) ? value / largest : 0;
    const at = ink === "diverging" ? (1 + share) / 2 : share;
    return inkOn(colourAt(stops, Math.min(1, Math.max(0, at))));
  });
}

/** @param {number} at @param {string} colour "rgb(…)" @returns {Rgb} */
const stop = (at, colour) => [at, (colour.match(/\d+/g) ?? []).map(Number)];

/**
 * Red, green and blue of a scale at a place from 0 to 1, as Plotly mixes them.
 * @param {Rgb[]} stops
 * @param {number} at
 */
function colourAt(stops, at) {
  const next = Math.max(
    1,
    stops.findIndex(([place]) => place >= at),
  );
  const [[low, from], [high, to]] = [stops[next - 1], stops[next]];
  return from.map((channel, i) => channel + ((to[i] - channel) * (at - low)) / (high - low));
}

/** @param {ColourBar} bar @param {Theme} theme @param {boolean} large */
function keyOf(bar, theme, large) {
  if (large && bar.ticktext) bar.ticktext = bar.ticktext.map(inOneLine);
  bar.tickfont = { size: lettersOf(), color: theme.text };
  bar.exponentformat = "e";
}

/**
 * The text colour thinned to so many percent over the background.
 * @param {Theme} theme
 * @param {number} percent
 */
function mix(theme, percent) {
  const [text, ground] = [theme.text, theme.background].map(channels);
  const mixed = text.map((value, i) =>
    Math.round(ground[i] + ((value - ground[i]) * percent) / 100),
  );
  return `rgb(${mixed.join(",")})`;
}
