/** What is said to who does not see it; it has its place on the page, since the sidebar may be hidden. */

import { el, setText } from "../../shared/frontend/dom.js";

const UNSEEN =
  "position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)";

/** @returns {(words: string) => void} says them where they are others than before; none are empty */
export function aloud() {
  /** @type {?HTMLElement} */
  let place = null;
  return (words) => {
    if (!place) {
      place = el("p", { role: "status", style: UNSEEN });
      document.body.append(place);
    }
    setText(place, words);
  };
}
