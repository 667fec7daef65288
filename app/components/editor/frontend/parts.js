/** The upper parts of the sidebar: each makes its elements once and then updates them. */

import { writtenText } from "../../shared/frontend/notation/notation.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { button, choice, section, stepper } from "./controls.js";

/** @import { EditorData } from "./data.d.ts" */
/** @import { Grid } from "./grid.js" */
/** @import { Command } from "./outbox.js" */

/** @type {Record<string, [word: string, name: string, most: number]>} */
const SIZES = {
  T: ["steps", "time steps", 5000],
  H: ["hidden units", "hidden units", 64],
  D: ["inputs", "inputs at each step", 64],
  K: ["outputs", "outputs", 64],
  B: ["sequences", "sequences in the batch", 64],
};

/**
 * What a part is given.
 * @typedef {object} Means
 * @property {(command: Command) => number} ask
 * @property {(text: string) => void} announce
 * @property {(files: FileList, alert: HTMLElement, wish: string) => Promise<void>} take  reads files,
 *   or says in the part's alert why not
 * @property {(name: string) => Grid} grid
 * @property {HTMLElement} status
 *
 * What it is then.
 * @typedef {object} Part
 * @property {HTMLElement} root
 * @property {HTMLElement} alert
 * @property {string[]} owns  the commands that are refused, or answered, beside it
 * @property {(data: EditorData) => void} update
 * @property {() => void} [follow]  numbers in the hand have changed
 */

/** Presets, undo and redo. @param {Means} means @returns {Part} */
export function head({ ask }) {
  const preset = choice("Experiment", (text) => ask({ do: "preset", text }));
  const undo = button("↶", () => ask({ do: "undo" }), {
    "aria-label": "Undo",
    title: "Undo (Ctrl+Z)",
  });
  const redo = button("↷", () => ask({ do: "redo" }), {
    "aria-label": "Redo",
    title: "Redo (Ctrl+Shift+Z)",
  });
  const look = el("p", { class: "ur-e-look" });
  const alert = el("p", { class: "ur-alert", role: "alert", hidden: true });
  return {
    root: el(
      "div",
      { class: "ur-e-head" },
      el("div", { class: "ur-e-bar" }, preset.root, undo, redo),
      look,
      alert,
    ),
    alert,
    owns: ["preset", "undo", "redo"],
    update({ options, preset: name, title, can_undo, can_redo }) {
      const isPreset = options.presets.some(([, other]) => other === title);
      preset.set(options.presets, name, isPreset ? `Own (from ${title})` : title || "Own");
      // An edit leaves the preset: its words keep their place, so that nothing below them moves.
      const words = options.presets.find(([key]) => key === name)?.[2] ?? "";
      if (words) setText(look, writtenText(words));
      look.style.visibility = words ? "visible" : "hidden";
      look.hidden = !look.textContent;
      undo.disabled = !can_undo;
      redo.disabled = !can_redo;
    },
  };
}

/** What a size is called: a letter and words, or a name that says what it is. @param {string} field @param {string} words */
function sizeText(field, words) {
  const name = writtenText(field);
  return name.length > 1 ? name : `${name} ${words}`;
}

/** Sizes, activation, loss, readout, truncation. @param {Means} means @returns {Part} */
export function network({ ask }) {
  /** @param {string} field @returns {(text: string) => void} */
  const choose = (field) => (text) => ask({ do: "choose", field, text });
  const cell = choice("Cell", choose("cell"));
  const activation = choice("Activation φ", choose("activation"));
  const loss = choice("Loss", choose("loss"));
  const readout = choice("Read out at", choose("readout"));
  const truncate = stepper("Truncate after", (text) => ask({ do: "truncate", text }), {
    empty: "never",
    max: 5000,
    help: "Truncated BPTT: gradients flow at most this many steps back. Empty: all the way.",
  });
  const sizes = Object.entries(SIZES).map(([field, [words, help, max]]) => {
    const named = { help, max, name: `${field}, ${help}`, buttons: true };
    const made = stepper(`${field} ${words}`, (text) => ask({ do: "size", field, text }), named);
    return { field, words, help, ...made };
  });
  const { root, alert } = section(
    "Network",
    el("div", { class: "ur-e-triples" }, ...sizes.map((size) => size.root), truncate.root),
    el("div", { class: "ur-e-pairs" }, cell.root, activation.root),
    el("div", { class: "ur-e-pairs ur-e-second-longer" }, readout.root, loss.root),
  );
  return {
    root,
    alert,
    owns: ["size", "choose", "truncate"],
    update(data) {
      cell.set(data.options.cell, data.cell);
      activation.set(data.options.activation, data.activation);
      loss.set(data.options.loss, data.loss);
      readout.set(data.options.readout, data.readout);
      truncate.set(data.truncate);
      for (const { field, words, help, ...size } of sizes) {
        const label = sizeText(field, words);
        size.call(label, label.startsWith(field) ? `${field}, ${help}` : `${label}, ${help}`, help);
        size.set(data.sizes[field]);
      }
    },
  };
}
