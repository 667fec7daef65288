/**
 * A number that is being changed by hand: who shows it, or what follows from it, is told at once.
 *
 * Every component imports this module from the same URL, so there is one instance in the page, as
 * of the cursor. The sidebar's controls and the graph both move numbers; only the controls send the
 * edit, once, when the hand lets go. What was sent still counts here until Python's answer is shown.
 *
 * @typedef {object} Change
 * @property {string} field   as the sidebar calls it: x, target, W_hh, h_0
 * @property {number} row     from 0
 * @property {number} column
 * @property {number} value
 *
 * @typedef {"move"|"release"|"cancel"} Event
 * @typedef {(event: Event, change: Change) => void} Listener
 */

/** @type {?Change} */
let held = null;
/** @type {Map<string, {change: Change, answered: boolean}>} edits on their way to Python */
const sent = new Map();
/** @type {Set<Listener>} */
const listeners = new Set();
/** Whether an answer is on its way that may make any number another one. */
let isDue = () => false;
/** @type {(() => void)[]} */
const waiting = [];

/** @param {Omit<Change, "value">} place */
const keyOf = ({ field, row, column }) => `${field} ${row} ${column}`;

/** @param {Event} event @param {Change} change */
function tell(event, change) {
  for (const listener of [...listeners]) listener(event, change);
}

export const hand = {
  /** The numbers that are not yet what Python says. */
  changes: () => [...[...sent.values()].map(({ change }) => change), ...(held ? [held] : [])],

  /**
   * What a number is by hand, if Python does not say so yet.
   * @param {Omit<Change, "value">} place
   * @returns {number|undefined}
   */
  valueOf(place) {
    const key = keyOf(place);
    return held && keyOf(held) === key ? held.value : sent.get(key)?.change.value;
  },

  /** Whether a number is held. */
  holds: () => held !== null,

  /** Change the number that is held, or hold one. @param {Change} change */
  move(change) {
    if (held && keyOf(held) !== keyOf(change)) hand.release();
    held = change;
    tell("move", change);
  },

  /** Let go: the number stays, and is sent. */
  release() {
    const change = held;
    if (!change) return;
    held = null;
    sent.set(keyOf(change), { change, answered: false });
    tell("release", change);
  },

  /** Let go: the number is again what it was. */
  cancel() {
    const change = held;
    if (!change) return;
    held = null;
    tell("cancel", change);
  },

  /**
   * Python has taken an edit, or refused it.
   * @param {Change} change
   * @param {boolean} refused
   */
  answer(change, refused) {
    const found = sent.get(keyOf(change));
    if (found?.change !== change) return; // it was changed again since
    if (refused) {
      sent.delete(keyOf(change));
      tell("cancel", change);
    } else found.answered = true;
  },

  /** Python's numbers have arrived: what it has taken is in them. */
  arrived() {
    for (const [key, { answered }] of sent) if (answered) sent.delete(key);
  },

  /** Whether the numbers that are shown are soon others: none of them is one to go on from. */
  waits: () => isDue(),

  /** Who knows whether an answer is on its way. @param {() => boolean} due */
  watch(due) {
    isDue = due;
  },

  /** Do it as soon as the numbers that are shown are Python's. @param {() => void} act */
  whenSettled(act) {
    if (isDue()) waiting.push(act);
    else act();
  },

  /** The sidebar has new numbers. */
  settle() {
    if (!isDue()) for (const act of waiting.splice(0)) act();
  },

  /** @param {Listener} listener @returns {() => void} stops the calls */
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
