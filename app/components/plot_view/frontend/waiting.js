/** What stands in the place of gradients that the player has not reached. */

import { cursor } from "../../shared/frontend/cursor.js";
import { el } from "../../shared/frontend/dom.js";

/** @import { View } from "./data.d.ts" */
/** @import { Table } from "./numbers_table.js" */

/**
 * A card's cover. The chart stays drawn and laid out below it, unseen, so it appears at once.
 * @param {() => HTMLElement} card  takes the focus when the cover goes
 * @param {() => number} lastStep
 */
export function cover(card, lastStep) {
  const open = () => {
    card().tabIndex = -1;
    card().focus({ preventScroll: true });
    cursor.set({ at: "end", t: lastStep() });
  };
  return el(
    "div",
    { class: "ur-plots-cover" },
    el("p", {}, "Gradients appear once the loss has been reached."),
    el("button", { type: "button", class: "ur-plots-button", onclick: open }, "To the end"),
  );
}

/**
 * A view as it is before the loss: its own words for that, and no line that is a gradient.
 * @param {View} view
 * @returns {View}
 */
export function earlyView(view) {
  if (view.early === undefined) return view;
  const figure = view.figure && {
    ...view.figure,
    data: view.figure.data.filter(({ meta }) => !meta?.gradient),
  };
  return { ...view, figure, text: view.early };
}

/**
 * The columns of a table that are no gradients.
 * @param {Table} table
 * @returns {Table}
 */
export function earlyTable(table) {
  return table.early === undefined ? table : { ...table, head: table.head.slice(0, table.early) };
}

/**
 * What a chart over time says while the player is on its way back.
 * @param {number} since
 */
export function onTheWay(since) {
  return `Reached so far: t ≥ ${since}. Earlier steps appear as the player goes back.`;
}
