/** The component of a sheet: the network's graph, and the numbers that are to be worked out. */

import { symbolFonts } from "../../graph_view/frontend/katex.js";
import { ofComponents, onTheme, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";
import { askBeside, onNotation } from "../../shared/frontend/notation/notation.js";
import { SheetView } from "./view.js";

/** @import { SheetData } from "./data.d.ts" */

/** @type {ReturnType<typeof mounting<SheetData, SheetView>>} */
export default mounting({
  styles: Promise.all([
    stylesheet(ofComponents("graph_view/frontend/graph.css")), // canvas, buttons
    stylesheet(ofComponents("sheet_view/frontend/sheet.css")),
    symbolFonts(),
  ]),
  make: (parent) => new SheetView(rootIn(parent, ".ur-sheet-view")),
  connect: (view, { data, setTriggerValue }) => {
    askBeside(data.notation);
    view.connect((way) => setTriggerValue("way", way));
  },
  follow: (view) => [
    onTheme(view.root, () => view.onTheme()),
    onNotation(() => view.onNotation()),
    () => askBeside(null),
  ],
});
