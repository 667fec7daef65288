/**
 * The keys of a lesson and of a show, from anywhere on the page: PageDown and PageUp turn the scenes,
 * P begins and ends a show, Esc ends it, A shows the answer; in a show ↓ and ↑ lead on.
 *
 * They are heard here, not by buttons, which stand there only between two reruns: each press counts,
 * from the scene that the presses before it have asked for, and what is sent is where to go.
 */

import { tellShow } from "../../shared/frontend/show.js";
import { scrollShow } from "./show_scroll.js";

/** @import { EditorData } from "./data.d.ts" */
/** @import { Command } from "./outbox.js" */

const TYPED_IN =
  "textarea, select, [contenteditable=true], " +
  "input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";
const OWN_PAGES = "[role=slider], [role=listbox], [role=spinbutton], input[type=range], textarea";
const OWN_ARROWS =
  "input, textarea, select, [contenteditable=true], [role=slider], [role=listbox], [role=combobox]";
const OVER_THE_PAGE = "[role=dialog], [role=menu], [role=listbox]";
const PREDICTING = "[data-ur-predicting]"; // Esc ends that first
const PAGE = "[data-testid=stMain]"; // a show begins at its top
const TURNS = ".st-key-lesson-head"; // where buttons turn the scenes
const ARROWS = new Set(["ArrowDown", "ArrowUp"]);
const BY = new Map([
  ["PageDown", 1],
  ["PageUp", -1],
]);

export class SceneKeys {
  /** @param {(command: Command) => number} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {EditorData["show"]} */
    this.told = null;
    /** @type {Map<string, {n: number, text: string}>} what Python has not done yet */
    this.asked = new Map();
    this.turning = false; // the reader has turned to the scene, and gone nowhere else since
    this.onPress = (/** @type {Event} */ { target }) => {
      this.turning = target instanceof Element && target.closest(TURNS) !== null;
    };
    document.addEventListener("pointerdown", this.onPress, { capture: true });
  }

  stop() {
    document.removeEventListener("pointerdown", this.onPress, { capture: true });
  }

  /** @param {EditorData["show"]} told @param {(n: number) => boolean} isDone */
  update(told, isDone) {
    if (told?.presents && !this.told?.presents) document.querySelector(PAGE)?.scrollTo({ top: 0 });
    this.told = told;
    for (const [name, { n }] of this.asked) if (isDone(n)) this.asked.delete(name);
    tellShow(Boolean(told?.offered));
    this.#catchUp();
  }

  /**
   * Scenes of two pages that are turned fast: while the page of one is on its way, the browser asks
   * for the next from the page before, and then arrives where it no longer should.
   */
  #catchUp() {
    if (!this.turning || !this.told?.scene || this.told.there || this.asked.has("turn")) return;
    this.#send("turn", String(this.told.scene));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { ctrlKey, metaKey, altKey, shiftKey, key, target } = event;
    if (key === "Enter" || key === " ") this.onPress(event); // on a link it leads elsewhere
    if (ctrlKey || metaKey || altKey || shiftKey || !this.told) return;
    if (document.querySelector(OVER_THE_PAGE)) return;
    const at = target instanceof Element ? target : null;
    if (!this.#act(key, at, event.repeat)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} key @param {?Element} at what has the focus @param {boolean} isHeld */
  #act(key, at, isHeld) {
    const { told } = this;
    const by = BY.get(key);
    if (!told) return false;
    if (by) return !at?.matches(OWN_PAGES) && this.#turn(by);
    if (ARROWS.has(key)) return this.#scroll(key, at);
    if (isHeld || at?.matches(TYPED_IN)) return false;
    if (key === "p" && told.offered) return this.#present(!this.#presents);
    if (key === "Escape" && this.#presents && !document.querySelector(PREDICTING)) {
      return this.#present(false);
    }
    if (key !== "a" || !told.answers) return false;
    this.#send("answer", "");
    return true;
  }

  /** @param {string} key @param {?Element} at what has the focus */
  #scroll(key, at) {
    if (!this.told?.presents || at?.closest(OWN_ARROWS)) return false;
    scrollShow(key === "ArrowDown");
    return true;
  }

  /** @param {number} by */
  #turn(by) {
    if (!this.told?.scene) return false;
    const { scene, last } = this.told;
    const from = Number(this.asked.get("turn")?.text ?? scene);
    const to = Math.min(Math.max(from + by, 1), last);
    this.turning = true;
    if (to !== from) this.#send("turn", String(to));
    return true;
  }

  get #presents() {
    const asked = this.asked.get("present");
    return asked ? asked.text === "1" : Boolean(this.told?.presents);
  }

  /** @param {boolean} on */
  #present(on) {
    this.#send("present", on ? "1" : "");
    return true;
  }

  /** @param {string} name @param {string} text */
  #send(name, text) {
    this.asked.set(name, { n: this.ask({ do: name, text }), text });
  }
}
