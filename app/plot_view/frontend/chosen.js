/**
 * Which group of charts is shown, and which view of a chart: kept for as long as the page is open.
 *
 * The choices of a page with groups are in the address as well, beside the cursor.
 */

const GROUP = "plots";
const VIEWS = "views";
const WRITE_AFTER_MS = 150;

const listeners = new Set();
let pending = 0;

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

function toAddress() {
  const url = new URL(location.href);
  const views = [...inGroups.views].map((pair) => pair.join(":")).join(",");
  for (const [name, value] of [[GROUP, inGroups.group], [VIEWS, views]]) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  // The history entry belongs to Streamlit's router, which keeps its own state in it.
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

/** Write the address, once it rests: Streamlit drops what it does not know when Python writes. */
function scheduleAddress() {
  clearTimeout(pending);
  pending = setTimeout(toAddress, WRITE_AFTER_MS);
}

/**
 * @param {boolean} groups whether the page has groups of charts
 * @returns {{get: () => Chosen, group: (name: ?string) => void, view: (id: string, name: ?string) => void, restore: () => void}}
 *   null for a name chooses the first
 */
export function choices(groups) {
  const chosen = groups ? inGroups : alone;
  const restore = groups ? scheduleAddress : () => {};
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
