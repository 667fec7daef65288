/** What Plotly writes, 1e+6 and 0.00005, becomes what is written everywhere else: 1e6 and 5e−5. */

import { common } from "../../shared/frontend/common.js";
import { digits } from "../../shared/frontend/digits.js";
import { rewritten } from "../../shared/frontend/numbers.js";
import { axesOf } from "./axes.js";

/** @import { Drawing, Trace } from "./figure.d.ts" */

/**
 * Keep the numbers of a drawing in our form. Plotly has no setting for it, so its texts are changed
 * once they are there; a user's names, which stand on axes with texts of their own, stay.
 * @param {Drawing} drawing in which Plotly has drawn
 */
export function keepNumerals(drawing) {
  const labels = new MutationObserver((changes) => {
    for (const { target } of changes) rewrite(target);
  });
  const written = () => {
    for (const [name, { ticktext }] of axesOf(drawing.layout)) {
      if (ticktext) continue;
      drawing.querySelectorAll(`.${name.replace("axis", "")}tick text`).forEach(rewrite);
    }
    drawing.querySelectorAll(".cbaxis text").forEach(rewrite);
    const layer = drawing.querySelector(".hoverlayer");
    if (layer) labels.observe(layer, { childList: true, subtree: true });
  };
  for (const event of ["plotly_afterplot", "plotly_relayouting"]) drawing.on(event, written);
  written();
}

/**
 * Let Plotly write the numbers of its hover texts with the digits that are asked for.
 * @param {Trace[]} traces changed in place
 */
export function askForDigits(traces) {
  const format = `:.${digits()}~g}`;
  for (const trace of traces) {
    if (!trace.hovertemplate) continue;
    trace.hovertemplate = trace.hovertemplate.replaceAll(`:${common().numbers.hover}}`, format);
  }
}

/** @param {Node} part */
function rewrite(part) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = /** @type {Text} */ (texts.currentNode);
    const now = rewritten(text.data);
    if (now !== text.data) text.data = now;
  }
}
