/** How many significant digits a reader asks computed numbers to have: all of a page at once. */

import { common } from "./common.js";

/** @type {?number} what Python has told since the page was loaded */
let asked = null;
/** @type {Set<() => void>} */
const listeners = new Set();

export const digits = () => asked ?? common().numbers.digits;

/** Write numbers anew, if there is something new. @param {number} count */
export function askDigits(count) {
  if (count === digits()) return;
  asked = count;
  for (const listener of listeners) listener();
}

/**
 * Follow what is asked; what is returned ends that.
 * @param {() => void} listener
 */
export function onDigits(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
