/** What the cards of the inspector say of the run with what is held, beside the run as it is. */

import { el } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { inFull } from "../../shared/frontend/numbers.js";
import { componentName } from "./array_text.js";
import { equationOf } from "./equations.js";
import { heldModel } from "./held_model.js";
import { printedLine } from "./parts.js";

/** @import { HeldNumber } from "./data.d.ts" */
/** @import { NodeState } from "./inspector.js" */

/** What stands above the numbers of the run with what is held. */
export const withHold = () => el("h4", { class: "ur-with-hold" }, "With the hold");

/** @param {HeldNumber} held in the middle of what a node of this level does at once */
export const insideNote = ({ place }) =>
  `${writtenText(place)} is held inside this step: the level “operation” shows the arithmetic with the hold.`;

/**
 * The lines of an equation in the run with what is held, where they are other ones.
 * @param {NodeState} state
 * @returns {HTMLElement[]}
 */
export function heldLines({ model, node, component, known }) {
  const again = known ? heldModel(model) : null;
  const nodes = [node, ...node.in.map((edge) => edge.from)];
  const held = model.heldIn(node);
  if (!again || !(held.length || nodes.some((each) => model.heldOf(each, false)))) return [];
  const equation = equationOf(again, node, component);
  if (!equation) return [];
  const names = held.map(({ entry, value }) => ({
    entry,
    text: `${componentName(node, entry, model.shown.get(node))} is held at ${inFull(value)}`,
  }));
  const isHeld = (/** @type {number} */ k) => names.some(({ entry }) => entry === k);
  const lines = equation.several
    ? equation.lines.filter(() => !isHeld(component))
    : equation.lines.filter((_, k) => !isHeld(k));
  const notes = names.map(({ text }) => text);
  if (equation.inside) notes.push(insideNote(equation.inside));
  return [
    withHold(),
    ...notes.map((text) => el("p", { class: "ur-note" }, text)),
    ...lines.map((line) => printedLine(line, equation.lines.length > 1 ? line.label : null)),
  ];
}
