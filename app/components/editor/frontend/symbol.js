/** Field names as they are printed: W_hh becomes W with a subscript. */

import { el } from "../../shared/frontend/dom.js";

/** @param {string} name @returns {HTMLElement} */
export function symbol(name) {
  const [base, index] = (name === "target" ? "y" : name).split("_");
  // The italic 0 of the mathematical font is that of a letter o.
  const upright = /^\d+$/.test(index ?? "") ? "ur-e-digits" : undefined;
  const sub = index ? el("sub", { class: upright }, index) : null;
  return el("span", { class: "ur-e-symbol" }, el("i", {}, base), sub);
}
