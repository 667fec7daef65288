/** What was understood of what was opened or pasted: one line, and a button for each other way. */

import { el, setText } from "../../shared/frontend/dom.js";
import { notationName, writtenText } from "../../shared/frontend/notation/notation.js";
import { button } from "./controls.js";

export class Said {
  /** @param {(label: string) => void} reread asks for the other way that the button names */
  constructor(reread) {
    this.reread = reread;
    this.text = el("span", { role: "status" });
    this.choices = el("span", { class: "ur-e-choices" });
    this.root = el("div", { class: "ur-e-said", hidden: true }, this.text, this.choices);
    this.known = "";
  }

  /** @param {?import("./data.d.ts").SaidData} said */
  show(said) {
    this.root.hidden = !said;
    setText(this.text, writtenText(said?.text ?? ""));
    const labels = said?.choices ?? [];
    const known = notationName() + JSON.stringify(labels);
    if (known === this.known) return;
    this.known = known;
    this.choices.replaceChildren(
      ...labels.map((label) => button(writtenText(label), () => this.reread(label))),
    );
  }
}
