/** Field names as they are printed: W_hh becomes W with a subscript. */

import { symbolNodes } from "../../graph_view/frontend/symbol.js";
import { el } from "../../shared/frontend/dom.js";
import { hasRows, notationName, writtenText } from "../../shared/frontend/notation/notation.js";

/**
 * In a notation that has the transpose of a matrix, its rows and columns are still as they are typed
 * here, so the name is that of the transpose.
 * @param {string} name
 * @param {boolean} isMatrix  of weights
 * @returns {HTMLElement}
 */
export function symbol(name, isMatrix) {
  if (notationName() !== "ours") {
    const latex = ownName(name).replace(/_(.+)/, "_{$1}") + (isMatrix && hasRows() ? "^\\top" : "");
    return el("span", { class: "ur-e-symbol ur-e-told" }, ...symbolNodes(latex));
  }
  const [base, index] = ownName(name).split("_");
  // The italic 0 of the mathematical font is that of a letter o.
  const upright = /^\d+$/.test(index ?? "") ? "ur-e-digits" : undefined;
  const sub = index ? el("sub", { class: upright }, index) : null;
  return el("span", { class: "ur-e-symbol" }, el("i", {}, base), sub);
}

/** The same as a text; of ours, as it is known. @param {string} name @param {boolean} isMatrix */
export const fieldName = (name, isMatrix) =>
  notationName() === "ours"
    ? name
    : writtenText(ownName(name)) + (isMatrix && hasRows() ? "ᵀ" : "");

/** @param {string} name of a field */
const ownName = (name) => (name === "target" ? "y" : name);
