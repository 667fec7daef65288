/** Where to look so that something is in view. */

/** @import { Camera } from "../../shared/frontend/gestures.js" */

const MARGIN = 16;
export const CLEAR = 7; // between a box and the edge that it is not cut by
const BEYOND = 0.15; // of what is seen: so much may be empty so that no box is cut
const FINER = 1.02; // from one scale that is tried to the next

/** @typedef {{left: number, right: number, top: number, bottom: number}} Bounds */

/**
 * What some boxes take up together, with a margin.
 * @param {Placed[]} boxes
 * @returns {Bounds}
 */
export function boundsOf(boxes, margin = MARGIN) {
  return {
    left: Math.min(...boxes.map((box) => box.x - box.width / 2)) - margin,
    right: Math.max(...boxes.map((box) => box.x + box.width / 2)) + margin,
    top: Math.min(...boxes.map((box) => box.y - box.height / 2)) - margin,
    bottom: Math.max(...boxes.map((box) => box.y + box.height / 2)) + margin,
  };
}

/**
 * What was looked at in one picture, in another of the same nodes whose boxes are lower or taller.
 * @param {Camera} camera
 * @param {Bounds} from of the first picture
 * @param {Bounds} to   of the other
 * @returns {Camera}
 */
export function carried({ position, scale }, from, to) {
  const share = (position.y - from.top) / (from.bottom - from.top);
  return { position: { ...position, y: to.top + share * (to.bottom - to.top) }, scale };
}

/**
 * What the first of some boxes takes up together with those of the others that there is room for
 * beside it: of what counts most before the rest, and of each the nearest first.
 * @param {{x: number, y: number, width: number, height: number}[][]} groups
 * @param {{x: number, y: number}} room
 * @returns {Bounds}
 */
export function nearest(groups, room) {
  const [first] = groups.flat();
  /** @param {{x: number, y: number}} box */
  const away = ({ x, y }) => Math.hypot(x - first.x, y - first.y);
  const found = [first];
  for (const box of groups.flatMap((group) => [...group].sort((a, b) => away(a) - away(b)))) {
    const { left, right, top, bottom } = boundsOf([...found, box], CLEAR);
    if (right - left <= room.x && bottom - top <= room.y) found.push(box);
  }
  return boundsOf(found, CLEAR);
}

/**
 * The middle of what is seen, so that what is wanted is in view and the edges cut as few other boxes
 * as they can; of equal ones, the place that is nearest to one.
 * @param {{x: number, y: number}} middle
 * @param {Bounds} wanted
 * @param {Placed[]} boxes
 * @param {{x: number, y: number}} room
 * @returns {{x: number, y: number}}
 */
export function calm(middle, wanted, boxes, room) {
  const ys = places(middle.y, [wanted.top, wanted.bottom], boxes.map(upright), room.y);
  const xs = places(middle.x, [wanted.left, wanted.right], boxes.map(aside), room.x);
  /** @param {{x: number, y: number}} position */
  const cutAt = (position) =>
    boxes.filter((box) => isCut(box, { position, scale: 1 }, room.x, room.y)).length;
  let best = { position: middle, count: cutAt(middle), away: 0 };
  for (const x of xs) {
    for (const y of ys) {
      const found = { position: { x, y }, count: cutAt({ x, y }), away: 0 };
      found.away = Math.hypot(x - middle.x, y - middle.y);
      if (found.count < best.count || (found.count === best.count && found.away < best.away)) {
        best = found;
      }
    }
  }
  return best.position;
}

/**
 * Where the middle of what is seen may be along an axis: beside a box, with what is wanted in view.
 * @param {number} middle
 * @param {[number, number]} wanted
 * @param {[low: number, high: number][]} extents of the boxes
 * @param {number} room
 */
function places(middle, [low, high], extents, room) {
  const half = room / 2;
  const least = Math.min(...extents.map(([from]) => from));
  const most = Math.max(...extents.map(([, to]) => to));
  // What there is room for stays in view: no box is pushed out so that no edge cuts it.
  const spare = room < most - least ? BEYOND * room : room - (most - least);
  const edges = extents.flatMap(([from, to]) => [from - CLEAR, to + CLEAR]);
  const found = edges.flatMap((edge) => [edge - half, edge + half]);
  const allowed = found.filter(
    (place) =>
      place + half >= high &&
      place - half <= low &&
      place - half >= least - spare &&
      place + half <= most + spare,
  );
  return [middle, ...new Set(allowed)];
}

/**
 * Where to look to see bounds at a scale: their middle, or, of what does not fit, one side.
 * @param {Bounds} bounds
 * @param {{width: number, height: number}} size of the container
 * @param {number} scale
 * @param {object} options
 * @param {boolean} options.atEnd  what is too wide is seen from the right, what is too high from the
 *   top: where the loss is, else from the inputs
 * @param {number} [options.top]   pixels of the container that are covered
 * @returns {Camera}
 */
export function framing({ left, right, top: high, bottom }, size, scale, { atEnd, top = 0 }) {
  const width = size.width / scale;
  const height = (size.height - top) / scale;
  const [first, last] = [left + width / 2, right - width / 2];
  const [upper, lower] = [high + height / 2, bottom - height / 2];
  const x = width >= right - left ? (left + right) / 2 : atEnd ? last : first;
  const y = height >= bottom - high ? (high + bottom) / 2 : atEnd ? upper : lower;
  return { position: { x, y: y - top / 2 / scale }, scale };
}

