/** Torch's graph beside ours, with a player: built node by node, then walked as autograd walked it. */

import { onTheme, stylesheet } from "../shared/dom.js";
import { mounting } from "../shared/mount.js";
import { AutogradView } from "./view.js";

export default mounting({
  styles: Promise.all([
    stylesheet(new URL("../graph_view/graph.css", import.meta.url)), // buttons and player
    stylesheet(new URL("autograd.css", import.meta.url)),
  ]),
  make: (parent) => new AutogradView(parent.querySelector(".ur-autograd-view") ?? parent),
  follow: (view) => [onTheme(view.root, () => view.onTheme())],
});
