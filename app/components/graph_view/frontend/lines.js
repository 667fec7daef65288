/**
 * Edges on the canvas: straight lines with arrowheads, stroked together where they look alike.
 *
 * vis-network would draw each edge by itself and count its arrow anew, which is most of the time of
 * a redraw; here the geometry is counted once for each window, and edges out of view are left out.
 */

const GAP = 1; // between the tip and the border of the node
const HEAD = 15;
const HEAD_PER_WIDTH = 3;
const HALF_HEAD = 0.3; // of its length
const NOTCH = 0.9; // of its length: where the line ends
const LOOP = 23; // radius of an edge from a node to itself
const LOOP_BESIDE = 14; // from the border of the node to the middle of it
const LOOP_TURN = Math.acos(-LOOP_BESIDE / LOOP); // where it crosses that border, from the right
const REACH = 10; // how near a click must be

/**
 * @typedef {{x: number, y: number}} Point in the coordinates of the graph
 * @typedef {{id: string}} Named
 */

/**
 * @template {Named} Edge
 * @typedef {object} Line
 * @property {Edge} edge
 * @property {Point} start
 * @property {Point} tip
 * @property {Point} along  unit vector in the direction of the tip
 * @property {?Point} loop  centre of the circle of an edge to its own node
 */

/**
 * @template {{id: string, from: unknown, to: unknown}} Edge
 * @param {Edge} edge
 * @param {Point} start the middle of the node it comes from
 * @param {Point & {width: number, height: number}} end the box of the node it goes to
 * @returns {Line<Edge>}
 */
export function lineOf(edge, start, end) {
  const { width, height } = end;
  if (edge.from === edge.to) {
    // Beside the node, where none stands: out of its right border below, and back into it above.
    const loop = { x: start.x + width / 2 + LOOP_BESIDE, y: start.y };
    const [cos, sin] = [Math.cos(LOOP_TURN), -Math.sin(LOOP_TURN)];
    const tip = { x: loop.x + LOOP * cos + GAP, y: loop.y + LOOP * sin };
    return { edge, start, loop, tip, along: { x: sin, y: -cos } };
  }
  const away = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const along = { x: (end.x - start.x) / away, y: (end.y - start.y) / away };
  const inside = Math.min(
    Math.abs(width / 2 / (along.x || 1e-9)),
    Math.abs(height / 2 / (along.y || 1e-9)),
  );
  const back = Math.min(inside + GAP, away);
  const tip = { x: end.x - along.x * back, y: end.y - along.y * back };
  return { edge, start, tip, along, loop: null };
}

/**
 * @typedef {{width: number, colour: string, opacity: number, arrow: number, rank: number}} Style
 *   a higher rank is drawn later
 * @typedef {{centre: Point, room: Point}} Sight half of what is in view, from its middle
 */

/** @param {CanvasRenderingContext2D} context @param {{line: Line<Named>, style: Style}[]} styled */
export function drawLines(context, styled) {
  /** @type {Map<string, {style: Style, lines: Line<Named>[]}>} */
  const groups = new Map();
  for (const { line, style } of styled) {
    const key = keyOf(style);
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { style, lines: [line] });
  }
  const ordered = [...groups.values()].sort((one, other) => one.style.rank - other.style.rank);
  for (const { style, lines: alike } of ordered) stroke(context, alike, style);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Line<Named>[]} lines @param {Style} style */
function stroke(context, lines, style) {
  const length = HEAD * style.arrow + HEAD_PER_WIDTH * style.width;
  context.globalAlpha = style.opacity;
  context.lineWidth = style.width;
  context.strokeStyle = style.colour;
  context.fillStyle = style.colour;
  context.beginPath();
  for (const { start, tip, along, loop } of lines) {
    if (loop) {
      const end = (length * NOTCH) / LOOP - LOOP_TURN;
      context.moveTo(loop.x + LOOP * Math.cos(LOOP_TURN), loop.y + LOOP * Math.sin(LOOP_TURN));
      context.arc(loop.x, loop.y, LOOP, LOOP_TURN, end, true);
    } else {
      context.moveTo(start.x, start.y);
      context.lineTo(tip.x - along.x * length * NOTCH, tip.y - along.y * length * NOTCH);
    }
  }
  context.stroke();
  context.beginPath();
  for (const { tip, along } of lines) head(context, tip, along, length);
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} tip
 * @param {Point} along
 * @param {number} length
 */
function head(context, tip, along, length) {
  const back = { x: tip.x - along.x * length, y: tip.y - along.y * length };
  const aside = { x: -along.y * length * HALF_HEAD, y: along.x * length * HALF_HEAD };
  context.moveTo(tip.x, tip.y);
  context.lineTo(back.x + aside.x, back.y + aside.y);
  context.lineTo(tip.x - along.x * length * NOTCH, tip.y - along.y * length * NOTCH);
  context.lineTo(back.x - aside.x, back.y - aside.y);
  context.closePath();
}

/** @param {Style} style */
export const keyOf = (style) => `${style.width}|${style.colour}|${style.opacity}|${style.arrow}`;

/** @param {Line<Named>} line @param {Sight} sight */
export function inSight({ start, tip, loop }, { centre, room }) {
  if (loop) return true;
  return (
    Math.max(start.x, tip.x) >= centre.x - room.x &&
    Math.min(start.x, tip.x) <= centre.x + room.x &&
    Math.max(start.y, tip.y) >= centre.y - room.y &&
    Math.min(start.y, tip.y) <= centre.y + room.y
  );
}

/**
 * The edge nearest to a point, null if none is near.
 * @template {Named} Edge
 * @param {Line<Edge>[]} lines
 * @param {Point} point
 */
export function edgeAt(lines, point) {
  /** @type {?Edge} */
  let found = null;
  let least = REACH;
  for (const each of lines) {
    const distance = each.loop
      ? Math.abs(Math.hypot(point.x - each.loop.x, point.y - each.loop.y) - LOOP)
      : toSegment(point, each.start, each.tip);
    if (distance < least) {
      least = distance;
      found = each.edge;
    }
  }
  return found;
}

/** @param {Point} point @param {Point} start @param {Point} end */
function toSegment(point, start, end) {
  const along = { x: end.x - start.x, y: end.y - start.y };
  const square = along.x ** 2 + along.y ** 2 || 1;
  const share = ((point.x - start.x) * along.x + (point.y - start.y) * along.y) / square;
  const at = Math.max(0, Math.min(1, share));
  return Math.hypot(point.x - start.x - at * along.x, point.y - start.y - at * along.y);
}
