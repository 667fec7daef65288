/** Where one looks at first, and to see all: how small letters may be decides. */

import { areSeen, lectureHallCamera, spokenCamera, walkedCamera } from "./lecture_hall.js";
import { mentionedNodes } from "./mentioned.js";
import { boundsOf, calm, framing, uncut } from "./sight.js";

/** @import { Mention } from "./data.d.ts" */
/** @import { Camera } from "../../shared/frontend/gestures.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { Place } from "./picture.js" */

const READABLE_SCALE = 0.45; // of a single number, and of all together once all is computed
const READABLE_FILLED = 0.66; // of what is to be filled in, whose numbers stand beside it as well
const READABLE_BOTH = 0.74; // of two numbers of a node: letters of 11 pixels, since they are compared
const WHOLE_BOTH = 0.6; // of them below a scene, whose text takes room and says what counts: 9 pixels
const LARGEST_FIT = 1.25;
const LEAST_SPOKEN = 0.52; // of what a scene speaks of, down from the loss: 8 pixels
const LARGEST_SPOKEN = 0.9; // of a part, so that what is around it is seen as well

/**
 * @typedef {object} State where the player is
 * @property {number} step
 * @property {boolean} atStart
 * @property {boolean} atEnd
 * @property {?GraphNode} [node]     that is selected, or else the player is at
 * @property {?GraphNode} [current]  that the player is at
 * @property {boolean} [goesBack]    the player is in the backward pass
 */

/**
 * @typedef {object} Shown what there is to be seen, and in how much room
 * @property {Model} model
 * @property {GraphNode[]} visible  those on the canvas
 * @property {boolean} isPart       whether the window leaves steps out
 * @property {Mention[]} mentions   what a scene speaks of
 * @property {boolean} isScene
 * @property {boolean} large        in letters for a lecture hall
 * @property {State} state
 * @property {{width: number, height: number}} size in pixels
 * @property {number} covered       pixels of it, at the top
 * @property {(node: GraphNode) => Place} placeOf  the box of a node, by its middle
 */

/**
 * All that is on the canvas.
 * @param {Shown} shown
 * @returns {Camera}
 */
export function wholeCamera(shown) {
  const { whole, ...bounds } = around(shown, shown.visible);
  return framed(shown, bounds, whole);
}

/**
 * What is seen at first: everything, or, where that would be too small to read, what is asked for or
 * spoken of, or else the whole height, with as many steps as that leaves room for, from the side
 * where the player stands.
 * @param {Shown} shown
 * @returns {{camera: Camera, isSpoken: boolean}} whether what is asked for, or spoken of, chose it
 */
export function firstLook(shown) {
  const { model, visible, state, covered, isScene } = shown;
  const size = { width: shown.size.width, height: shown.size.height - covered };
  const boxes = placesOf(shown, visible);
  const timed = visible.filter(({ kind }) => kind !== "parameter");
  const readable = leastOfAll(shown, state.atEnd);
  const isReadable = canReadAll(shown, state.atEnd);
  // What is asked of a lecture hall can be computed only where all that is given is seen.
  if (shown.large && !(model.room && isReadable)) {
    const steps = {
      timed: placesOf(shown, timed),
      isDone: state.atEnd && !mentioned(shown).length,
    };
    const camera = lectureHallCamera(boxes, spokenOf(shown), size, covered, steps);
    return { camera, isSpoken: true };
  }
  if (model.room && !isReadable) {
    return { camera: wholePart(shown, boxes, size, readable), isSpoken: true };
  }
  const isWhole = isReadable || model.level === "rolled";
  const isOnTheWay = Boolean(state.goesBack) && !state.atEnd;
  const spoken = (isScene || isOnTheWay) && !isWhole ? spokenOf(shown) : [];
  if (spoken.flat().length) {
    const least = isScene ? Math.min(readable, LEAST_SPOKEN) : readable;
    const camera = spokenCamera(boxes, spoken, size, covered, [least, LARGEST_SPOKEN]);
    return { camera, isSpoken: true };
  }
  if (isWhole) return { camera: wholeCamera(shown), isSpoken: false };
  // The column of parameters may be far taller than the rest; at the start it is in view.
  const steps = around(shown, timed);
  const { left } = around(shown, visible);
  const scale = Math.max(steps.high, readable);
  const camera = framed(shown, { ...steps, left }, scale);
  return { camera: uncutNear(camera, boxes, size, shown), isSpoken: false };
}

/**
 * Near a place, where the edges cut as few boxes as they can; at the end the loss stays in view, else
 * what the run begins with.
 * @param {Camera} camera
 * @param {Place[]} boxes
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {Shown} shown
 * @returns {Camera}
 */
function uncutNear({ position, scale }, boxes, size, { covered, state }) {
  const room = { x: size.width / scale, y: size.height / scale };
  const down = covered / 2 / scale;
  const [first] = [...boxes].sort((a, b) => (state.atEnd ? a.y - b.y : a.x - b.x));
  const middle = { ...position, y: position.y + down };
  const { x, y } = calm(middle, boundsOf([first]), boxes, room);
  return { position: { x, y: y - down }, scale };
}

/**
 * On the way back: what the player is at and where its gradient comes from, at the scale that one looks
 * in, with as few boxes cut as can be; null where both are in view.
 * @param {Shown} shown
 * @param {Camera} camera
 * @returns {?Camera}
 */
