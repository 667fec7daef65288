/** The graph component: canvas, player, inspector and table around one position (the cursor). */

import { cursor } from "../shared/cursor.js";
import { onTheme, stylesheet } from "../shared/dom.js";
import { mounting } from "../shared/mount.js";
import { GraphView } from "./view.js";

export default mounting({
  styles: stylesheet(new URL("graph.css", import.meta.url)),
  make: (parent) => new GraphView(parent.querySelector(".ur-graph-view") ?? parent),
  follow: (view) => [
    cursor.subscribe(() => view.onCursor()),
    onTheme(view.root, () => view.onTheme()),
  ],
  connect: (view, { setStateValue }) => {
    view.asker.send = (question) => setStateValue("asked", question);
  },
});
