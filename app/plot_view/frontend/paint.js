/** Colours and fonts for a figure: Python names roles, the theme of the page fills them in. */

import { diverging } from "../shared/colour.js";
import { channels } from "../shared/dom.js";

const FONT_SIZE = 13;
const CHARACTER = 6.6; // pixels, of a number in a cell

/**
 * @param {object} figure  data already unpacked, with its width; changed in place
 * @param {object} theme   of `themeOf`
 * @param {object} palette of this theme, from Python
 */
export function paint(figure, theme, palette) {
  for (const trace of figure.data) paintTrace(trace, figure.layout, theme, palette);
  const { layout } = figure;
  const grid = mix(theme, 13);
  const quiet = mix(theme, 45);
  layout.paper_bgcolor = theme.background;
  // A cell without a number must not look like a zero.
  const cells = figure.data.some(({ type }) => type === "heatmap");
  layout.plot_bgcolor = cells ? theme.secondary : theme.background;
  layout.font = { family: theme.font, size: FONT_SIZE, color: theme.text };
  layout.hoverlabel = {
    bgcolor: theme.secondary,
    bordercolor: quiet,
    font: { family: theme.mono, size: FONT_SIZE, color: theme.text },
  };
  layout.modebar = { bgcolor: "transparent", color: mix(theme, 60), activecolor: theme.primary };
  if (layout.coloraxis) {
    layout.coloraxis.colorscale = palette.diverging;
    keyOf(layout.coloraxis.colorbar, theme);
  }
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(name)) continue;
    axis.gridcolor = grid;
    axis.zerolinecolor = quiet;
    axis.linecolor = quiet;
    axis.tickcolor = quiet;
    axis.ticks = "outside";
    if (axis.title) axis.title.font = { size: FONT_SIZE };
    axis.ticklen = 4;
    axis.showline = true;
  }
}

function paintTrace(trace, layout, theme, palette) {
  const { scale, series, accent, path, signed, ink } = trace.meta ?? {};
  if (trace.type === "heatmap") {
    if (scale) trace.colorscale = palette[scale];
    if (trace.colorbar) keyOf(trace.colorbar, theme);
  } else if (ink) {
    trace.textfont = { size: 12, color: inksOf(trace, palette, theme) };
    trace.visible = fits(trace, layout);
  } else if (path) {
    trace.line.color = mix(theme, 40);
    trace.marker.colorscale = palette.sequential;
    trace.textfont = { size: 12, color: mix(theme, 75) };
  } else if (signed) {
    const [negative, positive] = [palette.diverging.at(0)[1], palette.diverging.at(-1)[1]];
    trace.marker = { color: Array.from(trace.y, (value) => (value < 0 ? negative : positive)) };
  } else {
    const colour = accent ? theme.primary : palette.series[series % palette.series.length];
    trace.line = { ...trace.line, color: colour };
    trace.marker = { ...trace.marker, color: colour };
    if (accent && trace.marker.line) {
      const open = String(trace.marker.symbol).endsWith("open");
      trace.marker.line = { ...trace.marker.line, color: open ? colour : theme.background };
    }
  }
}

/** Leave out the numbers in cells that are too narrow for them. */
function fits(trace, layout) {
  const axis = layout[(trace.xaxis ?? "x").replace("x", "xaxis")];
  const [start, end] = axis.domain ?? [0, 1];
  const width = (layout.width - layout.margin.l - layout.margin.r) * (end - start);
  const longest = Math.max(...trace.text.map((text) => text.length));
  return width / Math.abs(axis.range[1] - axis.range[0]) > longest * CHARACTER + 4;
}

/** Black or white for each number in a cell, whichever reads on the cell's colour. */
function inksOf(trace, palette, theme) {
  const { ink, largest } = trace.meta;
  const scale = diverging(largest, theme.dark);
  const stops = palette[ink];
  const [low, high] = [stops.at(0)[1], stops.at(-1)[1]].map(channels);
  return Array.from(trace.customdata, (value) => {
    if (ink === "diverging") return scale.ink(value);
    const share = Math.min(1, Math.max(0, value / largest));
    const cell = low.map((channel, i) => channel + (high[i] - channel) * share);
    return luminance(cell) > 0.2 ? "#10131a" : "#ffffff";
  });
}

/** Relative luminance as in WCAG 2, with 2.2 for its exponent. */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((channel) => (channel / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function keyOf(bar, theme) {
  bar.tickfont = { size: 12, color: theme.text };
}

/** The text colour thinned to so many percent over the background. */
function mix(theme, percent) {
  const [text, ground] = [theme.text, theme.background].map(channels);
  const mixed = text.map((value, i) => Math.round(ground[i] + ((value - ground[i]) * percent) / 100));
  return `rgb(${mixed.join(",")})`;
}
