/** The keyboard while a graph has the focus. */

/** @import { Place } from "./picture.js" */
/** @import { Player } from "./player.js" */

/** @typedef {[dx: number, dy: number]} Direction */
/**
 * @typedef {object} Keyed  what the keys of a graph act upon
 * @property {Player} player
 * @property {() => boolean} plays             whether there is something to play
 * @property {() => number} end                the last position
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} pin
 * @property {() => void} enter                select what is being computed
 * @property {(direction: Direction) => void} walk  select the next node in a direction
 * @property {(event: KeyboardEvent, direction: Direction) => boolean} [nudge]  step what is selected
 * @property {(key: string) => boolean} [more] keys of its own
 */

/** @type {Record<string, Direction>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Streamlit binds r, c and Esc on the document: no key pressed in here may reach it.
 * @param {KeyboardEvent} event
 */
export function keepFromStreamlit(event) {
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
}

/**
 * @param {KeyboardEvent} event
 * @param {Keyed} keyed
 */
export function onKey(event, keyed) {
  if (event.ctrlKey || event.metaKey || event.key === "Tab") return;
  if (event.target !== event.currentTarget) return;
  if (act(event, keyed)) event.preventDefault();
}

/**
 * The graph's keys while a button of the player has the focus, but those that press it.
 * @param {KeyboardEvent} event
 * @param {Keyed} keyed
 */
export function onButtonKey(event, keyed) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (![" ", "Enter", "Tab"].includes(event.key) && act(event, keyed)) event.preventDefault();
}

/**
 * The keys of the player alone.
 * @param {KeyboardEvent} event
 * @param {Pick<Keyed, "player"|"plays"|"end">} keyed
 * @returns {boolean} whether it was one
 */
export function onPlayerKey({ key, repeat }, { player, plays, end }) {
  if (!plays()) return false;
  if (key === " ") {
    if (!repeat) player.toggle();
  } else if (key === "ArrowRight") player.step(1);
  else if (key === "ArrowLeft") player.step(-1);
  else if (key === "Home") player.leap(0);
  else if (key === "End") player.leap(end());
  else return false;
  return true;
}

/**
 * The keys of the camera alone.
 * @param {KeyboardEvent} event
 * @param {Pick<Keyed, "zoom"|"fit">} keyed
 * @returns {boolean} whether it was one
 */
export function onCameraKey({ key }, keyed) {
  if (key === "+" || key === "=") keyed.zoom(1.2);
  else if (key === "-") keyed.zoom(1 / 1.2);
  else if (key === "0" || key === "f") keyed.fit();
  else return false;
  return true;
}

/** @param {KeyboardEvent} event @param {Keyed} keyed */
function act(event, keyed) {
  const { key } = event;
  if (event.altKey || event.shiftKey) {
    if (!(key in DIRECTIONS)) return false;
    if (!(event.altKey && keyed.nudge?.(event, DIRECTIONS[key]))) keyed.walk(DIRECTIONS[key]);
    return true;
  }
  if (onPlayerKey(event, keyed) || onCameraKey(event, keyed)) return true;
  if (key === "Enter") keyed.enter();
  else if (key === "i") keyed.pin();
  else return keyed.more?.(key) ?? false;
  return true;
}

/**
 * The nearest node in a direction: near along it, and not far beside it.
 * @template Node
 * @param {Iterable<Node>} nodes
 * @param {(node: Node) => Place} placeOf
 * @param {Node} from
 * @param {Direction} direction
 * @returns {?Node}
 */
export function neighbour(nodes, placeOf, from, [dx, dy]) {
  const start = placeOf(from);
  /** @type {?Node} */
  let best = null;
  let least = Infinity;
  for (const node of nodes) {
    if (node === from) continue;
    const { x, y } = placeOf(node);
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
