/**
 * A button that is switched off or taken away when it is pressed would leave the focus nowhere. Who
 * pressed it by keys goes on from it once it is there again, as after a download, or else from the
 * nearest one that can be pressed.
 */

import { afterChanges } from "./page_changes.js";

const OFF_FOR_MS = 400; // so long a button may be off before another one takes over
const PARTS = "[data-testid=stMain], [data-testid=stSidebar]"; // beyond one of them nothing is near
const GONE_WITHIN_MS = 10_000; // the page is drawn anew; what goes later has another reason

let listening = false;
/** @type {Pressed|undefined} */
let pressed;

/** From now on; once for a page. */
export function followPressed() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", ({ target, detail }) => {
    pressed?.letGo();
    const button = target instanceof Element ? target.closest("button") : null;
    pressed = button && detail === 0 ? new Pressed(button) : undefined;
  });
  afterChanges(() => pressed?.onChange());
}

class Pressed {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
    this.text = button.textContent;
    this.until = performance.now() + GONE_WITHIN_MS;
    /** @type {Element[]} the nearest first */
    this.around = [];
    const part = button.closest(PARTS);
    for (let each = part && button.parentElement; each; each = each.parentElement) {
      this.around.push(each);
      if (each === part) break;
    }
    /** @type {?Element} what has taken over */
    this.other = null;
    this.waiting = 0;
    this.watching = new MutationObserver(() => this.#onSwitch());
    this.watching.observe(button, { attributeFilter: ["disabled"] });
  }

  letGo() {
    clearTimeout(this.waiting);
    this.watching.disconnect();
    this.around = [];
  }

  /** Something of the page has come or gone. */
  onChange() {
    if (this.button.isConnected || !this.around.length) return;
    if (this.#isFree() && performance.now() < this.until) this.#passOn();
    this.letGo();
  }

  #onSwitch() {
    clearTimeout(this.waiting);
    if (!this.#isFree()) this.letGo();
    else if (!this.button.disabled) this.button.focus();
    else this.waiting = setTimeout(() => this.#isFree() && this.#passOn(), OFF_FOR_MS);
  }

  /** Whether the reader has not gone elsewhere. */
  #isFree() {
    return [null, document.body, this.button, this.other].includes(document.activeElement);
  }

  /** Focus the button where it is drawn anew, or else one beside it. */
  #passOn() {
    for (const around of this.around.filter((each) => each.isConnected)) {
      const all = [...around.querySelectorAll("button")];
      const beside = all.filter((each) => !each.disabled && each.checkVisibility());
      const next = beside.findLast((each) => each.textContent === this.text) ?? beside[0];
      if (!next) continue;
      this.other = next;
      next.focus();
      return;
    }
  }
}
