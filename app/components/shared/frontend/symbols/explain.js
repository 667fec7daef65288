/**
 * Pointing at a symbol, or coming with the keyboard to a part that shows some, tells what they mean
 * and what they are at the position of the player. Nothing is looked at before the pointer rests.
 */

import { cursor } from "../cursor.js";
import { el, ofComponents, stylesheet, themeOf } from "../dom.js";
import { afterChanges } from "../page_changes.js";
import { meaningOf } from "./meaning.js";
import { symbolAt, symbolsIn } from "./reading.js";

/** @import { Meaning } from "./meaning.js" */

const RESTS_MS = 160;
const LEAVES_MS = 200;
const MOST_AT_ONCE = 6; // of more symbols, one after the other is told
const APART = 6; // pixels
const WITHOUT = "canvas, input, textarea, select, [role=application], .ur-explain";
const WHOLE = "body, main, section[data-testid], [role=region]:has([role=region], table)";
const PREDICTING = "data-ur-predicting";
/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const ID = "ur-explain";
/** Formulas in what Streamlit draws, which the keyboard does not come to by itself. */
const REACHED = [
  "[data-testid=stMarkdownContainer] :is(p, li, h2, h3, h4, table):has(.katex)",
  ".ur-math-block",
].join(",");

/** Where tables and formulas are wider than the page they scroll, which takes the focus. */
const NARROW = "(max-width: 640px)";
const SCROLLED = "[data-testid=stMarkdownContainer] :is(table, .katex-display)";

/** @typedef {{meaning: Meaning, box: () => DOMRect}} Told */

let started = false;

/** From now on; once for a page. */
export function explainSymbols() {
  if (started) return;
  started = true;
  const tip = new Explained();
  afterChanges(reach);
  let rests = 0;
  addEventListener(
    "pointermove",
    (event) => {
      clearTimeout(rests);
      if (event.pointerType === "touch") return;
      rests = setTimeout(() => tip.point(event), RESTS_MS);
    },
    { passive: true },
  );
  addEventListener(
    "pointerdown",
    () => {
      tabbed = false;
      tip.close();
    },
    { capture: true, passive: true },
  );
  addEventListener(
    "scroll",
    ({ target }) => {
      if (target !== tip.element) tip.scrolled();
    },
    { capture: true, passive: true },
  );
  let tabbed = false; // and not typed, or clicked
  addEventListener("focusin", ({ target, relatedTarget }) => {
    if (target instanceof HTMLInputElement) {
      if (tabbed) tip.field(target, relatedTarget);
    } else tip.focus(target);
  });
  addEventListener("focusout", () => tip.close());
  // Before the page's own keys: Escape closes this, and nothing else.
  addEventListener(
    "keydown",
    (event) => {
      tabbed = event.key === "Tab";
      const taken = event.key === "Escape" ? tip.close() : tip.walk(STEPS[event.key] ?? 0);
      if (taken) {
        event.stopImmediatePropagation();
        event.preventDefault();
      } else if (event.key.length === 1 || event.key.startsWith("Arrow")) tip.close();
    },
    { capture: true },
  );
}

/** What has a formula, or scrolls, can be come to with the keyboard. */
function reach() {
  const reached = matchMedia(NARROW).matches ? `${REACHED}, ${SCROLLED}` : REACHED;
  for (const part of document.querySelectorAll(reached)) {
    const isIn = part.closest("button, summary, label, a, [tabindex]:not(main)");
    if (!isIn) part.setAttribute("tabindex", "0");
  }
}

class Explained {
  constructor() {
    stylesheet(ofComponents("shared/frontend/symbols/explain.css"));
    this.element = el("div", { class: "ur-explain", id: ID, role: "tooltip", hidden: true });
    this.leaving = 0;
    /** @type {?Element} */
    this.described = null;
    /** @type {Told[]} of the part that has the focus, where they are told one by one */
    this.told = [];
    this.at = 0;
    /** @type {?Element} */
    this.beside = null;
    /** What it stands beside, and whether above that where there is room. */
    this.anchor = { box: () => new DOMRect(), isAbove: false };
  }

  /** @param {PointerEvent} event */
  point({ target, clientX: x, clientY: y }) {
    if (!(target instanceof Element) || !target.isConnected) return;
    if (this.element.contains(target)) {
      clearTimeout(this.leaving);
      return;
    }
    const found = target.closest(WITHOUT) ? null : symbolAt(target, x, y);
    const meaning = found && meaningOf(found.text, placeNow());
    if (found && meaning) this.show([meaning], found.box, target);
    else if (!this.described) this.leave();
  }

  /** @param {?EventTarget} target */
  focus(target) {
    if (!(target instanceof Element) || target.closest(WITHOUT) || target.matches(WHOLE)) return;
    if (!target.matches(":focus-visible")) return;
    const place = placeNow();
    /** @type {Map<string, Told>} */
    const found = new Map();
    const lit = target.querySelector("[aria-current=step]");
    for (const { text, box } of symbolsIn(target)) {
      const meaning = text && !found.has(text) && meaningOf(text, place);
      if (meaning) found.set(text, { meaning, box });
    }
    if (!found.size) return;
    const told = [...found.values()];
    if (told.length > MOST_AT_ONCE) {
      this.told = told;
      this.beside = target;
      const first = lit ? symbolsIn(lit).find(({ text }) => found.has(text)) : null;
      this.at = Math.max(0, [...found.keys()].indexOf(first?.text ?? ""));
      this.walk(0);
    } else {
      const all = told.map(({ meaning }) => meaning);
      this.show(all, () => target.getBoundingClientRect(), target);
    }
    this.describe(target);
  }

