/** Where the player stands, as the charts need it. */

import { partsOf, readName } from "../../shared/frontend/named.js";

/**
 * @typedef {object} Place
 * @property {number} step    the step to mark, 0..T: the end counts as the last one
 * @property {boolean} early  the loss has not been reached, so there is no gradient to show yet
 * @property {number} since   earliest step whose gradients the player has come back to, 0 for all
 */

/**
 * @param {Pick<import("../../shared/frontend/cursor.js").Cursor, "at"|"t">} cursor
 * @param {number} T
 * @param {readonly string[]} parameters their names
 * @returns {Place}
 */
export function placeOf({ at, t }, T, parameters) {
  if (at === "end") return { step: T, early: false, since: 0 };
  if (at === "start") return { step: 0, early: true, since: 0 };
  const { phase, name } = partsOf(at);
  const said = readName(name, { parameters: new Set(parameters) });
  // The gradients of parameters come last, when every step has been gone back through.
  const isParameter = said !== null && said.parameter !== null && !said.reads;
  if (isParameter && phase === "backward") return { step: 0, early: false, since: 0 };
  const step = Math.min(t || (said?.quantity === "L" ? T : (said?.steps[0] ?? 0)), T);
  const early = phase === "forward";
  return { step, early, since: early ? 0 : step };
}
