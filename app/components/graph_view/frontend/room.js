/**
 * In a show, and below a scene, the graph is as high as the screen leaves room for: what is said above
 * it differs. Below a scene the player is in view with it.
 */

const LOW = 380; // in a show: below that the equations have one line
const MARGIN = 20; // pixels below what stands last
const LEAST = 260;
const BELOW_A_SCENE = { margin: 8, least: 300, most: 760 }; // with less, one scrolls as without a scene
const ROOM = "--ur-room";
const SAID = ".st-key-lesson, .st-key-numbers";

/** @typedef {"show"|"scene"|"page"} Kind */

export class Room {
  /**
   * @param {HTMLElement} frame of the view
   * @param {{main: HTMLElement, side: HTMLElement, strip: HTMLElement, player: HTMLElement}} parts
   */
  constructor(frame, { main, side, strip, player }) {
    this.frame = frame;
    this.main = main;
    this.side = side;
    this.strip = strip;
    this.player = player;
    /** @type {?ResizeObserver} */
    this.observer = null;
    /** @type {Kind} */
    this.kind = "page";
    this.measure = () => this.#measure();
  }

  /** @param {Kind} kind of page that the graph stands on */
  take(kind) {
    this.stop();
    this.kind = kind;
    this.frame.classList.remove("ur-low");
    if (kind === "page") {
      this.frame.style.removeProperty(ROOM);
      return;
    }
    this.observer = new ResizeObserver(this.measure);
    const said = document.querySelectorAll(SAID);
    for (const each of [this.strip, this.side, ...said]) this.observer.observe(each);
    addEventListener("resize", this.measure);
    this.#measure();
  }

  stop() {
    this.observer?.disconnect();
    removeEventListener("resize", this.measure);
  }

  #measure() {
    const stage = this.main.querySelector(".ur-stage");
    if (!stage || !this.frame.isConnected) return;
    const page = this.frame.closest("[data-testid=stMain]");
    const at = stage.getBoundingClientRect();
    const room = innerHeight - (at.top + (page?.scrollTop ?? 0));
    const height = this.kind === "show" ? this.#inAShow(room, at) : this.#belowAScene(room, at);
    if (height === null) this.frame.style.removeProperty(ROOM);
    else this.frame.style.setProperty(ROOM, `${Math.floor(height)}px`);
  }

  /** @param {number} room below the top of the stage @param {DOMRect} at where the stage is */
  #inAShow(room, at) {
    const main = this.main.getBoundingClientRect();
    const side = this.side.getBoundingClientRect();
    const beside = side.height && side.top >= main.bottom ? side.bottom - main.bottom : 0;
    const height = room - (main.bottom - at.bottom) - beside - MARGIN;
    const wasLow = this.frame.classList.contains("ur-low");
    /** @type {?HTMLElement} */
    const equation = this.strip.querySelector(".ur-pass:not(.ur-away) .ur-equation");
    const second = wasLow ? (equation?.offsetHeight ?? 0) : 0; // the line that it would take
    this.frame.classList.toggle("ur-low", height - second < LOW);
    return Math.max(LEAST, height);
  }

  /** @param {number} room below the top of the stage @param {DOMRect} at where the stage is */
  #belowAScene(room, at) {
    const { margin, least, most } = BELOW_A_SCENE;
    const below = Math.max(0, this.player.getBoundingClientRect().bottom - at.bottom);
    const height = Math.min(most, room - below - margin);
    return height < least ? null : height;
  }
}
