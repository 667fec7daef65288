/** In the inspector: hold a computed number at a value, and what a node's numbers are then. */

import { el } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";
import { componentName, isSmall, numbersTex } from "./array_text.js";
import { math } from "./katex.js";
import { componentPicker } from "./parts.js";

/** @import { Hooks, NodeState } from "./inspector.js" */

const FIELD_DIGITS = 6; // of what can be changed

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
  const again = model.held?.kind === "held" ? model.heldOf(node, false) : null;
  const shown = held?.value ?? (again ?? model.valueOf(node))[component];
  const name = componentName(node, component, model.shown.get(node));
  const input = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "ur-hold-value",
    value: plain(shown, FIELD_DIGITS),
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

const CALLED = { held: "with the hold", pinned: "pinned" };

/**
 * The numbers of the run beside, where they differ, and what what is held, or was changed, adds.
 * @param {NodeState} state
 * @param {boolean} gradient
 */
export function besideFact({ model, node }, gradient) {
  const numbers = model.heldOf(node, gradient);
  if (!numbers || !model.held) return [];
  const { kind } = model.held;
  const shown = gradient ? model.gradOf(node) : model.valueOf(node);
  const [was, is] = kind === "held" ? [shown, numbers] : [numbers, shown];
  const by = is.map((number, k) => number - was[k]);
  const cell = el("dd", { class: "ur-held" });
  if (node.shape.length === 0) {
    const change = `${by[0] < 0 ? "" : "+"}${short(by[0])}`;
    cell.append(
      el("span", { class: "ur-number", translate: "no" }, short(numbers[0])),
      el(
        "span",
        { class: "ur-note" },
        kind === "held" ? ` was ${short(was[0])}, ${change}` : `, since then ${change}`,
      ),
    );
  } else if (isSmall(node)) cell.append(math(numbersTex(node, numbers)));
  else {
    const length = `differs by a length of ${short(Math.hypot(...by))}`;
    cell.append(el("span", { class: "ur-note" }, length));
  }
  return [el("div", { class: "ur-fact" }, el("dt", {}, CALLED[kind]), cell)];
}
