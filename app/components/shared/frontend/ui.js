/** The way into all front ends: what the page loads, as one file where they are packed into one. */

import { tell } from "./common.js";

// What a page writes, and what it says of that, can be asked for from outside.
export { meaningOf } from "./symbols/meaning.js";
export { symbolsIn } from "./symbols/reading.js";

/** @import { Common } from "./data.d.ts" */

/** What draws each component, by the name of its folder; loaded when the first of its kind comes. */
const VIEWS = {
  autograd_view: () => import("../../autograd_view/frontend/autograd.js"),
  editor: () => import("../../editor/frontend/editor.js"),
  graph_view: () => import("../../graph_view/frontend/graph.js"),
  link_button: () => import("../../link_button/frontend/button.js"),
  plot_view: () => import("../../plot_view/frontend/plots.js"),
  sheet_view: () => import("../../sheet_view/frontend/sheet.js"),
};

/**
 * Load a view; before any of them, the page is told what JavaScript shares with Python.
 * @param {keyof typeof VIEWS} name
 * @param {Common} common
 */
export function view(name, common) {
  tell(common);
  return VIEWS[name]();
}
