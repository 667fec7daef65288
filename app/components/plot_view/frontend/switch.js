/** The choice between the views of a chart. */

import { el } from "../../shared/frontend/dom.js";
import { subscripted } from "./symbols.js";

/** @import { View } from "./data.d.ts" */

export class ViewSwitch {
  /**
   * @param {string} title of the chart
   * @param {(name: string) => void} chosen
   */
  constructor(title, chosen) {
    this.chosen = chosen;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.titles = "";
    this.element = el("div", {
      class: "ur-plots-segments",
      role: "group",
      "aria-label": `View of ${title}`,
    });
  }

  /** @param {View[]} views @param {string} pressed the name of the one that is shown */
  show(views, pressed) {
    this.element.hidden = views.length < 2;
    const titles = views.map(({ name, title }) => title ?? name);
    if (`${titles}` !== this.titles) {
      this.titles = `${titles}`;
      this.buttons = views.map(({ name }, k) => this.button(name, titles[k]));
      this.element.replaceChildren(...this.buttons);
    }
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.name === pressed));
    }
  }

  /** @param {string} name @param {string} title */
  button(name, title) {
    const onclick = () => this.chosen(name);
    const properties = { type: "button", class: "ur-plots-segment", "data-name": name, onclick };
    return el("button", properties, ...subscripted(title));
  }
}
