/** Plotly, loaded when the first chart comes into view. */

/** @import { PlotlyModule } from "./figure.d.ts" */

/** @type {?Promise<PlotlyModule>} */
let loading = null;

/** @returns {Promise<PlotlyModule>} */
export function plotly() {
  const url = new URL("assets/vendor/plotly/plotly-cartesian.min.js", document.baseURI);
  // Kept at once: the page may hold another Plotly later.
  loading ??= import(url.href).then(() => {
    if (!globalThis.Plotly) throw new Error("Plotly did not load.");
    return globalThis.Plotly;
  });
  return loading;
}

export const CONFIG = {
  displaylogo: false,
  displayModeBar: "hover",
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  doubleClick: "reset",
  responsive: false,
  showTips: false,
};
