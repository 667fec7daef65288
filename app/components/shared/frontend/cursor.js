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
 * @property {boolean} pinned   whether the selection stays while the player goes on
 * @property {Level} level
 */

import { addressWriter } from "./address.js";
import { common } from "./common.js";

const IN_ADDRESS = /** @type {const} */ ({ at: "at", selected: "sel", level: "level" });
/** @typedef {string} Level by name: "rolled", the coarsest, to "scalar" */
/** @type {Pick<Cursor, "at"|"selected"|"level">} */
const DEFAULTS = { at: "end", selected: null, level: common().level };

/** @typedef {ReturnType<typeof cursorFrom>} SharedCursor a position, and who is told of it */

/**
 * @template {object} Fields
 * @param {Fields} fields
 */
const fieldsOf = (fields) => /** @type {(keyof Fields)[]} */ (Object.keys(fields));

/** @returns {Cursor} */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  const level = common().levels.find(([name]) => name === query.get("level"))?.[0];
  const at = query.get("at") || DEFAULTS.at;
  const selected = query.get("sel") || DEFAULTS.selected;
  return {
    at,
    t: 0,
    phase: at === "start" || at.startsWith("f:") ? "forward" : "backward",
    selected,
    pinned: selected !== null, // a link shows what it names until the reader lets go
    level: level ?? DEFAULTS.level,
  };
}

/**
 * @param {() => Cursor} begin where it is when somebody first asks
 * @param {() => void} write called after every change
 * @param {() => void} restore
 */
function cursorFrom(begin, write, restore) {
  /** @type {?Cursor} */
  let known = null;
  const get = () => (known ??= begin());
  /** @type {Set<(state: Cursor) => void>} */
  const listeners = new Set();
  return {
    /** @returns {Cursor} the current position; do not change it in place */
    get,

    /**
     * Change some fields and tell everybody, once, and only if something changed.
     * @param {Partial<Cursor>} partial
     */
    set(partial) {
      const state = get();
      const next = { ...state, ...partial };
      if (fieldsOf(next).every((name) => next[name] === state[name])) return;
      known = next;
      write();
      for (const listener of [...listeners]) listener(next);
    },

    /** Write the address again: Streamlit drops what it does not know when Python writes to it. */
    restore,

    /**
     * @param {(state: Cursor) => void} listener called after every change
     * @returns {() => void} stops the calls
     */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const writeAddress = addressWriter(() =>
  Object.fromEntries(
    fieldsOf(IN_ADDRESS).map((name) => {
      const value = cursor.get()[name];
      return [IN_ADDRESS[name], value === DEFAULTS[name] ? null : value];
    }),
  ),
);

// Not read at once: a part of the page that stands above the graph loads this module before Python
// has written into the address where a first visit begins.
export const cursor = cursorFrom(fromAddress, writeAddress, writeAddress);

/** @type {Map<string, SharedCursor>} */
const apart = new Map();

/**
 * The position of a graph that shows another run than the experiment's: it moves nothing else, and
 * is not in the address.
 * @param {?string} name null for the shared position
 */
export function cursorOf(name) {
  if (!name) return cursor;
  const known = apart.get(name);
  if (known) return known;
  /** @type {Cursor} */
  const state = { ...DEFAULTS, t: 0, phase: "backward", pinned: false };
  const made = cursorFrom(
    () => state,
    () => {},
    writeAddress,
  );
  apart.set(name, made);
  return made;
}

// Back, forward, or a link pasted into the same tab.
addEventListener("popstate", () => cursor.set(fromAddress()));
