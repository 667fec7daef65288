/** The component of a sheet: the network's graph, and the numbers that are to be worked out. */

import { symbolFonts } from "../../graph_view/frontend/katex.js";
import { onTheme, stylesheet } from "../../shared/frontend/dom.js";
import { mounting, rootIn } from "../../shared/frontend/mount.js";
import { SheetView } from "./view.js";

/** @import { SheetData } from "./data.d.ts" */

/** @type {ReturnType<typeof mounting<SheetData, SheetView>>} */
export default mounting({
  styles: Promise.all([
    stylesheet(new URL("../../graph_view/frontend/graph.css", import.meta.url)), // canvas, buttons
    stylesheet(new URL("sheet.css", import.meta.url)),
    symbolFonts(),
  ]),
  make: (parent) => new SheetView(rootIn(parent, ".ur-sheet-view")),
  follow: (view) => [onTheme(view.root, () => view.onTheme())],
});
