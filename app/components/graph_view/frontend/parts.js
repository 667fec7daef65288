/** Small parts that the cards of the inspector share. */

import { copy, el } from "../../shared/frontend/dom.js";
import { componentName } from "./array_text.js";
import { math } from "./katex.js";

/** @import { GraphNode } from "./structure.js" */

/**
 * Beside the name of what is shown: hold it, and, where it was chosen, let go of it.
 * @param {{pinned: boolean, follows: boolean}} state
 * @param {{pin: () => void, select: (id: null) => void}} hooks
 */
export function holdButtons({ pinned, follows }, hooks) {
  return el(
    "div",
    { class: "ur-buttons ur-hold" },
    pinButton(pinned, hooks.pin),
    follows ? null : closeButton(() => hooks.select(null)),
  );
}

/**
 * A toggle: what is shown stays while the player goes on.
 * @param {boolean} pinned
 * @param {() => void} act
 */
export function pinButton(pinned, act) {
  return el(
    "button",
    {
      type: "button",
      class: "ur-button ur-pin",
      "aria-pressed": String(pinned),
      title: pinned
        ? "Held while the player goes on; Esc lets go"
        : "Hold this while the player goes on (P)",
      onclick: act,
    },
    "Pin",
  );
}

/** @param {() => void} act */
function closeButton(act) {
  return el(
    "button",
    {
      type: "button",
      class: "ur-button ur-square ur-close",
      "aria-label": "Clear the selection",
      onclick: act,
    },
    "×",
  );
}

/**
 * A line that can be evaluated by whoever doubts it, here or in Python; a long sum is folded.
 * @param {import("./expression.js").Printed} line
 * @param {?string} label
 */
export function printedLine(line, label = null) {
  const result = `${line.near ? "≈" : "="} ${line.value}`;
  const text = `${line.expression} ${result}`;
  const code = el("code", {}, text);
  const parts = line.brief === line.expression ? [code] : folded(`${line.brief} ${result}`, code);
  return el(
    "div",
    {
      class: "ur-line",
      translate: "no",
      "data-expression": line.expression,
      "data-value": line.value,
      "data-digits": line.digits,
      "data-near": line.near,
    },
    label ? el("span", { class: "ur-line-label" }, label) : null,
    ...parts,
    el(
      "button",
      {
        type: "button",
        class: "ur-link ur-copy",
        "aria-label": `Copy ${line.brief} ${result}`,
        title: "Copy this line",
        onclick: () => copy(text),
      },
      "copy",
    ),
  );
}

/**
 * The brief line, and a button that shows all terms in its place.
 * @param {string} brief
 * @param {HTMLElement} code
 */
function folded(brief, code) {
  code.hidden = true;
  const short = el("span", { class: "ur-line-brief" }, brief);
  const turn = () => {
    code.hidden = !code.hidden;
    short.hidden = !code.hidden;
    button.setAttribute("aria-expanded", String(!code.hidden));
  };
  const button = el(
    "button",
    {
      type: "button",
      class: "ur-link ur-copy ur-line-all",
      "aria-expanded": "false",
      onclick: turn,
    },
    "all terms",
  );
  return [short, code, button];
}

/**
 * An equation that is wrapped, and scrolls where that is not enough.
 * @param {string} latex
 * @param {string} name
 */
export function wide(latex, name) {
  return el(
    "div",
    { class: "ur-wide", tabindex: 0, role: "group", "aria-label": name },
    math(latex, { block: true }),
  );
}

/**
 * @param {GraphNode} node
 * @param {number} component
 * @param {(component: number) => void} pick
 * @param {string} name of the field
 */
export function componentPicker(node, component, pick, name = "component") {
  if (node.size < 2) return null;
  /** @type {HTMLSelectElement} */
  const select = el(
    "select",
    { class: "ur-select", onchange: () => pick(Number(select.value)) },
    ...Array.from({ length: node.size }, (_, k) =>
      el("option", { value: k, selected: k === component }, componentName(node, k)),
    ),
  );
  return el("label", { class: "ur-field" }, `${name} `, select);
}

/**
 * All entries of a weight, or one of them.
 * @param {GraphNode} node
 * @param {?number} entry null for all
 * @param {(entry: ?number) => void} pick
 */
export function entryPicker(node, entry, pick) {
  const field = componentPicker(node, entry ?? -1, pick, "entries");
  const select = field?.querySelector("select");
  if (!field || !select) return null;
  select.prepend(el("option", { value: "", selected: entry === null }, "all"));
  select.onchange = () => pick(select.value === "" ? null : Number(select.value));
  return field;
}
