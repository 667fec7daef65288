/** Where one looks at what is spoken of: in a show in letters for the last row. */

import { NUMBER_SIZE } from "./boxes.js";
import { boundsOf, calm, CLEAR, nearest, within } from "./sight.js";

/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Place } from "./picture.js" */

const SCALE = 24 / NUMBER_SIZE; // numbers are then 24 pixels high
const NEARLY = 0.85; // of it: so much is given up to see the whole
const SMALLEST = 0.4; // of the letters of what is said, so that all that is spoken of is in view
const LARGEST_WHOLE = 1.6; // of it, where the whole leaves room
const LEAST = 0.7; // of it, while one walks along a run, or not all that is spoken of has room: 17 pixels
const FILLED = 0.3; // of the height: the least that the boxes in half of what is seen take of it

/** What is said in a show has such letters, in pixels: see --ur-letters in presenter.css. */
export const lettersInAHall = () => Math.max(24, 0.0155 * innerWidth);

/**
 * All that the scene speaks of, and what the player is at, in letters for the last row where there
 * is room for them; the rest of the picture fills what room is left. Where that would leave a side of
 * it empty, as beside the loss of a network of many rows, the whole height of the steps is seen, and
 * so it is at the end of a run of which nothing else is said.
 * @param {Place[]} boxes
 * @param {Place[][]} spoken
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 * @param {object} [steps]
 * @param {Place[]} [steps.timed] boxes of the steps
 * @param {boolean} [steps.isDone] whether all is computed, and nothing of it spoken of
 * @returns {Camera}
 */
export function lectureHallCamera(
  boxes,
  spoken,
  size,
  covered,
  { timed = boxes, isDone = false } = {},
) {
  const camera = inLetters(boxes, spoken, size, covered);
  const { width, height } = size;
  const middle = { x: camera.position.x, y: camera.position.y + covered / 2 / camera.scale };
  const seen = { ...camera, position: middle };
  const isFilled = [-1, 1].every((side) => isFilledOn(boxes, seen, size, side));
  if ((isFilled && !isDone) || !timed.length) return camera;
  const [all, steps] = [boundsOf(boxes, CLEAR), boundsOf(timed, CLEAR)];
  const scale = Math.min(camera.scale, height / (steps.bottom - steps.top));
  const [first] = spoken;
  const isAllSeen = first?.length && fitting(boundsOf(first, CLEAR), size) >= scale;
  const wanted = boundsOf(isAllSeen ? first : [spoken.flat()[0] ?? timed[0]], CLEAR);
  return {
    position: {
      x: within(wanted.left, wanted.right, all.left, all.right, width / scale),
      y: (steps.top + steps.bottom) / 2 - covered / 2 / scale,
    },
    scale,
  };
}

/**
 * Where one looks while a run is shown to a lecture hall and nothing is said of it: at what the player
 * is at and what that comes from, as large as the steps leave room for, and at all of it where a half of
 * the picture would be empty, as at the loss. Null where one looks there already.
 * @param {Place[]} boxes
 * @param {Place[]} timed   boxes of the steps
 * @param {Place[]} wanted  what the player is at, and what that comes from
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 * @param {Camera} camera where one looks now
 * @returns {?Camera}
 */
export function walkedCamera(boxes, timed, wanted, size, covered, camera) {
  const { left, right } = boundsOf(timed, CLEAR);
  const scale = Math.min(SCALE, Math.max(LEAST * SCALE, size.width / (right - left)));
  const whole = lectureHallCamera(boxes, [], size, covered);
  if (scale <= whole.scale) return null;
  const isNear = Math.abs(camera.scale / scale - 1) < 0.01;
  if (isNear && areSeen(wanted, camera, size, covered)) return null;
  const near = spokenCamera(boxes, [wanted], size, covered, [scale, scale]);
  const seen = { scale, position: { ...near.position, y: near.position.y + covered / 2 / scale } };
  const isFilled = [-1, 1].every((side) => isFilledOn(boxes, seen, size, side));
  return isFilled ? near : whole;
}

/**
 * Whether all of some boxes is in view.
 * @param {Place[]} boxes
 * @param {Camera} camera
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 */
export const areSeen = (boxes, { position, scale }, size, covered) =>
  boxes.every(
    ({ x, y, width, height }) =>
      Math.abs(x - position.x) + width / 2 <= size.width / 2 / scale &&
      Math.abs(y - position.y - covered / 2 / scale) + height / 2 <= size.height / 2 / scale,
  );

/**
 * Whether half of what is seen has boxes enough, from top to bottom, or there are no more on that side.
 * @param {Place[]} boxes
 * @param {Camera} camera
 * @param {{width: number, height: number}} size in pixels
 * @param {number} side -1 for the left, 1 for the right
 */
function isFilledOn(boxes, { position, scale }, size, side) {
  const [across, down] = [size.width / 2 / scale, size.height / 2 / scale];
  const there = boxes.filter(({ x }) => (x - position.x) * side > 0);
  const isSeen = there.filter(
    ({ x, y }) => Math.abs(x - position.x) < across && Math.abs(y - position.y) < down,
  );
  const rows = new Map(isSeen.map(({ y, height }) => [Math.round(y), height]));
  const filled = [...rows.values()].reduce((sum, height) => sum + height, 0);
  return filled >= FILLED * 2 * down || isSeen.length === there.length;
}

/**
 * @param {Place[]} boxes
 * @param {Place[][]} spoken
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} covered pixels above it
 * @returns {Camera}
 */
function inLetters(boxes, spoken, size, covered) {
  const all = boundsOf(boxes, CLEAR);
  const most = { x: size.width / SCALE, y: size.height / SCALE };
  const isWhole =
    (all.right - all.left) * NEARLY <= most.x && (all.bottom - all.top) * NEARLY <= most.y;
  if (isWhole) return spokenCamera(boxes, [boxes], size, covered, [SCALE, SCALE * LARGEST_WHOLE]);
  const [first] = spoken;
  const smaller = first?.length ? fitting(boundsOf(first, CLEAR), size) : SCALE;
  const isSmaller = smaller < SCALE && smaller >= (SMALLEST * lettersInAHall()) / NUMBER_SIZE;
  if (isSmaller) return spokenCamera(boxes, [first], size, covered, [smaller, SCALE]);
  const least = smaller < SCALE ? LEAST * SCALE : SCALE;
  return spokenCamera(boxes, spoken, size, covered, [least, SCALE]);
}

/**
 * The scale at which all of something is seen.
 * @param {import("./sight.js").Bounds} bounds
 * @param {{width: number, height: number}} size in pixels
 */
const fitting = ({ left, right, top, bottom }, { width, height }) =>
  Math.min(width / (right - left), height / (bottom - top));

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
  const scale = Math.min(most, fitting(wanted, { width, height }));
  const room = { x: width / scale, y: height / scale };
  const middle = {
    x: within(wanted.left, wanted.right, all.left, all.right, room.x),
    y: within(wanted.top, wanted.bottom, all.top, all.bottom, room.y),
  };
  const { x, y } = first ? calm(middle, wanted, boxes, room) : middle;
  return { position: { x, y: y - covered / 2 / scale }, scale };
}
