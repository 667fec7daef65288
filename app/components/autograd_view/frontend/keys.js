/** The keyboard while the graphs have the focus. */

import { onPlayerKey } from "../../graph_view/frontend/keys.js";

/** @import { AutogradView } from "./view.js" */

/** @type {Record<string, number>} */
const WALKS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {AutogradView} view */
const isPlayable = (view) => view.data.frames.length > 0;

/**
 * The keys of the player, where there is something to play.
 * @param {KeyboardEvent} event
 * @param {AutogradView} view
 * @returns {boolean} whether it was one
 */
export const onPlayerKeyIfAny = (event, view) => isPlayable(view) && onPlayerKey(event, view.parts);

/**
 * @param {KeyboardEvent} event
 * @param {AutogradView} view
 */
export function onKey(event, view) {
  if (event.ctrlKey || event.metaKey || event.key === "Tab") return;
  if (event.target !== event.currentTarget) return;
  if (act(event, view)) event.preventDefault();
}

/** @param {KeyboardEvent} event @param {AutogradView} view */
function act(event, view) {
  const { key } = event;
  if (event.altKey || event.shiftKey) {
    const by = WALKS[key];
    if (!by) return false;
    walk(view, by);
    return true;
  }
  if (onPlayerKeyIfAny(event, view)) return true;
  const playable = isPlayable(view);
  if (key === "Home" && playable) view.parts.player.leap(0);
  else if (key === "End" && playable) view.parts.player.leap(view.end);
  else if (key === "+" || key === "=") view.camera.zoom(1.2);
  else if (key === "-") view.camera.zoom(1 / 1.2);
  else if (key === "0" || key === "f") view.camera.fit();
  else if (key === "p") view.pin();
  else if (key === "Enter") {
    const current = view.frameNow()?.current.at(-1);
    if (current) view.select({ pane: 0, id: current });
  } else return false;
  return true;
}

/**
 * Select the next node of the same graph, in the order in which they were made.
 * @param {AutogradView} view
 * @param {number} by
 */
function walk(view, by) {
  const pane = view.selected?.pane ?? 0;
  const made = view.panes[pane].data.nodes.filter((node) => node.born <= view.reached);
  if (!made.length) return;
  const at = made.findIndex((node) => node.id === view.selected?.id);
  const next = at < 0 ? (by > 0 ? 0 : made.length - 1) : (at + by + made.length) % made.length;
  if (made[next].id !== view.selected?.id) view.select({ pane, id: made[next].id });
}
