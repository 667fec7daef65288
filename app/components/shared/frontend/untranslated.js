/**
 * Equations, numbers and badges stay as they are when the browser translates the page.
 *
 * A translated number would be a text of the translator's: it would not change at the next edit. Our
 * own parts carry the attribute from the start (see `dom.js`); what Streamlit and Plotly draw cannot,
 * so it is set here.
 */

import { afterChanges } from "./page_changes.js";

const KEPT = [
  ".katex",
  "code",
  ".stMarkdownBadge",
  ".st-key-numbers",
  "[data-testid=stMetricValue]",
  "[data-testid=stSliderThumbValue]",
  "[data-testid=stTable] tbody",
  ".js-plotly-plot",
  ".ur-legend",
  ".ur-plots-sub",
  ".ur-e-field-title",
  ".ur-e-grid-scroller",
];
const UNMARKED = KEPT.map((selector) => `${selector}:not([translate])`).join(",");

/** From now on. */
export const keepUntranslated = () => afterChanges(markNew);

function markNew() {
  for (const element of document.querySelectorAll(UNMARKED)) {
    element.setAttribute("translate", "no");
  }
}
