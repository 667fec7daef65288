/** Where the player stands, as the charts need it. */

const PARAMETER = /^b:(W_xh|W_hh|b_h|W_hy|b_y)(\[[\d,]+\])?$/;

/**
 * @typedef {object} Place
 * @property {number} step    the step to mark, 0..T: the end counts as the last one
 * @property {boolean} early  the loss has not been reached, so there is no gradient to show yet
 * @property {number} since   earliest step whose gradients the player has come back to, 0 for all
 */

/**
 * @param {Pick<import("../../shared/frontend/cursor.js").Cursor, "at"|"t">} cursor
 * @param {number} T
 * @returns {Place}
 */
export function placeOf({ at, t }, T) {
  if (at === "end") return { step: T, early: false, since: 0 };
  if (at === "start") return { step: 0, early: true, since: 0 };
  // The gradients of parameters come last, when every step has been gone back through.
  if (PARAMETER.test(at)) return { step: 0, early: false, since: 0 };
  const named = /\[(\d+)/.exec(at);
  const step = Math.min(t || (named ? Number(named[1]) : at.endsWith(":L") ? T : 0), T);
  const early = at.startsWith("f:");
  return { step, early, since: early ? 0 : step };
}