/**
 * Where to look to see as much as there is room for, with no box cut by an edge of what is seen. One
 * scale after the other is tried, and at each how far one can look: from the left, or else from the
 * next box there, and upwards.
 * @param {Placed[]} boxes
 * @param {{width: number, height: number}} size of the container
 * @param {number} least  the smallest scale that can be read
 * @param {number} most
 * @param {Placed} first  what is to be in view
 * @returns {?Camera} null where an edge always cuts one
 */
export function uncut(boxes, size, least, most, first) {
  const all = boundsOf(boxes);
  /** @type {{count: number, camera: ?Camera}} */
  let best = { count: 0, camera: null };
  const starts = [...new Set(boxes.map((box) => aside(box)[0] - CLEAR))];
  const near = starts.filter((start) => start < first.x && start + size.width / least > first.x);
  for (const start of [all.left, ...near.sort((a, b) => a - b)]) {
    for (let scale = least; scale <= most; scale *= FINER) {
      const [width, height] = [size.width / scale, size.height / scale];
      const right = start + passing(boxes.map(aside), start, width, all.right);
      const left = right - passing(boxes.map(back), -right, width, -all.left);
      const beside = boxes.filter(({ x }) => x > left && x < right);
      const top = all.bottom - passing(beside.map(upwards), -all.bottom, height, -all.top);
      const inView = beside.filter(({ y }) => y > top);
      const from =
        right >= all.right ? left - backed(boxes, left, width, all.right) : right - width;
      const camera = { position: { x: from + width / 2, y: top + height / 2 }, scale };
      if (left <= all.left && right >= all.right) camera.position.x = (left + right) / 2;
      if (top <= all.top) camera.position.y = (top + all.bottom) / 2;
      if (inView.length < best.count || !inView.includes(first)) continue;
      if (!boxes.some((box) => isCut(box, camera, width, height))) {
        best = { count: inView.length, camera };
      }
    }
    if (best.count) break;
  }
  return best.camera;
}

/**
 * How far one can step back from a left edge, so that what is empty at the right is so at both sides.
 * @param {Placed[]} boxes
 * @param {number} left
 * @param {number} width of what is seen
 * @param {number} end  of what there is
 */
function backed(boxes, left, width, end) {
  const before = boxes.map((box) => aside(box)[1] + CLEAR).filter((right) => right <= left);
  return Math.max(0, Math.min((left + width - end) / 2, left - Math.max(...before)));
}

/** @param {Placed} box @param {Camera} camera @param {number} width @param {number} height */
function isCut(box, { position }, width, height) {
  const [x, y] = [Math.abs(box.x - position.x) * 2, Math.abs(box.y - position.y) * 2];
  const isSeen = x < width + box.width && y < height + box.height;
  return isSeen && (x > width - box.width || y > height - box.height);
}

/** @typedef {{x: number, y: number, width: number, height: number}} Placed */

/** @param {Placed} box @returns {[number, number]} */
const aside = ({ x, width }) => [x - width / 2, x + width / 2];
/** @param {Placed} box @returns {[number, number]} */
const back = ({ x, width }) => [-x - width / 2, -x + width / 2];
/** @param {Placed} box @returns {[number, number]} */
const upright = ({ y, height }) => [y - height / 2, y + height / 2];
/** @param {Placed} box @returns {[number, number]} */
const upwards = ({ y, height }) => [-y - height / 2, -y + height / 2];

/**
 * How far one can look from a start so that none of some extents is cut.
 * @param {[low: number, high: number][]} extents
 * @param {number} start
 * @param {number} room
 * @param {number} end  where there is nothing more
 */
function passing(extents, start, room, end) {
  if (start + room >= end) return end - start;
  return clear(extents, start + room) - start;
}

/**
 * The last place up to an edge that is in none of some extents.
 * @param {[low: number, high: number][]} extents
 * @param {number} edge
 * @returns {number}
 */
function clear(extents, edge) {
  const cut = extents.filter(([low, high]) => low - CLEAR < edge && high + CLEAR > edge);
  return cut.length ? clear(extents, Math.min(...cut.map(([low]) => low)) - CLEAR) : edge;
}

/**
 * Where to look to have a box in view, null where it is: sideways it comes to the middle, so that
 * the next ones are in view as well, if there are any.
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {Camera} camera
 * @param {{width: number, height: number}} size of the container
 * @param {?Bounds} picture  of all boxes
 * @param {number} top  pixels of the container that are covered
 * @returns {?Camera}
 */
export function revealing({ x, y, width, height }, { position, scale }, size, picture, top) {
  const covered = top / 2 / scale; // the middle of what can be seen is so much lower
  const room = {
    x: size.width / 2 / scale - width / 2 - 12,
    y: (size.height - top) / 2 / scale - height / 2 - 12,
  };
  const { left, right } = picture ?? { left: -Infinity, right: Infinity };
  const target = {
    x:
      Math.abs(x - position.x) > room.x
        ? within(x, x, left, right, size.width / scale)
        : position.x,
    y: into(position.y + covered, y, room.y) - covered,
  };
  return target.x === position.x && target.y === position.y ? null : { position: target, scale };
}

/**
 * The middle of what is seen along one axis: what is wanted in the middle, but nothing beyond the
 * edge of the picture where there is picture enough.
 * @param {number} low of what is wanted
 * @param {number} high
 * @param {number} least of the picture
 * @param {number} most
 * @param {number} room
 */
export function within(low, high, least, most, room) {
  if (room >= most - least) return (least + most) / 2;
  const centre = (low + high) / 2;
  return Math.max(least + room / 2, Math.min(most - room / 2, centre));
}

/** @param {number} centre @param {number} wanted @param {number} room */
const into = (centre, wanted, room) =>
  room <= 0 ? wanted : Math.max(wanted - room, Math.min(wanted + room, centre));
