/**
 * Where the gradient of a shared weight comes from: a sum over time, of all its entries at once, or of
 * the one that is chosen.
 */

import { el } from "../../shared/frontend/dom.js";
import { ledgerParts } from "./detail.js";
import { fillingParts, termsOf, titleOf } from "./filling.js";
import { heldModel } from "./held_model.js";
import { withHold } from "./held_parts.js";
import { entryPicker } from "./parts.js";

/** @import { Filling } from "./filling.js" */
/** @import { Hooks, NodeState } from "./inspector.js" */

/**
 * @param {NodeState} state
 * @param {Hooks} hooks
 */
export function weightCard(state, hooks) {
  const { model, node, component, entry, felt, follows, filling, detail } = state;
  // The ledger of one number is Python's, which is asked for what is selected.
  const isOne = felt && !follows && (entry || node.size === 1 || !filling);
  const card = el(
    "section",
    { class: "ur-card ur-filling", "aria-label": "The gradient of a weight adds up" },
    titleOf(model, node, filling),
  );
  const picker =
    felt && !follows && filling
      ? entryPicker(node, entry ? component : null, (k) =>
          k === null ? hooks.select(node.id) : hooks.pick(node, k),
        )
      : null;
  if (picker) card.append(picker);
  if (isOne) card.append(...ledgerParts(model, detail));
  else if (filling) card.append(...fillingParts(model, filling, hooks), ...withHolds(state, hooks));
  return card;
}

/**
 * The same sum in the run with what is held.
 * @param {NodeState} state
 * @param {Hooks} hooks
 * @returns {HTMLElement[]}
 */
function withHolds({ model, node, filling }, hooks) {
  const again = filling && model.heldOf(node, true) && heldModel(model);
  const beside = again ? again.byId.get(node.id) : null;
  if (!again || !beside) return [];
  const terms = termsOf(again, beside);
  return [withHold(), ...fillingParts(again, { ...filling, node: beside, terms }, hooks)];
}
