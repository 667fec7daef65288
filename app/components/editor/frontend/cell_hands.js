/** What keys and the pointer do in the cells of a grid. */

import { grip, isVertical, nudged } from "../../shared/frontend/grip.js";
import { hand } from "../../shared/frontend/hand.js";
import { cellOf } from "./cell.js";

/** @import { Change } from "../../shared/frontend/hand.js" */

/**
 * What they need of the grid.
 * @typedef {object} Cells
 * @property {(input: HTMLInputElement) => ?Change} held  what the hand would change; null where it
 *   cannot
 * @property {(input: HTMLInputElement, down: number, right: number) => void} move
 * @property {(input: HTMLInputElement) => void} revert
 * @property {() => void} copy
 */

/** @param {HTMLElement} root @param {Cells} cells */
export function listenInCells(root, cells) {
  root.addEventListener("keydown", (event) => keyed(event, cells));
  root.addEventListener("keyup", ({ key }) => key === "Alt" && hand.release());
  root.addEventListener("pointerdown", (event) => pressedIn(event, cells));
  // The browser would carry the selected text away, and the number would be let go.
  root.addEventListener("dragstart", (event) => cellOf(event) && event.preventDefault());
}

/** A press that moves up or down takes hold of the number. @param {PointerEvent} pressed @param {Cells} cells */
function pressedIn(pressed, cells) {
  const input = cellOf(pressed);
  if (!input || pressed.button !== 0) return;
  if (!cells.held(input)) return;
  /** @param {PointerEvent} event */
  const moved = (event) => {
    const [dx, dy] = [event.clientX - pressed.clientX, event.clientY - pressed.clientY];
    if (event.pointerId !== pressed.pointerId || !isVertical(dx, dy) || hand.waits()) return;
    done();
    const start = cells.held(input);
    if (!start) return;
    input.focus({ preventScroll: true });
    grip(event, start, () => input.select());
  };
  const done = () => {
    window.removeEventListener("pointermove", moved);
    window.removeEventListener("pointerup", done);
    window.removeEventListener("pointercancel", done);
  };
  window.addEventListener("pointermove", moved);
  window.addEventListener("pointerup", done);
  window.addEventListener("pointercancel", done);
}

/**
 * Step a number up or down; after Undo, that which Undo brings.
 * @param {HTMLInputElement} input
 * @param {Cells} cells
 * @param {number} sign
 * @param {boolean} fine
 */
function step(input, cells, sign, fine) {
  const isLate = hand.waits();
  hand.whenSettled(() => {
    const start = cells.held(input);
    if (!start) return;
    hand.move({ ...start, value: nudged(start.value, sign, fine) });
    input.select();
    if (isLate) hand.release(); // the key may be up by now
  });
}

/** @param {KeyboardEvent} event @param {Cells} cells */
function keyed(event, cells) {
  const input = cellOf(event);
  if (!input) return;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const atStart = whole || input.selectionEnd === 0;
  const atEnd = whole || input.selectionStart === input.value.length;
  const { code, key, shiftKey, altKey } = event;
  if (event.ctrlKey || event.metaKey) return;
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    step(input, cells, key === "ArrowUp" ? 1 : -1, shiftKey);
  } else if (altKey && code === "KeyC") cells.copy();
  else if (key === "Enter") cells.move(input, shiftKey ? -1 : 1, 0);
  else if (key === "ArrowUp") cells.move(input, -1, 0);
  else if (key === "ArrowDown") cells.move(input, 1, 0);
  else if (key === "ArrowLeft" && atStart && !shiftKey) cells.move(input, 0, -1);
  else if (key === "ArrowRight" && atEnd && !shiftKey) cells.move(input, 0, 1);
  else if (key === "Escape") cells.revert(input);
  else return;
  event.preventDefault();
}
