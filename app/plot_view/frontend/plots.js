/** The plots component: charts in groups, drawn when seen, with the cursor's step marked. */

import { cursor } from "../../frontend/cursor.js";
import { onTheme, stylesheet } from "../../frontend/dom.js";
import { mounting } from "../../frontend/mount.js";
import { onChosen } from "./chosen.js";
import { PlotsView } from "./view.js";

export default mounting({
  styles: stylesheet(new URL("plots.css", import.meta.url)),
  make: (parent) => new PlotsView(parent.querySelector(".ur-plot-view") ?? parent),
  follow: (view) => [
    cursor.subscribe((state) => view.onCursor(state)),
    onChosen(() => view.onChosen()),
    onTheme(view.root, (theme) => view.onTheme(theme)),
  ],
});
