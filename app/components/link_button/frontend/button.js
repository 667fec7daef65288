/** The component of a link: a click copies it, and what became of it is said beside. */

import { copy, el, ofComponents, setText, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";

/** @typedef {{label: string, query: string}} Sent */

/** @param {HTMLElement} root */
function linkButton(root) {
  let query = "";
  const said = el("span", { role: "status" });
  const press = async () => {
    const link = new URL(`./?${query}`, document.baseURI);
    const done = await copy(link.href);
    setText(said, done ? "It is on the clipboard." : "This browser does not let it be copied.");
  };
  const button = el("button", { type: "button", onclick: press });
  root.replaceChildren(button, said);
  return {
    /** @param {Sent} data */
    update(data) {
      setText(button, data.label);
      if (data.query !== query) setText(said, ""); // what was copied is an older one
      ({ query } = data);
    },
    destroy() {},
  };
}

/** @type {ReturnType<typeof mounting<Sent, ReturnType<typeof linkButton>>>} */
export default mounting({
  styles: stylesheet(ofComponents("link_button/frontend/button.css")),
  make: (parent) => linkButton(rootIn(parent, ".ur-link-button")),
  follow: () => [],
});
