/** Which scene of a lesson is open, said to who does not see it: the sidebar may be hidden. */

import { el, setText } from "../../shared/frontend/dom.js";

/** @type {?HTMLElement} */
let place = null;

/** @param {string} scene in words; empty for none */
export function sayScene(scene) {
  if (!place) {
    const unseen =
      "position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)";
    place = el("p", { role: "status", style: unseen });
    document.body.append(place);
  }
  setText(place, scene);
}
