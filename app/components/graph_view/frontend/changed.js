/** What the keys have made of a given number, said and seen until something else is done. */

import { el, setText } from "../../shared/frontend/dom.js";
import { hand } from "../../shared/frontend/hand.js";
import { short } from "../../shared/frontend/numbers.js";
import { componentName } from "./array_text.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { GraphNode } from "./structure.js" */

export class Changed {
  element = el("p", { class: "ur-changed", role: "status", hidden: true });
  /** @type {?Change} the number before, while Alt is down */
  #before = null;

  constructor() {
    this.stop = hand.subscribe((event) => {
      if (event !== "move") this.#before = null;
      if (event === "cancel") this.hide(); // it was refused
    });
  }

  /**
   * @param {GraphNode} node
   * @param {number} component
   * @param {Change} change  the number as it was
   * @param {number} value   what it is now
   */
  say(node, component, change, value) {
    this.#before ??= change;
    const from = short(this.#before.value);
    const name = componentName(node, component);
    setText(this.element, `${name}: ${from} → ${short(value)}. Ctrl+Z takes it back.`);
    this.element.hidden = false;
  }

  hide() {
    setText(this.element, "");
    this.element.hidden = true;
  }
}
