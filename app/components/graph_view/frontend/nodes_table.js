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
 *
 * @typedef {object} Written  a row on the page, and what stands in it
 * @property {HTMLElement} element
 * @property {string} name
 * @property {HTMLElement[]} cells
 * @property {string[]} texts
 */

export class NodesTable {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    /** @type {Map<string, Written>} by the id of the node */
    this.written = new Map();
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

  /**
   * Filled only while it is open, and only what has changed is written: a step must stay cheap, and
   * whoever came to a row by the keyboard stays there.
   */
  show() {
    if (!this.element.open) return;
    const { heads, rows } = this.hooks.sheet();
    if (
      heads.join("\n") !== Array.from(this.heads.children, (head) => head.textContent).join("\n")
    ) {
      this.heads.replaceChildren(...heads.map((name) => el("th", { scope: "col" }, name)));
    }
    const before = this.written;
    this.written = new Map(rows.map((row) => [row.id, this.#rowOf(row, before.get(row.id))]));
    const order = [...this.written.values()];
    const { children } = this.body;
    if (order.length === children.length && order.every((row, k) => row.element === children[k])) {
      return;
    }
    this.body.replaceChildren(...order.map((row) => row.element));
  }

  /**
   * @param {Row} row
   * @param {Written} [old]  the row as it stands on the page
   * @returns {Written}
   */
  #rowOf({ id, name, cells }, old) {
    const texts = cells(this.hooks.short);
    if (old && old.name === name && old.texts.length === texts.length) {
      for (const [k, text] of texts.entries()) {
        if (text !== old.texts[k]) old.cells[k].textContent = text;
      }
      old.texts = texts;
      return old;
    }
    const button = el(
      "button",
      { type: "button", class: "ur-link", onclick: () => this.hooks.select(id) },
      name,
    );
    const made = texts.map((text) => el("td", {}, text));
    return {
      element: el("tr", {}, el("th", { scope: "row" }, button), ...made),
      name,
      cells: made,
      texts,
    };
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
