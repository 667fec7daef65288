/** The controls of the player. They hold no state of their own: the cursor does. */

import { el, setText, svg } from "../../shared/frontend/dom.js";

/** @type {[rate: number, name: string][]} */
const SPEEDS = [
  [1, "slow"],
  [2.5, "normal"],
  [6, "fast"],
  [20, "very fast"],
];

const RUN = "Run the network";
const REST_MS = 1500; // at the loss, where the pass turns, and where it begins to go back

const ICONS = {
  first: "M5 4v12M16 4L7.5 10l8.5 6z",
  back: "M14 4L5.5 10l8.5 6z",
  play: "M6 3.5l10 6.5-10 6.5z",
  pause: "M6 4h2.6v12H6zM11.4 4H14v12h-2.6z",
  step: "M6 4l8.5 6L6 16z",
  last: "M15 4v12M4 4l8.5 6L4 16z",
};

/** @param {keyof typeof ICONS} shape */
function icon(shape) {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", "aria-hidden": "true", class: "ur-icon" },
    svg("path", { d: ICONS[shape], "stroke-linejoin": "round", "stroke-width": "1.5" }),
  );
}

export class Player {
  /**
   * @param {{go: (position: number, by?: number) => void, position: () => number,
   *   end: () => number, onPlaying: (playing: boolean) => void,
   *   onKey?: (event: KeyboardEvent) => void, onPredict?: () => void}} hooks
   */
  constructor(hooks) {
    this.hooks = hooks;
    this.timer = 0;
    this.turn = Infinity; // the last position forward, if there is a way back
    this.reached = "";
    this.share = "";
    this.rate = SPEEDS[1][0];
    /**
     * @param {keyof typeof ICONS} shape
     * @param {string} label
     * @param {string} keys
     * @param {() => void} act
     */
    const button = (shape, label, keys, act) =>
      el(
        "button",
        {
          type: "button",
          class: "ur-button ur-square",
          "aria-label": label,
          title: `${label} (${keys})`,
          onclick: act,
        },
        icon(shape),
      );
    this.playButton = button("play", "Play", "Space", () => this.toggle());
    this.playButton.append(el("span", {}, "Play"));
    this.playButton.classList.add("ur-play"); // always as wide: a second click pauses
    this.backwards = [
      button("first", "To the start", "Home", () => this.leap(0)),
      button("back", "Step back", "←", () => this.step(-1)),
    ];
    this.forwards = [
      button("step", "Step forward", "→", () => this.step(1)),
      button("last", "To the end", "End", () => this.leap(this.hooks.end())),
    ];
    /** @type {HTMLInputElement} */
    this.scrub = el("input", {
      type: "range",
      class: "ur-scrub",
      min: 0,
      step: 1,
      "aria-label": "Position in the computation",
      oninput: () => this.leap(Number(this.scrub.value)),
    });
    this.split = el("span", { class: "ur-split", "aria-hidden": "true" });
    /** @type {HTMLSelectElement} */
    this.speed = el(
      "select",
      {
        class: "ur-select",
        "aria-label": "Speed",
        onchange: () => this.setRate(Number(this.speed.value)),
      },
      ...SPEEDS.map(([rate, name]) =>
        el("option", { value: rate, selected: rate === this.rate }, name),
      ),
    );
    this.count = el("span", { class: "ur-count", translate: "no" });
    this.predict = el(
      "button",
      {
        type: "button",
        class: "ur-button ur-predict-switch",
        hidden: true,
        onclick: () => this.hooks.onPredict?.(),
      },
      "Predict",
    );
    this.element = el(
      "div",
      { class: "ur-player", role: "group", "aria-label": "Player" },
      el(
        "div",
        { class: "ur-buttons", onkeydown: (event) => hooks.onKey?.(event) },
        ...this.backwards,
        this.playButton,
        ...this.forwards,
      ),
      el("div", { class: "ur-track" }, this.split, this.scrub),
      this.count,
      this.speed,
      this.predict,
    );
  }

  get playing() {
    return this.timer !== 0;
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    if (this.playing) this.run();
  }

