/**
 * Torch's graph beside ours, with a player: built node by node, then walked as autograd walked it.
 *
 * Streamlit calls `mount` again at every change of the data with the same parent: the parts are
 * made once and then only updated, so zoom, pan, selection and position survive every edit.
 */

import { onTheme, stylesheet } from "../shared/dom.js";
import { AutogradView } from "./view.js";

const views = new WeakMap();
const styles = Promise.all([
  stylesheet(new URL("../graph_view/graph.css", import.meta.url)), // buttons and player
  stylesheet(new URL("autograd.css", import.meta.url)),
]);

/** @param {{data: object, parentElement: HTMLElement}} component */
export default function mount({ data, parentElement }) {
  let stopped = false;
  styles.then(() => {
    if (stopped) return;
    let view = views.get(parentElement);
    if (!view) {
      view = new AutogradView(parentElement.querySelector(".ur-autograd-view") ?? parentElement);
      views.set(parentElement, view);
      view.stop = onTheme(view.root, () => view.onTheme());
    }
    view.update(data);
  });
  return () => {
    stopped = true;
    // A rerun also ends here and comes back with the same parent: only a removed one is given up.
    setTimeout(() => {
      const view = views.get(parentElement);
      if (!view || parentElement.isConnected) return;
      views.delete(parentElement);
      view.stop();
      view.destroy();
    }, 1000);
  };
}
