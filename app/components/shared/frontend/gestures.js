/**
 * Wheel, mouse and fingers over a canvas that stands in a page which scrolls.
 *
 * The wheel and one finger belong to the page. With Ctrl (or ⌘) the wheel zooms, as a trackpad's
 * pinch does, which browsers report so; two fingers move and zoom, and a mouse that drags moves,
 * unless it takes hold of something.
 */

const PER_PIXEL = 0.0022; // of the logarithm of the scale, for each pixel of the wheel
const PER_FINE_PIXEL = 0.01; // a trackpad's pinch comes in small parts
const FINE = 40;
const LINE = 16; // pixels of a line, where a wheel counts lines
const MOST_PIXELS = 120; // of one turn of the wheel
const DRAG_FROM = 3; // pixels that a click may move
const SMALLEST = 0.05;
const LARGEST = 5;

/**
 * What to look at after zooming, so that what is at a place on the screen stays there.
 * @param {Camera} camera
 * @param {number} factor
 * @param {{x: number, y: number}} held in the coordinates of the graph
 */
export function zoomed({ position, scale }, factor, held) {
  const next = Math.max(SMALLEST, Math.min(LARGEST, scale * factor));
  const share = scale / next;
  return {
    scale: next,
    position: {
      x: held.x + (position.x - held.x) * share,
      y: held.y + (position.y - held.y) * share,
    },
  };
}

/**
 * @typedef {{position: {x: number, y: number}, scale: number}} Camera
 * @param {HTMLElement} element
 * @param {object} view
 * @param {() => Camera} view.camera
 * @param {(camera: Camera) => void} view.look
 * @param {(place: {x: number, y: number}) => {x: number, y: number}} view.toGraph from pixels,
 *   counted from the corner of the element
 * @param {() => void} [view.end] the user has looked elsewhere
 * @param {(pressed: PointerEvent, now: PointerEvent) => boolean} [view.hold] whether a mouse that
 *   begins to drag has taken hold of something, and moves that
 * @param {(event: MouseEvent) => void} [view.click] pressed and let go in place, however long that takes
 * @returns {() => void} stops listening
 */
export function gestures(
  element,
  { camera, look, toGraph, end = () => {}, hold = () => false, click = () => {} },
) {
  element.classList.add("ur-gestures");
  /** @type {Acts} */
  const act = {
    pan: (dx, dy) => {
      const { position, scale } = camera();
      look({ scale, position: { x: position.x - dx / scale, y: position.y - dy / scale } });
    },
    zoom: (factor, event) => {
      const box = element.getBoundingClientRect();
      const held = toGraph({ x: event.clientX - box.left, y: event.clientY - box.top });
      look(zoomed(camera(), factor, held));
    },
    end,
    hold,
    click,
  };
  const stops = [wheel(element, act), mouse(element, act), fingers(element, act)];
  return () => stops.forEach((stop) => stop());
}

/**
 * @typedef {object} Acts
 * @property {(dx: number, dy: number) => void} pan
 * @property {(factor: number, place: {clientX: number, clientY: number}) => void} zoom
 * @property {() => void} end
 * @property {(pressed: PointerEvent, now: PointerEvent) => boolean} hold
 * @property {(event: MouseEvent) => void} click
 */

/**
 * @template {keyof WindowEventMap} Name
 * @param {HTMLElement|Window} target
 * @param {Name} name
 * @param {(event: WindowEventMap[Name]) => void} act
 * @param {AddEventListenerOptions} [options]
 */
export const listen = (target, name, act, options) => {
  const listener = /** @type {EventListener} */ (act);
  target.addEventListener(name, listener, options);
  return () => target.removeEventListener(name, listener, options);
};

/** @param {HTMLElement} element @param {Acts} act */
function wheel(element, { zoom, end }) {
  /** @param {WheelEvent} event */
  const turned = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault(); // the browser would zoom the whole page
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE);
    const bounded = Math.max(-MOST_PIXELS, Math.min(MOST_PIXELS, pixels));
    const each = Math.abs(bounded) < FINE ? PER_FINE_PIXEL : PER_PIXEL;
    zoom(Math.exp(-bounded * each), event);
    end();
  };
  return listen(element, "wheel", turned, { passive: false });
}

/** @param {HTMLElement} element @param {Acts} act */
function mouse(element, { pan, end, hold, click }) {
  /** @type {?PointerEvent} */
  let last = null;
  let moving = false;
  let dragged = false; // since it was last pressed
  /** @param {PointerEvent} event */
  const down = (event) => {
    dragged = false;
    if (event.pointerType === "touch" || event.button !== 0) return;
    last = event;
    moving = false;
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (!last || event.pointerId !== last.pointerId) return;
    const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
    if (!moving && Math.hypot(dx, dy) < DRAG_FROM) return;
    dragged = true;
    if (!moving && hold(last, event)) {
      last = null;
      return;
    }
    moving = true;
    element.classList.add("ur-grabbed");
    pan(dx, dy);
    last = event;
  };
  const up = () => {
    if (moving) {
      element.classList.remove("ur-grabbed");
      end();
    }
    last = null;
    moving = false;
  };
  const stops = [
    listen(element, "pointerdown", down),
    listen(window, "pointermove", move),
    listen(window, "pointerup", up),
    listen(window, "pointercancel", up),
    listen(element, "click", (event) => dragged || click(event)),
  ];
  return () => stops.forEach((stop) => stop());
}

/** @param {HTMLElement} element @param {Acts} act */
function fingers(element, { pan, zoom, end }) {
  /** @type {?ReturnType<typeof seen>} */
  let last = null;
  /** @param {TouchEvent} event */
  const seen = ({ touches: [one, other] }) => ({
    clientX: (one.clientX + other.clientX) / 2,
    clientY: (one.clientY + other.clientY) / 2,
    apart: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
  });
  /** @param {TouchEvent} event */
  const moved = (event) => {
    if (event.touches.length !== 2) {
      last = null;
      return;
    }
    if (event.cancelable) event.preventDefault(); // the page would scroll
    const now = seen(event);
    if (last) {
      pan(now.clientX - last.clientX, now.clientY - last.clientY);
      if (last.apart > 0 && now.apart > 0) zoom(now.apart / last.apart, now);
    }
    last = now;
  };
  /** @param {TouchEvent} event */
  const lifted = (event) => {
    if (!last || event.touches.length === 2) return;
    last = null;
    end();
  };
  const active = { passive: false };
  const stops = [
    listen(element, "touchstart", moved, active),
    listen(element, "touchmove", moved, active),
    listen(element, "touchend", lifted),
    listen(element, "touchcancel", lifted),
  ];
  return () => stops.forEach((stop) => stop());
}
