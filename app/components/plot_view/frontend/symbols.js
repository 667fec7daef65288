/** Our own symbols in text: h_t and W_hh with real subscripts. A user's text never comes here. */

import { el } from "../../shared/frontend/dom.js";

/**
 * @param {string} text
 * @returns {(string|HTMLElement)[]}
 */
export function subscripted(text) {
  return text
    .split(/_([A-Za-z0-9]+)/)
    .map((part, i) => (i % 2 ? el("sub", { class: "ur-plots-sub" }, part) : part));
}