  toggle() {
    if (this.playing) this.pause();
    else {
      if (this.hooks.position() >= this.hooks.end()) this.hooks.go(0);
      this.run();
    }
  }

  run() {
    clearInterval(this.timer);
    const rests = Math.floor((REST_MS / 1000) * this.rate);
    let [resting, at] = [rests, -1];
    this.timer = setInterval(() => {
      const position = this.hooks.position();
      if (position !== at) [resting, at] = [rests, position];
      if ((at === this.turn || at === this.turn + 1) && resting-- > 0) return;
      this.hooks.go(this.hooks.position() + 1, 1);
      if (this.hooks.position() >= this.hooks.end()) this.pause();
    }, 1000 / this.rate);
    this.showPlaying();
  }

  pause() {
    if (!this.playing) return; // each single step comes here, too
    clearInterval(this.timer);
    this.timer = 0;
    this.showPlaying();
  }

  showPlaying() {
    this.showButton();
    this.hooks.onPlaying(this.playing);
  }

  /** Play or pause; before anything is computed, what to press is said in words. */
  showButton() {
    const begins = !this.playing && this.hooks.position() === 0;
    const label = this.playing ? "Pause" : begins ? RUN : "Play";
    if (this.playButton.getAttribute("aria-label") === label) return;
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (Space)`;
    this.playButton.classList.toggle("ur-run", begins);
    this.playButton.replaceChildren(icon(this.playing ? "pause" : "play"), el("span", {}, label));
  }

  /**
   * One position on or back, as far as there is one.
   * @param {number} by
   */
  step(by) {
    this.pause();
    const next = this.hooks.position() + by;
    if (next >= 0 && next <= this.hooks.end()) this.hooks.go(next, by);
  }

  /** @param {number} position */
  leap(position) {
    this.pause();
    this.hooks.go(position);
  }

  /**
   * @param {number} position
   * @param {number} forward how many positions are forward
   * @param {number} end
   * @param {string} sentence what the position is, for who cannot see it
   */
  show(position, forward, end, sentence) {
    this.turn = forward + 1 < end ? forward : Infinity;
    if (this.scrub.max !== String(end)) this.scrub.max = String(end);
    if (this.scrub.value !== String(position)) this.scrub.value = String(position);
    const reached = `${(100 * position) / Math.max(1, end)}%`;
    if (this.reached !== reached) this.scrub.style.setProperty("--ur-reached", reached);
    this.reached = reached;
    offer(this.backwards, position > 0);
    offer(this.forwards, position < end);
    this.scrub.setAttribute("aria-valuetext", sentence);
    this.showButton();
    const share = end ? `${(100 * (forward + 0.5)) / end}%` : "0%";
    if (this.share !== share) {
      this.share = share;
      this.split.style.left = share;
      this.split.hidden = forward + 1 >= end;
    }
    setText(this.count, `${position} / ${end}`);
  }

  /**
   * Whether numbers are asked for before they are shown.
   * @param {{on: boolean, why: string, isOffered: boolean}} predicting
   */
  showPredict({ on, why, isOffered }) {
    this.predict.hidden = !isOffered;
    this.predict.setAttribute("aria-pressed", String(on));
    this.predict.disabled = Boolean(why) && !on;
    this.predict.title = why || "Say each number before it is shown";
  }

  destroy() {
    clearInterval(this.timer);
  }
}

/**
 * Buttons that lead nowhere look so, and keep the focus that they may have.
 * @param {HTMLElement[]} buttons
 * @param {boolean} lead
 */
function offer(buttons, lead) {
  if (buttons[0].ariaDisabled === String(!lead)) return;
  for (const button of buttons) button.ariaDisabled = String(!lead);
}

/**
 * A player that plays says nothing until it rests, and then where.
 * @param {boolean} playing
 * @param {HTMLElement} status
 */
export function quietWhile(playing, status) {
  status.setAttribute("aria-live", playing ? "off" : "polite");
  if (!playing) requestAnimationFrame(() => status.replaceChildren(...status.childNodes));
}
