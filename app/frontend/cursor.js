/**
 * The one position that graph, player and plots share, mirrored in the address bar.
 *
 * Every component imports this module from the same URL, so there is one instance in the page and
 * a step of the player reaches the plots without asking the server.
 *
 * @typedef {object} Cursor
 * @property {string} at        "start", "end", "f:<node id>" or "b:<node id>": the node just computed
 * @property {number} t         time step 1..T of that position, 0 where it has none
 * @property {"forward"|"backward"} phase
 * @property {?string} selected id of the selected node or edge
 * @property {"rolled"|"step"|"operation"|"scalar"} level
 */

const IN_ADDRESS = { at: "at", selected: "sel", level: "level" };
const DEFAULTS = { at: "end", selected: null, level: "operation" };
const LEVELS = ["rolled", "step", "operation", "scalar"];
const WRITE_AFTER_MS = 150;

const listeners = new Set();
let state = fromAddress();
let pending = 0;

/** @returns {Cursor} */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  const level = query.get("level");
  const at = query.get("at") || DEFAULTS.at;
  return {
    at,
    t: 0,
    phase: at === "start" || at.startsWith("f:") ? "forward" : "backward",
    selected: query.get("sel") || DEFAULTS.selected,
    level: LEVELS.includes(level) ? level : DEFAULTS.level,
  };
}

function toAddress() {
  const url = new URL(location.href);
  for (const [name, parameter] of Object.entries(IN_ADDRESS)) {
    if (state[name] === DEFAULTS[name]) url.searchParams.delete(parameter);
    else url.searchParams.set(parameter, state[name]);
  }
  // The history entry belongs to Streamlit's router, which keeps its own state in it.
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

/** Once the cursor rests: a write costs some milliseconds, which a playing player has not. */
function scheduleAddress() {
  clearTimeout(pending);
  pending = setTimeout(toAddress, WRITE_AFTER_MS);
}

export const cursor = {
  /** @returns {Cursor} the current position; do not change it in place */
  get: () => state,

  /**
   * Change some fields and tell everybody, once, and only if something changed.
   * @param {Partial<Cursor>} partial
   */
  set(partial) {
    const next = { ...state, ...partial };
    const changed = Object.keys(next).some((name) => next[name] !== state[name]);
    if (!changed) return;
    state = next;
    scheduleAddress();
    for (const listener of [...listeners]) listener(state);
  },

  /** Write the address again: Streamlit drops what it does not know when Python writes to it. */
  restore: scheduleAddress,

  /**
   * @param {(state: Cursor) => void} listener called after every change
   * @returns {() => void} stops the calls
   */
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// Back, forward, or a link pasted into the same tab.
addEventListener("popstate", () => cursor.set({ ...fromAddress(), t: state.t }));
