/** A field to choose one of a few numbers or names in. */

import { el } from "../../shared/frontend/dom.js";

/** @typedef {[key: string|number, text: string]} Option */

/** @param {string|number} key @param {string} text @returns {Option} */
export const option = (key, text) => [key, text];

/** @param {number} count */
export function range(count, prefix = "") {
  return Array.from({ length: count }, (_, i) => option(i, `${prefix}${i + 1}`));
}

/**
 * @param {string} label
 * @param {Option[]} options
 * @param {string|number} value
 * @param {(value: string) => void} changed
 */
export function select(label, options, value, changed) {
  /** @type {HTMLSelectElement} */
  const field = el(
    "select",
    { class: "ur-plots-select", onchange: () => changed(field.value) },
    ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
  );
  return el("label", {}, `${label} `, field);
}
