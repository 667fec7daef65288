/** Field names as they are printed: W_hh becomes W with a subscript. */

import { el } from "../shared/dom.js";

/** @param {string} name @returns {HTMLElement} */
export function symbol(name) {
  const [base, index] = (name === "target" ? "y" : name).split("_");
  return el("span", { class: "ur-e-symbol" }, el("i", {}, base), index ? el("sub", {}, index) : null);
}
