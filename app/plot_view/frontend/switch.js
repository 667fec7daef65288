/** The choice between the views of a chart. */

import { el } from "../../frontend/dom.js";
import { subscripted } from "./symbols.js";

export class ViewSwitch {
  /**
   * @param {string} title of the chart
   * @param {(name: string) => void} chosen
   */
  constructor(title, chosen) {
    this.chosen = chosen;
    this.element = el("div", {
      class: "ur-plots-segments",
      role: "group",
      "aria-label": `View of ${title}`,
    });
  }

  /** @param {{name: string}[]} views  of which `pressed` is shown */
  show(views, pressed) {
    this.element.hidden = views.length < 2;
    if (this.element.children.length !== views.length) {
      this.element.replaceChildren(...views.map(({ name }) => this.button(name)));
    }
    for (const button of this.element.children) {
      button.setAttribute("aria-pressed", String(button.dataset.name === pressed));
    }
  }

  button(name) {
    const onclick = () => this.chosen(name);
    const properties = { type: "button", class: "ur-plots-segment", "data-name": name, onclick };
    return el("button", properties, ...subscripted(name));
  }
}
