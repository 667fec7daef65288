/** The whole sequence as a strip: one column per step, the window framed, the position marked. */

import { el, setText } from "../../frontend/dom.js";
import { spoken } from "./symbol.js";

const HEIGHT = 34;

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
        onpointermove: (event) => event.buttons && this.onPointer(event),
      },
      this.canvas,
    );
    this.label = el("span", { class: "ur-strip-label" });
    this.element = el("div", { class: "ur-overview" }, this.label, this.slider);
    this.width = 0; // kept, since reading it during a step would force a layout
    this.observer = new ResizeObserver(() => {
      this.width = this.slider.clientWidth;
      this.draw();
    });
    this.observer.observe(this.slider);
  }

  /**
   * @param {object} state T, values (one number per step), scale, share (height 0..1 of a
   *   value), window, step, theme, gradient
   */
  show(state) {
    const old = this.state;
    this.state = state;
    // Most steps of the player stay within a time step.
    if (old && Object.keys(state).every((name) => state[name] === old[name])) return;
    setText(this.label, state.gradient ? "‖∂L/∂h‖, log scale" : "mean of h");
    this.slider.setAttribute("aria-valuemax", state.T);
    this.slider.setAttribute("aria-valuenow", state.step);
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
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.bars(width, ratio), 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawPosition(context, width);
  }

  /** The bars change with the data and the theme only, so a step copies a picture of them. */
  bars(width, ratio) {
    const { state } = this;
    if (this.picture?.scale === state.scale && this.picture.width === width) {
      return this.picture.image;
    }
    const image = el("canvas", { width: this.canvas.width, height: this.canvas.height });
    const context = image.getContext("2d");
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

  drawPosition(context, width) {
    const { state } = this;
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

  onPointer(event) {
    const rect = this.slider.getBoundingClientRect();
    const step = Math.ceil(((event.clientX - rect.left) / rect.width) * this.state.T);
    this.slider.setPointerCapture?.(event.pointerId);
    this.jump(step);
  }

  onKey(event) {
    const page = this.state.window[1] - this.state.window[0] + 1;
    const by = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowUp: 1,
      PageDown: -page,
      PageUp: page,
    };
    if (event.key in by) this.jump(this.state.step + by[event.key]);
    else if (event.key === "Home") this.jump(1);
    else if (event.key === "End") this.jump(this.state.T);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  jump(step) {
    const next = Math.max(1, Math.min(this.state.T, step));
    if (next !== this.state.step) this.hooks.jump(next);
  }

  destroy() {
    this.observer.disconnect();
  }
}

/** Several steps may share a pixel: the largest magnitude of them is shown, never a sample. */
function largestIn(values, from, to) {
  let largest = 0;
  for (let k = Math.floor(from); k < Math.max(Math.floor(from) + 1, Math.floor(to)); k += 1) {
    if (!Number.isFinite(values[k])) return values[k];
    if (Math.abs(values[k]) > Math.abs(largest)) largest = values[k];
  }
  return largest;
}
