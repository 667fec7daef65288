/** Room for Plotly's buttons, which appear in the upper corner, above a key of colours. */

/** @import { Layout } from "./figure.d.ts" */

const BUTTONS = 36; // pixels from the top, with half a number's height

/**
 * How many pixels a drawing is higher than it was sent, for its numbers to stand under the buttons.
 * @param {{data: {colorbar?: unknown}[], layout: Layout}} figure
 */
export function aboveColours({ data, layout }) {
  const has = layout.coloraxis || data.some(({ colorbar }) => colorbar);
  return has ? Math.max(0, BUTTONS - layout.margin.t) : 0;
}

/** @param {{data: {colorbar?: unknown}[], layout: Layout}} figure  changed in place */
export function fitButtons(figure) {
  const more = aboveColours(figure);
  figure.layout.height += more;
  figure.layout.margin.t += more;
}
