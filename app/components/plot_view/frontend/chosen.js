/**
 * Which group of charts is shown, and which view of a chart: kept for as long as the page is open.
 *
 * The choices of a page with groups are in the address as well, beside the cursor.
 */

import { addressWriter } from "../../shared/frontend/address.js";

const GROUP = "plots";
const VIEWS = "views";

/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * @typedef {object} Chosen
 * @property {?string} group              null for the first
 * @property {Map<string, string>} views  name of a view by the id of its chart, where not the first
 */

/**
 * How the choice is read and changed; null for a name chooses the first.
 * @typedef {object} Choices
 * @property {() => Chosen} get
 * @property {(name: ?string) => void} group
 * @property {(id: string, name: ?string) => void} view
 * @property {() => void} restore  writes the address again
 */

/** @type {Chosen} of the page with groups */
const inGroups = fromAddress();

/** @type {Chosen} of the pages beside it */
const alone = { group: null, views: new Map() };

/** Names that nothing bears any more are no error: what they would have chosen stays as it is. */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  /** @type {Chosen["views"]} */
  const views = new Map();
  for (const pair of (query.get(VIEWS) ?? "").split(",")) {
    const [id, name] = pair.split(/:(.*)/s, 2);
    if (id && name) views.set(id, name);
  }
  return { group: query.get(GROUP) || null, views };
}

const writeAddress = addressWriter(() => ({
  [GROUP]: inGroups.group,
  [VIEWS]: [...inGroups.views].map((pair) => pair.join(":")).join(","),
}));

/**
 * @param {boolean} groups whether the page has groups of charts
 * @returns {Choices}
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
