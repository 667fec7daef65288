/** The whole sequence as a strip: one column per step, the window framed, the position marked. */

import { contextOf, el, setText } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { spoken } from "./symbol.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { CanvasTheme, Strip } from "./looks.js" */

const HEIGHT = 34;

/**
 * @typedef {Strip & {T: number, window: [number, number], step: number, theme: CanvasTheme,
 *   gradient: boolean}} State the steps, which of them are on the canvas, and where the player is
 */

/** What its colours are of. @param {boolean} gradient */
const labelOf = (gradient) =>
  gradient ? `${writtenText("‖∂L/∂h‖")}, log scale` : `mean of ${writtenText("h")}`;

export class Overview {
  /** @param {{jump: (step: number) => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.canvas = el("canvas", { class: "ur-strip", "aria-hidden": "true" });
    this.slider = el(
      "div",
      {
        class: "ur-strip-slider",
        role: "slider",
        tabindex: 0,
        "aria-label": "Time step shown",
        "aria-valuemin": 1,
        onkeydown: (event) => this.onKey(event),
        onpointerdown: (event) => this.onPointer(event),
        onpointermove: (event) => {
          if (event.buttons) this.onPointer(event);
        },
      },
      this.canvas,
    );
    this.label = el("span", { class: "ur-strip-label" });
    this.element = el("div", { class: "ur-overview" }, this.label, this.slider);
    /** @type {?State} */
    this.state = null;
    /** @type {?{scale: Scale, width: number, image: HTMLCanvasElement}} */
    this.picture = null;
    this.width = 0; // kept, since reading it during a step would force a layout
    this.observer = new ResizeObserver(() => {
      this.width = this.slider.clientWidth;
      this.draw();
    });
    this.observer.observe(this.slider);
  }

  /** @param {State} state */
  show(state) {
    const old = this.state;
    this.state = state;
    // Most steps of the player stay within a time step.
    const names = /** @type {(keyof State)[]} */ (Object.keys(state));
    const isSame = old && names.every((name) => state[name] === old[name]);
    if (isSame && this.label.textContent === labelOf(state.gradient)) return;
    setText(this.label, labelOf(state.gradient));
    this.slider.setAttribute("aria-valuemax", String(state.T));
    this.slider.setAttribute("aria-valuenow", String(state.step));
    this.slider.setAttribute(
      "aria-valuetext",
      `step ${state.step} of ${state.T}: ${spoken(`h_{${state.step}}`)}`,
    );
    this.draw();
  }

  draw() {
    const { state, width } = this;
    if (!state || !width) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(HEIGHT * ratio);
    }
    const context = contextOf(this.canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.bars(state, width, ratio), 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawPosition(context, state, width);
  }

  /**
   * The bars change with the data and the theme only, so a step copies a picture of them.
   * @param {State} state
   * @param {number} width
   * @param {number} ratio pixels of the screen in one of the page
   */
  bars(state, width, ratio) {
    if (this.picture?.scale === state.scale && this.picture.width === width) {
      return this.picture.image;
    }
    const image = el("canvas", { width: this.canvas.width, height: this.canvas.height });
    const context = contextOf(image);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const middle = state.gradient ? HEIGHT - 4 : HEIGHT / 2;
    const room = state.gradient ? HEIGHT - 8 : HEIGHT / 2 - 4;
    const columns = Math.min(state.T, Math.floor(width));
    for (let column = 0; column < columns; column += 1) {
      const value = largestIn(
        state.values,
        (column * state.T) / columns,
        ((column + 1) * state.T) / columns,
      );
      const left = (column * width) / columns;
      const wide = Math.max(1, width / columns - (width / columns > 3 ? 1 : 0));
      if (!Number.isFinite(value)) {
        context.fillStyle = state.theme.warning;
        context.fillRect(left, 4, wide, HEIGHT - 8);
        continue;
      }
      const tall = Math.max(1, room * state.share(value));
      context.fillStyle = state.scale.fill(value);
      context.fillRect(left, value < 0 ? middle : middle - tall, wide, tall);
    }
    context.fillStyle = state.theme.line;
    context.fillRect(0, middle, width, 0.75);
    this.picture = { scale: state.scale, width, image };
    return image;
  }

  /** @param {PointerEvent} event */
  onPointer(event) {
    const rect = this.slider.getBoundingClientRect();
    this.slider.setPointerCapture?.(event.pointerId);
    if (this.state) this.jump(((event.clientX - rect.left) / rect.width) * this.state.T);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.state) return;
    const { step, window, T } = this.state;
    const page = window[1] - window[0] + 1;
    /** @type {Record<string, number>} */
    const by = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowUp: 1,
      PageDown: -page,
      PageUp: page,
    };
    if (event.key in by) this.jump(step + by[event.key]);
    else if (event.key === "Home") this.jump(1);
    else if (event.key === "End") this.jump(T);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  jump(step) {
    if (!this.state) return;
    const next = Math.max(1, Math.min(this.state.T, Math.ceil(step)));
    if (next !== this.state.step) this.hooks.jump(next);
  }

  destroy() {
    this.observer.disconnect();
  }
}

/** @param {CanvasRenderingContext2D} context @param {State} state @param {number} width */
function drawPosition(context, state, width) {
  const one = width / state.T;
  const left = (state.window[0] - 1) * one;
  const wide = Math.max(4, (state.window[1] - state.window[0] + 1) * one);
  context.strokeStyle = state.theme.text;
  context.lineWidth = 2;
  context.strokeRect(
    Math.max(1, Math.min(left, width - wide - 1)),
    1,
    Math.min(wide, width - 2),
    HEIGHT - 2,
  );
  if (state.step > 0) {
    const x = Math.max(5, Math.min(width - 5, (state.step - 0.5) * one));
    context.fillStyle = state.theme.primary;
    context.beginPath();
    context.moveTo(x - 5, 0);
    context.lineTo(x + 5, 0);
    context.lineTo(x, 9);
    context.fill();
  }
}

/**
 * Several steps may share a pixel: the largest magnitude of them is shown, never a sample.
 * @param {Float64Array} values
 * @param {number} from
 * @param {number} to
 */
function largestIn(values, from, to) {
  let largest = 0;
  for (let k = Math.floor(from); k < Math.max(Math.floor(from) + 1, Math.floor(to)); k += 1) {
    if (!Number.isFinite(values[k])) return values[k];
    if (Math.abs(values[k]) > Math.abs(largest)) largest = values[k];
  }
  return largest;
}
