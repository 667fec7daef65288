/** What is newly selected, said to who does not see it, with its numbers as far as they are known. */

import { el, setText } from "../../shared/frontend/dom.js";
import { summary } from "../../shared/frontend/numbers.js";
import { spoken } from "./symbol.js";

/** @import { State } from "./inspector.js" */

const MOST_NUMBERS = 4;

export class Chosen {
  element = el("p", { class: "ur-hidden", role: "status" });
  /** @type {?string} */
  #id = null;

  /**
   * @param {State} state
   * @param {string} about  what the node is, in words
   */
  say(state, about) {
    const { edge, node, follows } = state;
    const id = follows ? null : (edge?.id ?? node?.id ?? null);
    if (id === this.#id) return;
    this.#id = id;
    if (!id) setText(this.element, "");
    else if (edge) {
      const [from, to] = [edge.from, edge.to].map(({ latex }) => spoken(latex));
      setText(this.element, `Selected: the edge from ${from} to ${to}.`);
    } else if (node) {
      const parts = [`Selected: ${spoken(node.latex)}`, about];
      if (state.known) parts.push(`value ${numbers(node, state.model.valueOf(node))}`);
      if (state.felt) parts.push(`gradient ${numbers(node, state.model.gradOf(node))}`);
      setText(this.element, `${parts.join(", ")}.`);
    }
  }
}

/** @param {import("./structure.js").GraphNode} node @param {Float64Array} values */
const numbers = (node, values) => summary(values, MOST_NUMBERS, node.shape);
