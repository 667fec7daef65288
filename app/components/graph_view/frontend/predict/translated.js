/** How far the reader has come, at another level of the same run. */

/** @import { Frame, Frames } from "../frames.js" */

/**
 * What a frame makes, alike at all levels: a scalar is a part of its vector.
 * @param {Frame} frame
 */
function madeBy({ phase, node, step }) {
  const { quantity, parameter, reads } = node;
  return [phase, quantity ?? parameter, reads?.slice(0, 2), step].join(" ");
}

/**
 * The last position at which nothing is known that was not.
 *
 * A quantity is known where all its frames were passed. What the other level did not show is known
 * where something that comes after it is.
 * @param {Frames} frames
 * @param {Frames} before
 * @param {number} frontier among `before`
 */
export function frontierIn(frames, before, frontier) {
  /** @type {Map<string, boolean>} */
  const isKnown = new Map();
  before.list.forEach((frame, k) => {
    const made = madeBy(frame);
    isKnown.set(made, (isKnown.get(made) ?? true) && k < frontier);
  });
  let found = 0;
  for (const [k, frame] of frames.list.entries()) {
    const known = isKnown.get(madeBy(frame));
    if (known === false) break;
    if (known) found = k + 1;
  }
  return found;
}
