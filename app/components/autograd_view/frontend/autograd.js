/** Torch's graph beside ours, with a player: built node by node, then walked as autograd walked it. */

import { symbolFonts } from "../../graph_view/frontend/katex.js";
import { onPlayerKey } from "../../graph_view/frontend/keys.js";
import { onDigits } from "../../shared/frontend/digits.js";
import { ofComponents, onTheme, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";
import { onNotation } from "../../shared/frontend/notation/notation.js";
import { onPageKeys } from "../../shared/frontend/page_keys.js";
import { AutogradView } from "./view.js";

/** @import { AutogradData } from "./data.d.ts" */

/** @type {ReturnType<typeof mounting<AutogradData, AutogradView>>} */
export default mounting({
  styles: Promise.all([
    stylesheet(ofComponents("graph_view/frontend/graph.css")), // buttons and player
    stylesheet(ofComponents("autograd_view/frontend/autograd.css")),
    symbolFonts(),
  ]),
  make: (parent) => new AutogradView(rootIn(parent, ".ur-autograd-view")),
  follow: (view) => [
    onTheme(view.root, () => view.onTheme()),
    onDigits(() => view.onTheme()),
    onNotation(() => view.onNotation()),
    onPageKeys(view.root, {
      act: (event) => onPlayerKey(event, view.parts.keyed),
      letGo: () => view.letGo(),
    }),
  ],
});
