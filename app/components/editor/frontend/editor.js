/** The experiment's controls in the sidebar. Python owns every value; this shows and asks. */

import { askDigits } from "../../shared/frontend/digits.js";
import { el, ofComponents, setText, stylesheet } from "../../shared/frontend/dom.js";
import { hand } from "../../shared/frontend/hand.js";
import { askNotation, writtenRefusal } from "../../shared/frontend/notation/notation.js";
import { patient, rootIn } from "../../shared/frontend/mount.js";
import { watchLinks } from "../../shared/frontend/on_the_way.js";
import { scrollListings } from "../../shared/frontend/scrolled.js";
import { explainSymbols } from "../../shared/frontend/symbols/explain.js";
import { tellSymbols } from "../../shared/frontend/symbols/meaning.js";
import { followMenu } from "../../shared/frontend/page_menu.js";
import { followPressed } from "../../shared/frontend/pressed.js";
import { undoWish } from "../../shared/frontend/undo_keys.js";
import { keepUntranslated } from "../../shared/frontend/untranslated.js";
import { commandOf, ignoreFiles } from "./files.js";
import { Grid } from "./grid.js";
import { Outbox } from "./outbox.js";
import { Said } from "./said.js";
import { aloud } from "./said_aloud.js";
import { SceneKeys } from "./scene_keys.js";
import { head, network } from "./parts.js";
import { sequence } from "./sequence.js";
import { share } from "./share.js";
import { fieldName } from "./symbol.js";
import { leftBehind } from "./unconfirmed.js";
import { weights } from "./weights.js";

/** @import { Component } from "../../shared/frontend/mount.js" */
/** @import { EditorData } from "./data.d.ts" */
/** @import { Wishes } from "./grid.js" */
/** @import { Command } from "./outbox.js" */
/** @import { Means } from "./parts.js" */

const sayScene = aloud(); // which scene of a lesson is open
const saySpoken = aloud();
const styles = stylesheet(ofComponents("editor/frontend/editor.css"));
/** @type {WeakMap<HTMLElement, Editor>} */
const editors = new WeakMap();

/**
 * Streamlit calls this at every change of the data, with the same parent.
 * @param {Component<EditorData>} component
 */
export default function mount(component) {
  const { data, parentElement } = component;
  const { setTriggerValue } = patient(component);
  watchLinks();
  keepUntranslated(); // also on a page that has none of our own parts but this
  scrollListings();
  followMenu();
  followPressed();
  askDigits(data.digits);
  askNotation(data.notation);
  tellSymbols(data.symbols, data.numbers);
  sayScene(data.scene);
  saySpoken(data.spoken);
  explainSymbols();
  const editor = editors.get(parentElement) ?? new Editor(rootIn(parentElement, ".ur-editor"));
  editors.set(parentElement, editor);
  editor.outbox.connect((batch) => setTriggerValue("commands", batch));
  styles.then(() => {
    editor.root.hidden = false;
    editor.update(data);
  });
}

