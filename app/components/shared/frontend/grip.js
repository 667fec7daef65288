/** A number held with the pointer and moved up or down, or stepped by Alt and an arrow key. */

import { listen } from "./gestures.js";
import { hand } from "./hand.js";

/** @import { Change } from "./hand.js" */

const FROM = 4; // pixels before a press becomes a drag
const PER_PIXEL = 0.01; // of the number's size
const PER_KEY = 0.1;
const FINER = 0.1; // with Shift
const ORDINARY = [0.1, 10]; // sizes between which a step is that of 1
const DIGITS = 12; // a sum of steps is rounded to so many

/**
 * The size that the steps of a number are parts of: 1 of ordinary ones, of others the power of ten
 * that they come near to.
 * @param {number} value
 */
function sizeOf(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= ORDINARY[0] && size < ORDINARY[1])) return 1;
  const power = Math.floor(Math.log10(size));
  return 10 ** (size < ORDINARY[0] ? Math.max(power + 1, -300) : power);
}

/** @param {number} value @param {number} by */
const moved = (value, by) => Number((value + by).toPrecision(DIGITS));

/**
 * One step of the keyboard.
 * @param {number} value
 * @param {number} sign
 * @param {boolean} fine
 */
export const nudged = (value, sign, fine) =>
  moved(value, sign * PER_KEY * sizeOf(value) * (fine ? FINER : 1));

/**
 * Whether a pointer that was pressed has moved so far, and rather up or down than sideways.
 * @param {number} dx
 * @param {number} dy
 * @param {number} [from] pixels
 */
export const isVertical = (dx, dy, from = FROM) =>
  Math.hypot(dx, dy) >= from && Math.abs(dy) > Math.abs(dx);

/**
 * Follow a pointer that is down until it is lifted; Escape, or the browser, gives the number back.
 * @param {PointerEvent} pressed
 * @param {Change} start
 * @param {() => void} [ended]
 */
export function grip(pressed, start, ended = () => {}) {
  const size = sizeOf(start.value);
  let at = pressed.clientY;
  let pixels = 0;
  let { value } = start;
  /** @param {PointerEvent} event */
  const own = ({ pointerId }) => pointerId === pressed.pointerId;
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (!own(event)) return;
    pixels += (at - event.clientY) * (event.shiftKey ? FINER : 1);
    at = event.clientY;
    const by = Math.round(pixels / FINER) * FINER * PER_PIXEL; // so that the way back ends where it began
    value = by === 0 ? start.value : moved(start.value, by * size);
    hand.move({ ...start, value });
  };
  /** @param {boolean} keeps */
  const end = (keeps) => {
    for (const stop of stops) stop();
    target?.classList.remove("ur-gripping");
    if (keeps && value !== start.value) hand.release();
    else hand.cancel();
    ended();
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // it would let go of what is selected as well
    end(false);
  };
  const first = { capture: true };
  const stops = [
    listen(window, "pointermove", move, first),
    listen(window, "pointerup", (event) => own(event) && end(true), first),
    listen(window, "pointercancel", (event) => own(event) && end(false), first),
    listen(window, "keydown", key, first),
  ];
  // The pointer's looks are those of what it holds, wherever it is by now.
  const target = pressed.target instanceof Element ? pressed.target : null;
  target?.classList.add("ur-gripping");
  try {
    target?.setPointerCapture(pressed.pointerId);
  } catch {
    // It was lifted in the meantime.
  }
}
