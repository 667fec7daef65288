/** The choice between the views of a chart. */

import { el } from "../../shared/frontend/dom.js";
import { subscripted } from "./symbols.js";

export class ViewSwitch {
  /**
   * @param {string} title of the chart
   * @param {(name: string) => void} chosen
   */
  constructor(title, chosen) {
    this.chosen = chosen;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.element = el("div", {
      class: "ur-plots-segments",
      role: "group",
      "aria-label": `View of ${title}`,
    });
  }

  /** @param {{name: string}[]} views @param {string} pressed the one that is shown */
  show(views, pressed) {
    this.element.hidden = views.length < 2;
    if (this.buttons.length !== views.length) {
      this.buttons = views.map(({ name }) => this.button(name));
      this.element.replaceChildren(...this.buttons);
    }
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.name === pressed));
    }
  }

  /** @param {string} name */
  button(name) {
    const onclick = () => this.chosen(name);
    const properties = { type: "button", class: "ur-plots-segment", "data-name": name, onclick };
    return el("button", properties, ...subscripted(name));
  }
}