class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.outbox = new Outbox();
    this.largestWeights = 0; // bytes
    this.ask = (/** @type {Command} */ command) => this.outbox.push(command);
    const { ask } = this;
    const announce = (/** @type {string} */ text) => setText(this.status, text);
    /** @type {Wishes} */
    const wishes = {
      cell: (field, row, column, text) => ask({ do: "cell", field, row, column, text }),
      paste: (field, row, column, text) => ask({ do: "paste", field, row, column, text }),
      rows: (field, row) => ask({ do: "rows", field, row }),
      reread: (text) => ask({ do: "reread", text }),
      announce,
    };
    this.status = el("p", { class: "ur-e-status", role: "status" });
    /** @type {Map<string, Grid>} */
    const grids = new Map();
    // Which fields there are depends on the cell: a grid is made when it is first asked for.
    this.grid = (/** @type {string} */ name) => {
      const grid = grids.get(name) ?? new Grid(name, wishes);
      grids.set(name, grid);
      return grid;
    };
    /** @type {Means["take"]} */
    const take = (files, alert, wish) => this.#take(files, alert, wish);
    this.parts = [head, network, sequence, weights, share].map((make) => {
      const part = make({ ask, announce, take, grid: this.grid, status: this.status });
      const said = new Said(wishes.reread);
      part.alert.after(said.root);
      return { ...part, said };
    });
    /** @type {{change: import("../../shared/frontend/hand.js").Change, n: number}[]} */
    this.entered = []; // numbers that a hand has let go of
    hand.watch(() => root.isConnected && this.outbox.changesAnything());
    this.unhand = hand.subscribe((event, change) => {
      if (!root.isConnected) {
        this.stop();
        return;
      }
      for (const part of this.parts) part.follow?.();
      if (event === "move") this.grid(change.field).follow(change);
      else if (event === "cancel") this.grid(change.field).restore(change);
      else this.entered.push({ change, n: this.grid(change.field).enter(change) });
    });
    ignoreFiles(root);
    this.sceneKeys = new SceneKeys(ask);
    this.pageKeys = (/** @type {KeyboardEvent} */ event) => {
      if (root.isConnected) this.sceneKeys.onKey(event);
      else this.stop();
    };
    this.keys = (/** @type {KeyboardEvent} */ event) => {
      if (root.isConnected) this.#key(event);
      else this.stop();
    };
    document.addEventListener("keydown", this.keys);
    // Before the parts of the page, which keep their keys from Streamlit's.
    document.addEventListener("keydown", this.pageKeys, { capture: true });
    // Streamlit has keys of its own on the document; they must not fire from these controls.
    root.addEventListener("keydown", (event) => {
      if (!this.#key(event)) event.stopPropagation();
    });
    root.replaceChildren(...this.parts.map((part) => part.root));
    root.classList.add("ur-editor");
    root.hidden = true; // until the styles are there
    this.root = root;
  }

  /** @param {EditorData} data */
  update(data) {
    this.largestWeights = data.options.largest_weights;
    this.outbox.confirm(data.done, data.mark);
    for (const command of leftBehind(data.missing)) this.ask({ ...command, again: true });
    if (data.fault) setText(this.status, "");
    const { source } = this.outbox;
    const file = data.file?.source === source ? data.file : null;
    const added = data.added?.source === source ? data.added : null;
    const isDone = (/** @type {number} */ n) => this.outbox.isDone(n);
    this.#answered(data.fault, isDone);
    this.sceneKeys.update(data.show, isDone);
    for (const part of this.parts) {
      part.update({ ...data, file, added });
      const fault =
        data.fault && part.owns.includes(data.fault.do) ? writtenRefusal(data.fault.sentence) : "";
      const isNew = Boolean(fault) && (part.alert.hidden || part.alert.textContent !== fault);
      if (part.alert.textContent !== fault) part.alert.textContent = fault;
      part.alert.hidden = !fault;
      if (isNew) part.alert.scrollIntoView({ block: "nearest" });
      part.said.show(
        data.said && !data.said.field && part.owns.includes(data.said.do) ? data.said : null,
      );
    }
    const last = data.readout === "last" ? data.sizes.T : 0;
    for (const field of data.fields) {
      const { name } = field;
      const own =
        data.fault && ["cell", "paste"].includes(data.fault.do) && data.fault.field === name;
      const isSequence = name === "x" || name === "target";
      const isMatrix = !isSequence && !field.vector;
      this.grid(name).update(field, own ? data.fault : null, isDone, {
        name: fieldName(name, isMatrix),
        vector: field.vector,
        isMatrix,
        sequence: isSequence,
        step: (row) => (name === "target" && last ? last : row + 1),
      });
      this.grid(name).said.show(data.said?.field === name ? data.said : null);
    }
    hand.settle();
  }

  /**
   * Numbers that were let go of, and that Python has taken by now, or refused.
   * @param {EditorData["fault"]} fault
   * @param {(n: number) => boolean} isDone
   */
  #answered(fault, isDone) {
    for (const { change, n } of this.entered) {
      const { field, row, column } = change;
      const refused =
        fault?.do === "cell" &&
        fault.field === field &&
        fault.row === row &&
        fault.column === column;
      if (isDone(n)) hand.answer(change, refused);
    }
    this.entered = this.entered.filter(({ n }) => !isDone(n));
  }

  /**
   * Read a file and ask for what it holds, or say beside its place why not.
   * @param {FileList} files
   * @param {HTMLElement} alert
   * @param {string} wish
   */
  async #take(files, alert, wish) {
    for (const part of this.parts) part.alert.hidden = true;
    setText(this.status, "");
    try {
      const command = await commandOf(files, wish, this.largestWeights);
      if (command) this.ask(command);
    } catch (error) {
      setText(alert, error instanceof Error ? error.message : String(error));
      alert.hidden = false;
    }
  }

  /** Take the listener off the document once Streamlit has removed the controls. */
  stop() {
    document.removeEventListener("keydown", this.keys);
    document.removeEventListener("keydown", this.pageKeys, { capture: true });
    this.unhand();
    this.sceneKeys.stop();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was undo or redo */
  #key(event) {
    const wish = undoWish(event, this.root);
    if (wish) this.ask({ do: wish });
    return wish !== null;
  }
}
