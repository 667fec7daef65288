/** Small parts that the cards of the inspector share. */

import { copy, el } from "../shared/dom.js";
import { componentName } from "./equations.js";

export function closeButton(act) {
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
 * A line that can be evaluated by whoever doubts it, here or in Python.
 * @param {ReturnType<import("./expression.js").line>} line
 * @param {?string} label
 */
export function printedLine(line, label = null) {
  const text = `${line.expression} ${line.near ? "≈" : "="} ${line.value}`;
  return el(
    "div",
    {
      class: "ur-line",
      "data-expression": line.expression,
      "data-value": line.value,
      "data-digits": line.digits,
      "data-near": line.near,
    },
    label ? el("span", { class: "ur-line-label" }, label) : null,
    el("code", {}, text),
    el(
      "button",
      {
        type: "button",
        class: "ur-link ur-copy",
        "aria-label": `Copy ${text}`,
        title: "Copy this line",
        onclick: () => copy(text),
      },
      "copy",
    ),
  );
}

/** @param {import("./model.js").GraphNode} node */
export function componentPicker(node, component, pick) {
  if (node.size < 2) return null;
  return el(
    "label",
    { class: "ur-field" },
    "component ",
    el(
      "select",
      { class: "ur-select", onchange: (event) => pick(Number(event.target.value)) },
      ...Array.from({ length: node.size }, (_, k) =>
        el("option", { value: k, selected: k === component }, componentName(node, k)),
      ),
    ),
  );
}
