/** The nodes on the canvas as a table: for screen readers, and to copy. */

import { copy, el } from "../../shared/frontend/dom.js";

/** @typedef {(value: number) => string} Write how a number is written */
/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name                      of the node
 * @property {(write: Write) => string[]} cells  under the other heads
 *
 * @typedef {object} Sheet
 * @property {string[]} heads  the first is that of the names
 * @property {Row[]} rows
 *
 * @typedef {object} Hooks
 * @property {string} title                what opens it
 * @property {string} label                of the region
 * @property {() => Sheet} sheet
 * @property {(id: string) => void} select
 * @property {Write} short                 on the page
 * @property {Write} exact                 in the copy
 */

export class NodesTable {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.body = el("tbody");
    this.heads = el("tr");
    this.copied = el("span", { class: "ur-note", role: "status" });
    this.element = el(
      "details",
      { class: "ur-details", ontoggle: () => this.show() },
      el("summary", {}, hooks.title),
      el(
        "div",
        { class: "ur-row" },
        el(
          "button",
          { type: "button", class: "ur-button", onclick: () => this.copy() },
          "Copy table",
        ),
        this.copied,
      ),
      el(
        "div",
        { class: "ur-scroll", tabindex: 0, role: "region", "aria-label": hooks.label },
        el(
          "table",
          { class: "ur-table" },
          el("caption", { class: "ur-hidden" }, "Nodes shown in the graph"),
          el("thead", {}, this.heads),
          this.body,
        ),
      ),
    );
  }

  /** Filled only while it is open: a step must stay cheap. */
  show() {
    if (!this.element.open) return;
    const { heads, rows } = this.hooks.sheet();
    this.heads.replaceChildren(...heads.map((name) => el("th", { scope: "col" }, name)));
    this.body.replaceChildren(...rows.map((row) => this.#rowOf(row)));
  }

  /** @param {Row} row */
  #rowOf({ id, name, cells }) {
    const { select, short } = this.hooks;
    const button = el(
      "button",
      { type: "button", class: "ur-link", onclick: () => select(id) },
      name,
    );
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, button),
      ...cells(short).map((text) => el("td", {}, text)),
    );
  }

  async copy() {
    const { exact, sheet } = this.hooks;
    const { heads, rows } = sheet();
    const lines = rows.map(({ name, cells }) => [name, ...cells(exact)].join("\t"));
    const done = await copy([heads.join("\t"), ...lines].join("\n"));
    this.copied.textContent = done ? "Copied" : "Copying was refused by the browser";
    setTimeout(() => this.copied.replaceChildren(), 2000);
  }
}
