/** The upper parts of the sidebar: each makes its elements once and then updates them. */

import { el, setText } from "../../frontend/dom.js";
import { button, choice, section, stepper } from "./controls.js";

const SIZES = {
  T: ["time steps", 5000],
  H: ["hidden units", 64],
  D: ["inputs at each step", 64],
  K: ["outputs", 64],
  B: ["sequences in the batch", 64],
};

/**
 * What a part is given: `take` reads files, or says in the part's alert why not.
 * @typedef {{ask: Function, announce: Function, take: Function, grids: object, status: HTMLElement}} Means
 */

/** Presets, undo and redo. @param {Means} means */
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
      setText(look, options.presets.find(([key]) => key === name)?.[2] ?? "");
      look.hidden = !look.textContent;
      undo.disabled = !can_undo;
      redo.disabled = !can_redo;
    },
  };
}

/** Sizes, activation, loss, readout, truncation. @param {Means} means */
export function network({ ask }) {
  const choose = (field) => (text) => ask({ do: "choose", field, text });
  const activation = choice("Activation φ", choose("activation"));
  const loss = choice("Loss", choose("loss"));
  const readout = choice("Read out at", choose("readout"));
  const truncate = stepper("Truncate", (text) => ask({ do: "truncate", text }), {
    empty: "never",
    max: 5000,
    help: "Truncated BPTT: gradients flow at most this many steps back. Empty: all the way.",
  });
  const sizes = Object.fromEntries(
    Object.entries(SIZES).map(([field, [help, max]]) => {
      const named = { help, max, name: `${field}, ${help}`, buttons: true };
      return [field, stepper(field, (text) => ask({ do: "size", field, text }), named)];
    }),
  );
  const { root, alert } = section(
    "Network",
    el(
      "div",
      { class: "ur-e-triples" },
      ...Object.values(sizes).map((size) => size.root),
      truncate.root,
    ),
    el("div", { class: "ur-e-pairs" }, activation.root, readout.root, loss.root),
  );
  loss.root.classList.add("ur-e-wide");
  return {
    root,
    alert,
    owns: ["size", "choose", "truncate"],
    update(data) {
      activation.set(data.options.activation, data.activation);
      loss.set(data.options.loss, data.loss);
      readout.set(data.options.readout, data.readout);
      truncate.set(data.truncate);
      for (const [field, size] of Object.entries(sizes)) size.set(data.sizes[field]);
    },
  };
}
