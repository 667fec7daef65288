/** The plots component: charts in groups, made when chosen, drawn when seen, with the cursor's step marked. */

import { cursor } from "../../shared/frontend/cursor.js";
import { onDigits } from "../../shared/frontend/digits.js";
import { ofComponents, onTheme, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";
import { onNotation } from "../../shared/frontend/notation/notation.js";
import { onChosen } from "./chosen.js";
import { PlotsView } from "./view.js";

/** @import { PlotsData } from "./data.d.ts" */

/** @type {ReturnType<typeof mounting<PlotsData, PlotsView>>} */
export default mounting({
  styles: stylesheet(ofComponents("plot_view/frontend/plots.css")),
  make: (parent) => new PlotsView(rootIn(parent, ".ur-plot-view")),
  connect: (view, { setStateValue }) => {
    view.ask = (group) => setStateValue("group", group);
  },
  follow: (view) => [
    cursor.subscribe((state) => view.onCursor(state)),
    onChosen(() => view.onChosen()),
    onTheme(view.root, (theme) => view.onTheme(theme)),
    onDigits(() => view.onWriting()),
    onNotation(() => view.onWriting()),
  ],
});
