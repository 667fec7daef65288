/** Symbols in text: h_t, W_hh and h^(t) with real scripts. A user's text never comes here. */

import { el } from "../../shared/frontend/dom.js";

/** As `words.plotly_symbol`: a name of words, as recurrent_kernel, has nothing below it. */
const SCRIPTS =
  /(?<![A-Za-z_]{3})_([A-Za-z0-9]+(?:[−+]1)?(?:,[A-Za-z0-9]+)*)|\^(?:(\([^()]*\))|([A-Za-z0-9]+))/;

/**
 * @param {string} text
 * @returns {(string|HTMLElement)[]}
 */
export function subscripted(text) {
  /** @type {(string|HTMLElement)[]} */
  const made = [];
  let rest = text;
  for (let found = SCRIPTS.exec(rest); found; found = SCRIPTS.exec(rest)) {
    const [all, below, ...above] = found;
    const script = below
      ? el("sub", { class: "ur-plots-sub" }, below)
      : el("sup", {}, above.join(""));
    made.push(rest.slice(0, found.index), script);
    rest = rest.slice(found.index + all.length);
  }
  return [...made, rest];
}
