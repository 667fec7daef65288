/** The weights: how they came about, their numbers, and files of them. */

import { el, setText } from "../../frontend/dom.js";
import { short } from "../../frontend/format.js";
import { button, choice, section, stepper } from "./controls.js";
import { dropZone, FOREIGN_WEIGHTS, opener, WEIGHTS_ENDINGS } from "./files.js";

/** @import { Means, Part } from "./parts.js" */

const LARGEST_SEED = 4294967295;

/** @param {Means} means @returns {Part} */
export function weights({ ask, grids, take }) {
  /** @param {string} field @returns {(text: string) => void} */
  const draw = (field) => (text) => ask({ do: "draw", field, text });
  const scheme = choice("Initialiser", draw("scheme"));
  const seed = stepper("Seed", draw("seed"), { min: 0, max: LARGEST_SEED });
  const fresh = button("New", () => draw("seed")(String(Math.floor(Math.random() * 10000))), {
    "aria-label": "New seed",
    title: "Draw the weights again from another seed",
  });
  const radius = stepper("ρ(W_hh)", draw("spectral_radius"), {
    min: 0,
    step: 0.1,
    empty: "",
    name: "Spectral radius of W_hh",
    help: "Spectral radius: scales W_hh so that its largest eigenvalue has this magnitude",
  });
  const note = el("p", { class: "ur-e-look" });
  const open = opener(
    "Open weights",
    "Weights to open",
    [...WEIGHTS_ENDINGS, ...FOREIGN_WEIGHTS],
    (files) => drop(files),
    {
      title:
        "An Elman network in .npz or .safetensors: the five arrays, or those of PyTorch, Keras or JAX",
    },
  );
  const kind = el(
    "select",
    { "aria-label": "Kind of file for the weights" },
    ...WEIGHTS_ENDINGS.map((ending) => el("option", { value: ending.slice(1) }, ending)),
  );
  const save = button("Save weights", () => ask({ do: "save_weights", field: kind.value }));
  const names = ["W_xh", "W_hh", "b_h", "h_0", "W_hy", "b_y"];
  const { root, alert } = section(
    "Weights",
    scheme.root,
    el("div", { class: "ur-e-triples" }, radius.root, seed.root, fresh),
    note,
    el("div", { class: "ur-e-fields" }, ...names.map((name) => grids[name].root)),
    el(
      "div",
      { class: "ur-e-pairs ur-e-actions" },
      ...open,
      el("span", { class: "ur-e-look" }, "or drop a file"),
      save,
      kind,
    ),
  );
  /** @param {FileList} files */
  const drop = (files) => take(files, alert, "weights");
  dropZone(root, "Drop weights: .npz or .safetensors", drop);
  return {
    root,
    alert,
    owns: ["draw", "weights", "save_weights"],
    update({ options, weights: now }) {
      const drawn = now.kind === "drawn";
      scheme.set(options.scheme, drawn ? now.scheme : null, "Given numbers");
      seed.set(now.seed);
      seed.root.hidden = fresh.hidden = !drawn;
      radius.set(now.spectral_radius, short(now.radius));
      const formula = options.scheme.find(([name]) => name === now.scheme)?.[2] ?? "";
      const edits = now.edits ? `; ${now.edits} changed by hand` : "";
      setText(note, drawn ? `${formula}${edits}` : "");
      note.hidden = !note.textContent;
    },
  };
}
