/** The whole sequence as a strip: one column per step, the window framed, the position marked. */

import { el } from "../shared/dom.js";

const HEIGHT = 34;

export class Overview {
  /** @param {{jump: (step: number) => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.canvas = el("canvas", { class: "ur-strip", "aria-hidden": "true" });
    this.slider = el("div", {
      class: "ur-strip-slider",
      role: "slider",
      tabindex: 0,
      "aria-label": "Time step shown",
      "aria-valuemin": 1,
      onkeydown: (event) => this.onKey(event),
      onpointerdown: (event) => this.onPointer(event),
      onpointermove: (event) => event.buttons && this.onPointer(event),
    }, this.canvas);
    this.label = el("span", { class: "ur-strip-label" });
    this.element = el("div", { class: "ur-overview" }, this.label, this.slider);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.slider);
  }

  /**
   * @param {object} state T, values (one number per step), scale, window, step, theme, gradient
   */
  show(state) {
    this.state = state;
    this.label.textContent = state.gradient ? "‖∂L/∂h‖ over time" : "mean of h over time";
    this.slider.setAttribute("aria-valuemax", state.T);
    this.slider.setAttribute("aria-valuenow", state.step);
    this.slider.setAttribute("aria-valuetext", `step ${state.step} of ${state.T}`);
    this.draw();
  }

  draw() {
    const { state } = this;
    const width = this.slider.clientWidth;
    if (!state || !width) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(HEIGHT * ratio);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, HEIGHT);
    const one = width / state.T;
    // Several steps may share a pixel: the largest magnitude of them is shown, never a sample.
    const columns = Math.min(state.T, Math.floor(width));
    for (let column = 0; column < columns; column += 1) {
      const from = Math.floor((column * state.T) / columns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * state.T) / columns));
      let largest = 0;
      for (let k = from; k < to; k += 1) {
        const value = state.values[k];
        if (!Number.isFinite(value)) largest = value;
        else if (Math.abs(value) > Math.abs(largest)) largest = value;
      }
      context.fillStyle = Number.isFinite(largest) ? state.scale.fill(largest) : state.theme.warning;
      context.fillRect((column * width) / columns, 4, width / columns + 0.5, HEIGHT - 8);
    }
    const left = (state.window[0] - 1) * one;
    const wide = Math.max(4, (state.window[1] - state.window[0] + 1) * one);
    context.strokeStyle = state.theme.text;
    context.lineWidth = 2;
    context.strokeRect(Math.max(1, Math.min(left, width - wide - 1)), 2, Math.min(wide, width - 2), HEIGHT - 4);
    if (state.step > 0) {
      const x = (state.step - 0.5) * one;
      context.fillStyle = state.theme.primary;
      context.beginPath();
      context.moveTo(x - 5, 0);
      context.lineTo(x + 5, 0);
      context.lineTo(x, 8);
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
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -page, PageUp: page };
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
