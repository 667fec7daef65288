/**
 * Charts of which the user chooses what is drawn, from numbers that came once.
 *
 * A term of a parameter's gradient is a product of two of those numbers, so another choice needs
 * no round trip.
 */

import { EntryChoice } from "./entry_choice.js";
import { UnitsChoice } from "./units_choice.js";

/** @import { View } from "./data.d.ts" */
/** @import { Factors } from "./term_factors.js" */
/** @import { Table } from "./numbers_table.js" */

/**
 * The choice that a chart offers, or null.
 * @typedef {object} Choice
 * @property {HTMLElement} element
 * @property {(selected: ?string, parameters: string[]) => boolean} [follow]  takes a selection of
 *   the graph, if it can
 * @property {(view: View, tables: Table[], factors: Factors) => [View, Table[]]} chosen
 *
 * @param {string} id of the chart
 * @param {() => void} changed called after each
 * @returns {?Choice}
 */
export function choiceOf(id, changed) {
  if (id === "contributions") return new EntryChoice(changed);
  if (id === "space") return new UnitsChoice(changed);
  return null;
}