export function wayBack(shown, { position, scale }) {
  const { size, covered, visible, state } = shown;
  const { current, goesBack, atEnd } = state;
  if (!goesBack || atEnd || !current || !visible.includes(current)) return null;
  const wanted = placesOf(shown, [current, ...nextOf(shown, current)]);
  const seen = { width: size.width, height: size.height - covered };
  if (areSeen(wanted, { position, scale }, seen, covered)) return null;
  return spokenCamera(placesOf(shown, visible), [wanted], seen, covered, [scale, scale]);
}

/**
 * While a run is shown to a lecture hall and no scene leads.
 * @param {Shown} shown
 * @param {Camera} camera
 * @returns {?Camera} null where one looks there already
 */
export function walkOn(shown, camera) {
  const { model, size, covered, visible, state } = shown;
  const { current, goesBack, atStart, atEnd } = state;
  if (atStart || atEnd || model.room || !current || !visible.includes(current)) return null;
  const comes = goesBack ? nextOf(shown, current) : beforeOf(shown, current);
  const timed = visible.filter(({ kind }) => kind !== "parameter");
  const seen = { width: size.width, height: size.height - covered };
  const [boxes, steps, wanted] = [visible, timed, [current, ...comes]].map((nodes) =>
    placesOf(shown, nodes),
  );
  return walkedCamera(boxes, steps, wanted, seen, covered, camera);
}

/** What a node is computed from, but the weights, which stand far from it. @param {Shown} shown @param {GraphNode} node */
const beforeOf = (shown, node) =>
  linked(shown, node, "to", "from").filter(({ kind }) => kind !== "parameter");

/** Where the gradient of a node comes from. @param {Shown} shown @param {GraphNode} node */
const nextOf = (shown, node) => linked(shown, node, "from", "to");

/**
 * Those in view at the far ends of the edges of a node.
 * @param {Shown} shown
 * @param {GraphNode} node
 * @param {"from"|"to"} near
 * @param {"from"|"to"} far
 */
function linked({ model, visible }, node, near, far) {
  const found = new Set(model.edges.filter((edge) => edge[near] === node).map((edge) => edge[far]));
  return visible.filter((each) => found.has(each));
}

/**
 * Whether all on the canvas can be read when it is shown at once.
 * @param {Shown} shown
 * @param {boolean} atEnd
 */
export function canReadAll(shown, atEnd) {
  return around(shown, shown.visible).whole >= leastOfAll(shown, atEnd);
}

/**
 * The smallest scale at which all on the canvas is shown at once. A part of a long run gains nothing
 * by that: one walks along it.
 * @param {Shown} shown
 * @param {boolean} atEnd
 */
function leastOfAll({ model: { room, tall }, isPart, isScene }, atEnd) {
  if (room) return tall ? READABLE_FILLED : READABLE_SCALE;
  if (isPart) return READABLE_BOTH;
  if (!tall || atEnd) return READABLE_SCALE;
  return isScene ? WHOLE_BOTH : READABLE_BOTH;
}

/**
 * What some nodes take up, and the scales at which their height, and all of them, are in view.
 * @param {Shown} shown
 * @param {GraphNode[]} nodes
 */
function around(shown, nodes) {
  const { width, height } = shown.size;
  const bounds = boundsOf(placesOf(shown, nodes));
  const high = Math.min(LARGEST_FIT, (height - shown.covered) / (bounds.bottom - bounds.top));
  return { ...bounds, high, whole: Math.min(width / (bounds.right - bounds.left), high) };
}

/**
 * @param {Shown} shown
 * @param {import("./sight.js").Bounds} bounds
 * @param {number} scale
 */
function framed({ size, state, covered }, { left, right, top, bottom }, scale) {
  return framing({ left, right, top, bottom }, size, scale, { atEnd: state.atEnd, top: covered });
}

/**
 * A whole part of what is too much to be read at once: from the weights on, or, where these leave
 * no room, around what is asked for first.
 * @param {Shown} shown
 * @param {Place[]} boxes
 * @param {{width: number, height: number}} size of what can be seen, in pixels
 * @param {number} readable
 */
function wholePart({ model, visible }, boxes, size, readable) {
  const first = visible.findIndex((node) => model.room?.begins(node));
  return (
    uncut(boxes, size, readable, LARGEST_FIT, boxes[Math.max(0, first)]) ??
    framing(boundsOf(boxes), size, readable, { atEnd: false })
  );
}

/**
 * What is spoken of, the first one before all; at the end of a run its last step. On the way back
 * also where the gradient comes from; then the loss, which it is a gradient of, and its target.
 * @param {Shown} shown
 * @returns {Place[][]}
 */
function spokenOf(shown) {
  const { model, visible } = shown;
  const { node: current, atEnd, goesBack } = shown.state;
  const nodes = mentioned(shown);
  if (nodes.length) {
    if (!goesBack) return [placesOf(shown, nodes)];
    const loss = visible.filter(({ quantity }) => quantity === "L" || quantity === "y");
    const next = current ? nextOf(shown, current) : [];
    return [nodes, next, loss].map((group) => placesOf(shown, group));
  }
  if (!atEnd) return [];
  const last = visible.filter(({ t }) => t === model.T);
  return [
    placesOf(
      shown,
      last.sort((a, b) => a.y - b.y),
    ),
  ];
}

/** What the player is at, or is selected, and what the scene speaks of. @param {Shown} shown */
function mentioned({ model, visible, mentions, state: { node } }) {
  const found = mentionedNodes(model, visible, mentions);
  return node && visible.includes(node) ? [node, ...found] : found;
}

/** @param {Shown} shown @param {GraphNode[]} nodes */
const placesOf = ({ placeOf }, nodes) => nodes.map((node) => placeOf(node));
