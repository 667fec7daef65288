/** In the inspector: hold a computed number at a value, and what a node's numbers are then. */

import { el } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";
import { componentName, isSmall, numbersTex } from "./equations.js";
import { math } from "./katex.js";
import { componentPicker } from "./parts.js";

/** @import { Hooks, NodeState } from "./inspector.js" */

const DIGITS = 6;

/**
 * The field for a number of a computed node, and the way back where it is held; null where what is
 * shown is given, or not computed yet.
 * @param {NodeState} state
 * @param {Hooks} hooks
 */
export function holdForm({ model, node, component, known, holds }, hooks) {
  const computed = node.op !== null && node.kind !== "rest" && node.shape.length < 2;
  if (!holds || !computed || !known) return null;
  const held = model.heldIn(node).find((each) => each.entry === component);
  const shown = held?.value ?? (model.heldOf(node, false) ?? model.valueOf(node))[component];
  const name = componentName(node, component, model.shown.get(node));
  const input = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "ur-hold-value",
    value: plain(shown, DIGITS),
    "aria-label": `Hold ${name} at`,
  });
  return el(
    "form",
    {
      class: "ur-hold-form",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        hooks.hold(node, component, input.value);
      },
    },
    componentPicker(node, component, (k) => hooks.pick(node, k), "hold"),
    el("label", { class: "ur-field" }, node.size < 2 ? "hold at " : "at ", input),
    el("button", { type: "submit", class: "ur-button" }, "Hold"),
    held
      ? el(
          "button",
          { type: "button", class: "ur-button", onclick: () => hooks.free(node, component) },
          "Let go",
        )
      : null,
  );
}

/**
 * The numbers of the run with what is held, where they differ.
 * @param {string} name
 * @param {NodeState} state
 * @param {boolean} gradient
 */
export function heldFact(name, { model, node }, gradient) {
  const numbers = model.heldOf(node, gradient);
  if (!numbers) return [];
  const was = gradient ? model.gradOf(node) : model.valueOf(node);
  const by = numbers.map((number, k) => number - was[k]);
  const cell = el("dd", { class: "ur-held" });
  if (node.shape.length === 0) {
    const change = `${by[0] < 0 ? "" : "+"}${short(by[0])}`;
    cell.append(
      el("span", { class: "ur-number", translate: "no" }, short(numbers[0], DIGITS)),
      el("span", { class: "ur-note" }, ` was ${short(was[0], DIGITS)}, ${change}`),
    );
  } else if (isSmall(node)) cell.append(math(numbersTex(node, numbers, 4)));
  else {
    const length = `differs by a length of ${short(Math.hypot(...by))}`;
    cell.append(el("span", { class: "ur-note" }, length));
  }
  return [el("dt", {}, name), cell];
}
