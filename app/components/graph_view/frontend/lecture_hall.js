/** Where one looks at what is spoken of: in a show in letters for the last row. */

import { NUMBER_SIZE } from "./boxes.js";
import { boundsOf, calm, CLEAR, nearest, within } from "./sight.js";

/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Place } from "./picture.js" */

const SCALE = 24 / NUMBER_SIZE; // numbers are then 24 pixels high
const NEARLY = 0.85; // of it: so much is given up to see the whole
const LARGEST_WHOLE = 1.6; // of it, where the whole leaves room

/**
 * All that the scene speaks of, and what the player is at, in letters for the last row where there
 * is room for them; the rest of the picture fills what room is left.
 * @param {Place[]} boxes
 * @param {Place[][]} spoken
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 * @returns {Camera}
 */
export function lectureHallCamera(boxes, spoken, size, covered) {
  const all = boundsOf(boxes, CLEAR);
  const most = { x: size.width / SCALE, y: size.height / SCALE };
  const isWhole =
    (all.right - all.left) * NEARLY <= most.x && (all.bottom - all.top) * NEARLY <= most.y;
  const largest = SCALE * (isWhole ? LARGEST_WHOLE : 1);
  return spokenCamera(boxes, isWhole ? [boxes] : spoken, size, covered, [SCALE, largest]);
}

/**
 * What is spoken of, as far as there is room for it at the smallest scale, as large as it can be.
 * @param {Place[]} boxes
 * @param {Place[][]} spoken of, what counts most before the rest, and its first one before all
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 * @param {[least: number, most: number]} scales
 * @returns {Camera}
 */
export function spokenCamera(boxes, spoken, { width, height }, covered, [least, most]) {
  const all = boundsOf(boxes, CLEAR);
  const [first] = spoken.flat();
  const isWhole = !first || spoken[0] === boxes;
  const wanted = isWhole ? all : nearest(spoken, { x: width / least, y: height / least });
  const scale = Math.min(
    most,
    width / (wanted.right - wanted.left),
    height / (wanted.bottom - wanted.top),
  );
  const room = { x: width / scale, y: height / scale };
  const middle = {
    x: within(wanted.left, wanted.right, all.left, all.right, room.x),
    y: within(wanted.top, wanted.bottom, all.top, all.bottom, room.y),
  };
  const { x, y } = first ? calm(middle, wanted, boxes, room) : middle;
  return { position: { x, y: y - covered / 2 / scale }, scale };
}
