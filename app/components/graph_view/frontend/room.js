/** In a show the graph is as high as the screen leaves room for: what is said above it differs. */

const MARGIN = 20; // pixels below what stands last
const LEAST = 260;
const ROOM = "--ur-room";
const SAID = ".st-key-lesson, .st-key-numbers";

export class Room {
  /**
   * @param {HTMLElement} frame of the view
   * @param {{main: HTMLElement, side: HTMLElement, strip: HTMLElement}} parts
   */
  constructor(frame, { main, side, strip }) {
    this.frame = frame;
    this.main = main;
    this.side = side;
    this.strip = strip;
    /** @type {?ResizeObserver} */
    this.observer = null;
    this.measure = () => this.#measure();
  }

  /** @param {boolean} large whether this is a show */
  take(large) {
    this.stop();
    if (!large) {
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
    const main = this.main.getBoundingClientRect();
    const side = this.side.getBoundingClientRect();
    const beside = side.height && side.top >= main.bottom ? side.bottom - main.bottom : 0;
    const below = main.bottom - at.bottom + beside;
    const room = innerHeight - (at.top + (page?.scrollTop ?? 0)) - below - MARGIN;
    this.frame.style.setProperty(ROOM, `${Math.max(LEAST, Math.floor(room))}px`);
  }
}
