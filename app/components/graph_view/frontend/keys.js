/** The keyboard while the graph has the focus. */

import { common } from "../../shared/frontend/common.js";
import { nudged } from "../../shared/frontend/grip.js";
import { hand } from "../../shared/frontend/hand.js";

/** @import { GraphNode } from "./model.js" */
/** @import { Player } from "./player.js" */
/** @import { GraphView } from "./view.js" */

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const OF_THE_PAGE = new Set(["PageUp", "PageDown"]); // they turn the scenes of a lesson

/**
 * Streamlit binds r, c and Esc on the document: no key pressed in here may reach it.
 * @param {KeyboardEvent} event
 */
export function keepFromStreamlit(event) {
  if (OF_THE_PAGE.has(event.key)) return;
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
}

/**
 * @param {KeyboardEvent} event
 * @param {GraphView} view
 */
export function onKey(event, view) {
  if (event.ctrlKey || event.metaKey || event.key === "Tab") return;
  if (event.target !== event.currentTarget) return;
  if (act(event, view)) event.preventDefault();
}

/**
 * The graph's keys while a button of the player has the focus, but those that press it.
 * @param {KeyboardEvent} event
 * @param {GraphView} view
 */
export function onButtonKey(event, view) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (![" ", "Enter", "Tab"].includes(event.key) && act(event, view)) event.preventDefault();
}

/**
 * The keys of the player alone.
 * @param {KeyboardEvent} event
 * @param {{player: Player}} parts
 * @returns {boolean} whether it was one
 */
export function onPlayerKey({ key, repeat }, { player }) {
  if (key === " ") {
    if (!repeat) player.toggle();
  } else if (key === "ArrowRight") player.step(1);
  else if (key === "ArrowLeft") player.step(-1);
  else return false;
  return true;
}

/**
 * A given number that is selected is stepped up or down; letting go of Alt sends it.
 * @param {KeyboardEvent} event
 * @param {GraphView} view
 */
function nudge({ key, shiftKey }, { looks, follower }) {
  const change = looks.node && follower.changeOf(looks.node, looks.component);
  if (!change || DIRECTIONS[key][0] !== 0) return false;
  const sign = key === "ArrowUp" ? 1 : -1;
  hand.move({ ...change, value: nudged(change.value, sign, shiftKey) });
  return true;
}

/** @param {KeyboardEvent} event @param {GraphView} view */
function act(event, view) {
  const { key } = event;
  if (event.altKey || event.shiftKey) {
    if (!(key in DIRECTIONS)) return false;
    if (event.altKey && nudge(event, view)) return true;
    const next = neighbour(view, DIRECTIONS[key]);
    if (next) view.selection.choose(next.id);
    return true;
  }
  if (onPlayerKey(event, view.parts)) return true;
  if (key === "Home") view.parts.player.leap(0);
  else if (key === "End") view.parts.player.leap(view.frames.end);
  else if (common().levels[Number(key) - 1]) view.setLevel(common().levels[Number(key) - 1][0]);
  else if (key === "+" || key === "=") view.parts.viewer.zoom(1.2);
  else if (key === "-") view.parts.viewer.zoom(1 / 1.2);
  else if (key === "0" || key === "f") view.parts.viewer.fit();
  else if (key === "Enter") view.selection.choose(view.looks.current?.id ?? null);
  else if (key === "p") view.selection.pin();
  else return false;
  return true;
}

/**
 * The nearest node in a direction: near along it, and not far beside it.
 * @param {GraphView} view
 * @param {[number, number]} direction
 */
function neighbour(view, [dx, dy]) {
  const from =
    view.looks.node ?? view.looks.current ?? view.parts.viewer.visible.find((node) => node.op);
  if (!from) return null;
  if (!view.looks.node) return from;
  const start = view.parts.viewer.placeOf(from);
  /** @type {?GraphNode} */
  let best = null;
  let least = Infinity;
  for (const node of view.parts.viewer.visible) {
    if (node === from) continue;
    const { x, y } = view.parts.viewer.placeOf(node);
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const beside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    const distance = along + 2.5 * beside;
    if (along > 1 && distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}
