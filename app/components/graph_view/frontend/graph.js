/** The graph component: canvas, player, inspector and table around one position (the cursor). */

import { onDigits } from "../../shared/frontend/digits.js";
import { ofComponents, onTheme, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";
import { onNotation } from "../../shared/frontend/notation/notation.js";
import { onPageKeys } from "../../shared/frontend/page_keys.js";
import { symbolFonts } from "./katex.js";
import { onCameraKey, onPlayerKey } from "./keys.js";
import { GraphView } from "./view.js";

/** @import { GraphData } from "./data.d.ts" */

/** @type {ReturnType<typeof mounting<GraphData, GraphView>>} */
export default mounting({
  styles: Promise.all([stylesheet(ofComponents("graph_view/frontend/graph.css")), symbolFonts()]),
  make: (parent) => new GraphView(rootIn(parent, ".ur-graph-view")),
  follow: (view) => [
    onTheme(view.root, () => view.onTheme()),
    onDigits(() => view.onDigits()),
    onNotation(() => view.onNotation()),
    onPageKeys(view.root, {
      act: (event) =>
        onPlayerKey(event, view.parts.keyed) ||
        Boolean(view.parts.keyed.more?.(event.key)) ||
        (view.data.large && onCameraKey(event, view.parts.keyed)),
      letGo: () => view.selection.letGo(),
    }),
  ],
  connect: (view, { setStateValue, setTriggerValue }) =>
    view.connect({
      ask: (question) => setStateValue("asked", question),
      predict: (kind) => setTriggerValue("predict", kind),
      wish: (wish) => setTriggerValue("wish", wish),
    }),
});
