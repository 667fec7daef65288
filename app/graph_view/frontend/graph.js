/**
 * The graph component: canvas, player, inspector and table around one position (the cursor).
 *
 * Streamlit calls `mount` again at every change of the data with the same parent: the parts are
 * made once and then only updated, so zoom, pan, selection and position survive every edit.
 */

import { cursor } from "../shared/cursor.js";
import { onTheme, stylesheet } from "../shared/dom.js";
import { GraphView } from "./view.js";

const views = new WeakMap();
const styles = stylesheet(new URL("graph.css", import.meta.url));

/** @param {{data: object, parentElement: HTMLElement, setStateValue: Function}} component */
export default function mount({ data, parentElement, setStateValue }) {
  let stopped = false;
  styles.then(() => {
    if (stopped) return;
    let view = views.get(parentElement);
    if (!view) {
      view = new GraphView(parentElement.querySelector(".ur-graph-view") ?? parentElement);
      views.set(parentElement, view);
      view.stop = [
        cursor.subscribe(() => view.onCursor()),
        onTheme(view.root, () => view.onTheme()),
      ];
    }
    view.asker.send = (question) => setStateValue("asked", question);
    view.update(data);
  });
  return () => {
    stopped = true;
    // A rerun also ends here and comes back with the same parent: only a removed one is given up.
    setTimeout(() => {
      const view = views.get(parentElement);
      if (!view || parentElement.isConnected) return;
      views.delete(parentElement);
      for (const stop of view.stop) stop();
      view.destroy();
    }, 1000);
  };
}
