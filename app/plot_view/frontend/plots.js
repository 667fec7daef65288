/**
 * The plots component: charts in groups, drawn when seen, with the cursor's step marked.
 *
 * Streamlit calls `mount` again at every change of the data with the same parent: the charts are
 * made once and then only updated, so choices and zoom survive every edit.
 */

import { cursor } from "../shared/cursor.js";
import { onTheme, stylesheet } from "../shared/dom.js";
import { PlotsView } from "./view.js";

const views = new WeakMap();
const styles = stylesheet(new URL("plots.css", import.meta.url));

/** @param {{data: object, parentElement: HTMLElement}} component */
export default function mount({ data, parentElement }) {
  let stopped = false;
  styles.then(() => {
    if (stopped) return;
    let view = views.get(parentElement);
    if (!view) {
      view = new PlotsView(parentElement.querySelector(".ur-plot-view") ?? parentElement);
      views.set(parentElement, view);
      view.stop = [
        cursor.subscribe((state) => view.onCursor(state)),
        onTheme(view.root, (theme) => view.onTheme(theme)),
      ];
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
      for (const stop of view.stop) stop();
      view.destroy();
    }, 1000);
  };
}
