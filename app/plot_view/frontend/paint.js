/** Colours and fonts for a figure: Python names roles, the theme of the page fills them in. */

import { channels } from "../shared/dom.js";

const FONT_SIZE = 13;

/**
 * @param {object} figure  data already unpacked; changed in place
 * @param {object} theme   of `themeOf`
 * @param {object} palette of this theme, from Python
 */
export function paint(figure, theme, palette) {
  for (const trace of figure.data) paintTrace(trace, theme, palette);
  const { layout } = figure;
  const grid = mix(theme, 13);
  const quiet = mix(theme, 45);
  layout.paper_bgcolor = theme.background;
  layout.plot_bgcolor = theme.background;
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
    axis.ticklen = 4;
    axis.showline = true;
  }
}

function paintTrace(trace, theme, palette) {
  const { scale, series, accent, path, signed } = trace.meta ?? {};
  if (trace.type === "heatmap") {
    if (scale) trace.colorscale = palette[scale];
    if (trace.colorbar) keyOf(trace.colorbar, theme);
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

function keyOf(bar, theme) {
  bar.tickfont = { size: 12, color: theme.text };
}

/** The text colour thinned to so many percent over the background. */
function mix(theme, percent) {
  const [text, ground] = [theme.text, theme.background].map(channels);
  const mixed = text.map((value, i) => Math.round(ground[i] + ((value - ground[i]) * percent) / 100));
  return `rgb(${mixed.join(",")})`;
}
