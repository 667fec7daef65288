/**
 * Equations, numbers and badges stay as they are when the browser translates the page.
 *
 * A translated number would be a text of the translator's: it would not change at the next edit. Our
 * own parts carry the attribute from the start (see `dom.js`); what Streamlit and Plotly draw cannot,
 * so it is set here.
 */

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
const MARK_AFTER_MS = 100;

let started = false;

/** From now on; once for a page. */
export function keepUntranslated() {
  if (started) return;
  started = true;
  let pending = 0;
  const mark = () => {
    pending = 0;
    for (const element of document.querySelectorAll(UNMARKED)) {
      element.setAttribute("translate", "no");
    }
  };
  // Not at every change: a step of the player changes the page, and must stay cheap.
  new MutationObserver(() => (pending ||= setTimeout(mark, MARK_AFTER_MS))).observe(document.body, {
    childList: true,
    subtree: true,
  });
  mark();
}