  /** What has the focus is described by what is shown. @param {Element} target */
  describe(target) {
    if (target.hasAttribute("aria-describedby")) return;
    target.setAttribute("aria-describedby", ID);
    this.described = target;
  }

  /**
   * A field that is come to with the keyboard says what its numbers are; not each of them again.
   * @param {HTMLInputElement} input
   * @param {?EventTarget} from
   */
  field(input, from) {
    const field = input.closest("[data-field]");
    const title = field?.querySelector(".ur-e-field-title") ?? input.labels?.[0];
    if (!title || (field && from instanceof Node && field.contains(from))) return;
    const place = placeNow();
    const meanings = symbolsIn(title).map(({ text }) => text && meaningOf(text, place));
    const [meaning] = meanings.filter((each) => each !== "" && each !== null);
    if (!meaning) return;
    const box = () => title.getBoundingClientRect();
    this.show([{ ...meaning, numbers: null }], box, title, "", true);
    this.describe(input);
  }

  /**
   * Go to another symbol of the part that has the focus; 0 shows the present one.
   * @param {number} by
   * @returns {boolean} whether there was one to go on from
   */
  walk(by) {
    const { told, beside } = this;
    if (!told.length || !beside || (!by && !this.element.hidden)) return false;
    this.at = (this.at + by + told.length) % told.length;
    const { meaning, box } = told[this.at];
    this.show([meaning], box, beside, `← → symbol ${this.at + 1} of ${told.length}`);
    return true;
  }

  /**
   * @param {Meaning[]} meanings
   * @param {() => DOMRect} box what they stand beside
   * @param {Element} beside
   * @param {string} [note]
   * @param {boolean} [isAbove] where there is room
   */
  show(meanings, box, beside, note = "", isAbove = false) {
    clearTimeout(this.leaving);
    const said = meanings.flatMap(({ symbol, words, numbers }) => [
      el("dt", { translate: "no" }, ...subscripted(symbol)),
      el("dd", {}, words, numbers && el("span", { class: "ur-explain-numbers" }, ` ${numbers}`)),
    ]);
    this.element.replaceChildren(el("dl", {}, ...said));
    const [{ elsewhere }] = meanings;
    if (meanings.length === 1 && elsewhere) {
      this.element.append(el("p", { translate: "no" }, elsewhere));
    }
    if (note) this.element.append(el("p", {}, note));
    this.element.setAttribute("aria-live", note ? "polite" : "off");
    const layer = beside.closest("dialog, [role=dialog]") ?? document.body;
    if (this.element.parentElement !== layer) layer.append(this.element);
    const theme = themeOf(document.querySelector(".ur-editor") ?? document.body);
    for (const name of /** @type {const} */ (["background", "text", "border"])) {
      this.element.style.setProperty(`--ur-explain-${name}`, theme[name]);
    }
    this.element.hidden = false;
    this.anchor = { box, isAbove };
    this.move();
  }

  /** Stand where the symbol is now, within the window; while that is out of it, nowhere. */
  move() {
    const { isAbove } = this.anchor;
    const box = this.anchor.box();
    this.element.style.visibility = box.bottom < 0 || box.top > innerHeight ? "hidden" : "";
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = box.bottom + APART;
    const above = box.top - APART - height;
    const first = isAbove && above >= 0 ? above : below;
    const top = first + height <= innerHeight ? first : above >= 0 ? above : innerHeight - height;
    const left = Math.max(APART, Math.min(innerWidth - width - APART, box.left));
    this.element.style.translate = `${Math.round(left)}px ${Math.round(Math.max(0, top))}px`;
  }

  /** Coming to a part with the keyboard scrolls it into view: what is told of it goes along. */
  scrolled() {
    if (this.described && this.described === document.activeElement) this.move();
    else this.close();
  }

  leave() {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.close(), LEAVES_MS);
  }

  /** @returns {boolean} whether it was open */
  close() {
    clearTimeout(this.leaving);
    this.described?.removeAttribute("aria-describedby");
    this.described = null;
    this.told = [];
    if (this.element.hidden) return false;
    this.element.hidden = true;
    this.element.replaceChildren();
    return true;
  }
}

/** Where the player is, and whether numbers may be said while the reader predicts them. */
function placeNow() {
  const { at, t } = cursor.get();
  return {
    t: at === "end" ? Infinity : t,
    tells: !document.documentElement.hasAttribute(PREDICTING),
  };
}

/** h_t with its subscript. @param {string} symbol */
function subscripted(symbol) {
  const [, head, sub, rest] = /^([^_]*)_([^[]*)(.*)$/.exec(symbol) ?? ["", symbol, "", ""];
  return [head, sub && el("sub", {}, sub), rest];
}
