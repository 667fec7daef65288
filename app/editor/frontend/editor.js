/** The experiment's controls in the sidebar. Python owns every value; this shows and asks. */

import { el, setText, stylesheet } from "../../frontend/dom.js";
import { closeMenuAfterChoice } from "../../frontend/page_menu.js";
import { commandOf, ignoreFiles } from "./files.js";
import { Grid } from "./grid.js";
import { Outbox } from "./outbox.js";
import { Said } from "./said.js";
import { head, network } from "./parts.js";
import { sequence } from "./sequence.js";
import { share } from "./share.js";
import { weights } from "./weights.js";

const FIELDS = ["x", "target", "W_xh", "W_hh", "b_h", "W_hy", "b_y", "h_0"];
const VECTORS = new Set(["b_h", "b_y", "h_0"]);
const styles = stylesheet(new URL("./editor.css", import.meta.url));
const editors = new WeakMap();

/** Streamlit calls this at every change of the data, with the same parent. */
export default function mount({ data, parentElement, setTriggerValue }) {
  closeMenuAfterChoice();
  let editor = editors.get(parentElement);
  if (!editor) {
    editor = new Editor(parentElement.querySelector(".ur-editor") ?? parentElement);
    editors.set(parentElement, editor);
  }
  editor.outbox.send = (batch) => setTriggerValue("commands", batch);
  styles.then(() => {
    editor.root.hidden = false;
    editor.update(data);
  });
}

class Editor {
  constructor(root) {
    this.outbox = new Outbox(() => {});
    const ask = (command) => this.outbox.push(command);
    const announce = (text) => setText(this.status, text);
    const wishes = {
      cell: (field, row, column, text) => ask({ do: "cell", field, row, column, text }),
      paste: (field, row, column, text) => ask({ do: "paste", field, row, column, text }),
      rows: (field, row) => ask({ do: "rows", field, row }),
      reread: (text) => ask({ do: "reread", text }),
      announce,
    };
    this.status = el("p", { class: "ur-e-status", role: "status" });
    this.grids = Object.fromEntries(FIELDS.map((name) => [name, new Grid(name, wishes)]));
    const take = (files, alert, wish) => this.#take(files, alert, wish, ask);
    this.parts = [head, network, sequence, weights, share].map((part) =>
      part({ ask, announce, take, grids: this.grids, status: this.status }),
    );
    for (const part of this.parts) {
      part.said = new Said(wishes.reread);
      part.alert.after(part.said.root);
    }
    ignoreFiles(root);
    this.keys = (event) => {
      if (root.isConnected) this.#key(event, ask);
      else this.stop();
    };
    document.addEventListener("keydown", this.keys);
    // Streamlit has keys of its own on the document; they must not fire from these controls.
    root.addEventListener("keydown", (event) => {
      if (!this.#key(event, ask)) event.stopPropagation();
    });
    root.replaceChildren(...this.parts.map((part) => part.root));
    root.classList.add("ur-editor");
    root.hidden = true; // until the styles are there
    this.root = root;
  }

  update(data) {
    this.largestWeights = data.options.largest_weights;
    this.outbox.confirm(data.done);
    if (data.fault) setText(this.status, "");
    const isDone = (n) => this.outbox.isDone(n);
    for (const part of this.parts) {
      part.update({ ...data, file: data.file?.source === this.outbox.source ? data.file : null });
      const fault = data.fault && part.owns.includes(data.fault.do) ? data.fault.sentence : "";
      if (part.alert.textContent !== fault) part.alert.textContent = fault;
      part.alert.hidden = !fault;
      part.said.show(
        data.said && !data.said.field && part.owns.includes(data.said.do) ? data.said : null,
      );
    }
    const last = data.readout === "last" ? data.sizes.T : 0;
    for (const field of data.fields) {
      const { name } = field;
      const own =
        data.fault && ["cell", "paste"].includes(data.fault.do) && data.fault.field === name;
      this.grids[name].update(field, own ? data.fault : null, isDone, {
        name,
        vector: VECTORS.has(name),
        sequence: name === "x" || name === "target",
        step: (row) => (name === "target" && last ? last : row + 1),
      });
      this.grids[name].said.show(data.said?.field === name ? data.said : null);
    }
  }

  /** Read a file and ask for what it holds, or say beside its place why not. */
  async #take(files, alert, wish, ask) {
    for (const part of this.parts) part.alert.hidden = true;
    setText(this.status, "");
    try {
      const command = await commandOf(files, wish, this.largestWeights);
      if (command) ask(command);
    } catch (error) {
      setText(alert, error.message);
      alert.hidden = false;
    }
  }

  /** Take the listener off the document once Streamlit has removed the controls. */
  stop() {
    document.removeEventListener("keydown", this.keys);
  }

  /** Undo and redo, unless the focus is in a text that has an undo of its own. */
  #key(event, ask) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !"zy".includes(key)) return false;
    const { target } = event;
    const typing = target.matches?.("input, textarea, [contenteditable]") ?? false;
    if (typing && !(this.root.contains(target) && target.value === target.dataset.shown)) {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    ask({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
    return true;
  }
}
