/**
 * Which group of charts is shown, and which view of a chart: kept for as long as the page is open.
 *
 * The choices of a page with groups are in the address as well, beside the cursor.
 */

import { addressWriter } from "../../frontend/address.js";

const GROUP = "plots";
const VIEWS = "views";

const listeners = new Set();

/**
 * @typedef {object} Chosen
 * @property {?string} group              null for the first
 * @property {Map<string, string>} views  name of a view by the id of its chart, where not the first
 */

/** @type {Chosen} of the page with groups */
const inGroups = fromAddress();

/** @type {Chosen} of the pages beside it */
const alone = { group: null, views: new Map() };

/** Names that nothing bears any more are no error: what they would have chosen stays as it is. */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  const pairs = (query.get(VIEWS) ?? "").split(",").map((pair) => pair.split(/:(.*)/s, 2));
  return {
    group: query.get(GROUP) || null,
    views: new Map(pairs.filter(([id, name]) => id && name)),
  };
}

const writeAddress = addressWriter(() => ({
  [GROUP]: inGroups.group,
  [VIEWS]: [...inGroups.views].map((pair) => pair.join(":")).join(","),
}));

/**
 * @param {boolean} groups whether the page has groups of charts
 * @returns {{get: () => Chosen, group: (name: ?string) => void, view: (id: string, name: ?string) => void, restore: () => void}}
 *   null for a name chooses the first
 */
export function choices(groups) {
  const chosen = groups ? inGroups : alone;
  const restore = groups ? writeAddress : () => {};
  return {
    get: () => chosen,
    group: (name) => {
      chosen.group = name;
      restore();
    },
    view: (id, name) => {
      if (name === null) chosen.views.delete(id);
      else chosen.views.set(id, name);
      restore();
    },
    restore,
  };
}

/**
 * @param {() => void} listener called when the address has chosen something else
 * @returns {() => void} stops the calls
 */
export function onChosen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Back, forward, or a link pasted into the same tab.
addEventListener("popstate", () => {
  Object.assign(inGroups, fromAddress());
  for (const listener of [...listeners]) listener();
});
