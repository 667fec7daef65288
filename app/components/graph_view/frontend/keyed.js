/** What the keys do on the page of our graph. */

import { common } from "../../shared/frontend/common.js";
import { nudged } from "../../shared/frontend/grip.js";
import { hand } from "../../shared/frontend/hand.js";
import { neighbour } from "./keys.js";

/** @import { Direction, Keyed } from "./keys.js" */
/** @import { Player } from "./player.js" */
/** @import { GraphView } from "./view.js" */

/**
 * @param {GraphView} view
 * @param {Player} player
 * @returns {Keyed}
 */
export const keyedOf = (view, player) => ({
  player,
  plays: () => view.version > 0,
  end: () => view.frames.end,
  zoom: (factor) => view.parts.viewer.zoom(factor),
  fit: () => view.parts.viewer.fit(),
  pin: () => view.selection.pin(),
  enter: () => view.selection.choose(view.looks.current?.id ?? null),
  walk: (direction) => {
    const next = nextOf(view, direction);
    if (next) view.selection.walk(next.id);
  },
  nudge: (event, direction) => nudge(view, event, direction),
  more: (key) => {
    const level = common().levels[Number(key) - 1];
    if (level) view.setLevel(level[0]);
    return Boolean(level);
  },
});

/**
 * One given number that the reader has chosen is stepped up or down; letting go of Alt sends it. A
 * node that is selected as a whole, or was come to by these keys, is walked on from.
 * @param {GraphView} view
 * @param {KeyboardEvent} event
 * @param {Direction} direction
 */
function nudge({ looks, follower, selection, parts }, { shiftKey }, [dx, dy]) {
  const { node, component } = looks;
  const change = node && selection.isOneNumber() && follower.changeOf(node, component);
  if (!change || dx !== 0) return false;
  if (hand.waits()) return true; // its number is soon another one
  const value = nudged(change.value, -dy, shiftKey);
  hand.move({ ...change, value });
  parts.changed.say(node, component, change, value);
  return true;
}

/** @param {GraphView} view @param {Direction} direction */
function nextOf({ looks, parts: { viewer } }, direction) {
  if (!looks.node) return looks.current ?? viewer.visible.find((node) => node.op) ?? null;
  return neighbour(viewer.visible, (node) => viewer.placeOf(node), looks.node, direction);
}
