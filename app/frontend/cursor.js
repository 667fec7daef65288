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

import { addressWriter } from "./address.js";

const IN_ADDRESS = { at: "at", selected: "sel", level: "level" };
const DEFAULTS = { at: "end", selected: null, level: "operation" };
const LEVELS = ["rolled", "step", "operation", "scalar"];

const listeners = new Set();
let state = fromAddress();

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

const writeAddress = addressWriter(() =>
  Object.fromEntries(
    Object.entries(IN_ADDRESS).map(([name, parameter]) => [
      parameter,
      state[name] === DEFAULTS[name] ? null : state[name],
    ]),
  ),
);

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
    writeAddress();
    for (const listener of [...listeners]) listener(state);
  },

  /** Write the address again: Streamlit drops what it does not know when Python writes to it. */
  restore: writeAddress,

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
