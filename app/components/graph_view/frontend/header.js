/** The numbers above the graph that a run in the browser changes, until Python writes them anew. */

import { writtenText } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";

/** @import { Network } from "../../shared/frontend/interpreter/network.js" */

const STRIP = ".st-key-numbers";
const FOLLOWS = "data-ur-follows"; // what was checked before is not said of these numbers
const AHEAD = "data-ur-ahead"; // which of the results the player has not come to, from the last one on

export class Header {
  /** @type {Map<Element, string>} what stood there */
  #before = new Map();

  /**
   * The logit and the prediction, where each is one number, and the loss.
   * @param {Network} network
   * @param {number} sample
   */
  show(network, sample) {
    document.querySelector(STRIP)?.setAttribute(FOLLOWS, "");
    const row = network.rows - network.batch + sample;
    const numbers = new Map([
      [writtenText("a"), network.of("readout")],
      [writtenText("p"), network.of("p")],
      [writtenText("L"), network.loss?.total],
    ]);
    for (const symbol of document.querySelectorAll(`${STRIP} strong`)) {
      const found = numbers.get(symbol.textContent ?? "");
      const place = symbol.parentElement && after(symbol);
      if (!found || !place) continue;
      if (!this.#before.has(place)) this.#before.set(place, place.textContent ?? "");
      const text = short(found.value[found.at(row)]);
      if (place.textContent !== text) write(place, text);
    }
  }

  /** Python has written them. */
  forget() {
    document.querySelector(STRIP)?.removeAttribute(FOLLOWS);
    this.#before.clear();
  }

  /** What Python has written before stands there again. */
  restore() {
    for (const [place, text] of this.#before) write(place, text);
    this.forget();
  }
}

/**
 * The results that the player has not come to are no numbers above the graph, either.
 * @param {import("./view.js").GraphView} view
 */
export function hideAhead({ model, frames, position, data }) {
  if (data.apart) return; // a graph of a page beside, which has no such line
  /** @param {string} quantity */
  const isAhead = (quantity) => {
    const node = model.nodes.findLast((each) => each.quantity === quantity);
    return position < (node ? frames.known[node.i] : frames.forward);
  };
  const results = ["L", "p", "a"].filter(
    (quantity) => quantity === "L" || model.nodes.some((node) => node.quantity === quantity),
  );
  const ahead = results.flatMap((quantity, k) => (isAhead(quantity) ? [k + 1] : []));
  document.documentElement.setAttribute(AHEAD, ahead.join(" "));
}

/** The number beside a symbol. @param {Element} symbol */
function after(symbol) {
  const { nextElementSibling: next } = symbol;
  return next?.matches("code, em") ? next : null;
}

/**
 * Only the text changes: what holds it is Streamlit's, who writes there again.
 * @param {Element} place
 * @param {string} text
 */
function write(place, text) {
  let node = place.firstChild;
  while (node?.firstChild) node = node.firstChild;
  if (node) node.nodeValue = text;
}
