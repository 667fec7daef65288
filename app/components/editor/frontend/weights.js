/** The weights: how they came about, their numbers, and files of them. */

import { el, setText } from "../../shared/frontend/dom.js";
import { spectralRadius } from "../../shared/frontend/eigenvalues.js";
import { hand } from "../../shared/frontend/hand.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";
import { button, choice, section, stepper } from "./controls.js";
import { dropZone, opener } from "./files.js";
import { common } from "../../shared/frontend/common.js";

/** @import { EditorData } from "./data.d.ts" */
/** @import { Means, Part } from "./parts.js" */

const ASKED = ".st-key-open-weights button"; // on the page, for the same choice of a file
const SEQUENCE_FIELDS = 2; // x and the target come first, and stand elsewhere

/** @param {Means} means @returns {Part} */
export function weights({ ask, grid, take }) {
  const { endings } = common();
  /** @param {string} field @returns {(text: string) => void} */
  const draw = (field) => (text) => ask({ do: "draw", field, text });
  const scheme = choice("Initialiser", draw("scheme"));
  const seed = stepper("Seed", draw("seed"), { min: 0, max: common().limits.seed });
  const fresh = button("New", () => draw("seed")(String(Math.floor(Math.random() * 10000))), {
    "aria-label": "New seed",
    title: "Draw the weights again from another seed",
  });
  const radius = stepper("ρ", draw("spectral_radius"), { min: 0, step: 0.1, empty: "" });
  const note = el("p", { class: "ur-e-look" });
  const open = opener(
    "Open weights",
    "Weights to open",
    [...endings.weights, ...endings.converted],
    (files) => drop(files),
    {
      title: "A network in .npz or .safetensors: its own arrays, or those of PyTorch, Keras or JAX",
    },
  );
  const kind = el(
    "select",
    { "aria-label": "Kind of file for the weights" },
    ...endings.weights.map((ending) => el("option", { value: ending.slice(1) }, ending)),
  );
  const save = button("Save weights", () => ask({ do: "save_weights", field: kind.value }));
  const fields = el("div", { class: "ur-e-groups" });
  /** @type {string} the names that `fields` holds, by group */
  let held = "";
  const triples = el("div", { class: "ur-e-triples" }, radius.root, seed.root, fresh);
  const { root, alert } = section(
    "Weights",
    scheme.root,
    triples,
    note,
    fields,
    el(
      "div",
      { class: "ur-e-pairs ur-e-actions" },
      ...open,
      el("span", { class: "ur-e-look" }, "or drop a file"),
      save,
      kind,
    ),
  );
  // In the click itself: a browser opens the choice for nothing else.
  const onPage = (/** @type {MouseEvent} */ { target }) => {
    if (!root.isConnected) document.removeEventListener("click", onPage);
    else if (target instanceof Element && target.closest(ASKED)) open[0].click();
  };
  document.addEventListener("click", onPage);
  /** @param {FileList} files */
  const drop = (files) => take(files, alert, "weights");
  dropZone(root, "Drop weights: .npz or .safetensors", drop);
  /** @type {?EditorData} */
  let sent = null;
  let frame = 0;
  const showRadius = () => {
    frame = 0;
    if (!sent || sent.weights.radius === null) return;
    radius.set(sent.weights.spectral_radius, short(radiusByHand(sent) ?? sent.weights.radius));
  };
  return {
    root,
    alert,
    owns: ["draw", "weights", "save_weights"],
    follow() {
      frame ||= requestAnimationFrame(showRadius);
    },
    update(data) {
      const { options, weights: now, fields: given } = data;
      sent = data;
      const drawn = now.kind === "drawn";
      const own = given.slice(SEQUENCE_FIELDS);
      const wanted = own.map(({ name, group }) => `${group} ${name}`).join("|");
      if (wanted !== held) {
        const groups = [...new Set(own.map(({ group }) => group))];
        fields.replaceChildren(
          ...groups.map((group) =>
            el(
              "div",
              { class: "ur-e-fields" },
              ...own.filter((one) => one.group === group).map(({ name }) => grid(name).root),
            ),
          ),
        );
        held = wanted;
      }
      radius.root.hidden = now.radius === null;
      const matrix = writtenText(now.recurrent ?? "");
      radius.call(
        `ρ(${matrix})`,
        `Spectral radius of ${matrix}`,
        `Spectral radius: scales ${matrix} so that its largest eigenvalue has this magnitude`,
      );
      triples.hidden = radius.root.hidden && !drawn;
      scheme.set(options.scheme, drawn ? now.scheme : null, "Given numbers");
      seed.set(now.seed);
      seed.root.hidden = fresh.hidden = !drawn;
      showRadius();
      const formula = options.scheme.find(([name]) => name === now.scheme)?.[2] ?? "";
      const asked = now.spectral_radius ?? null;
      const which = matrix || "each recurrent matrix";
      const scaled = asked === null ? "" : `; then ${which} is scaled to ρ = ${short(asked)}`;
      const edits = now.edits ? `; ${now.edits} changed by hand` : "";
      setText(note, drawn ? `${formula}${scaled}${edits}` : "");
      note.hidden = !note.textContent;
    },
  };
}

/**
 * The spectral radius with the numbers that are in the hand, or on their way; null without any.
 * @param {EditorData} sent
 */
function radiusByHand({ fields, weights: { recurrent } }) {
  const changes = hand.changes().filter(({ field }) => field === recurrent);
  const matrix = fields.find(({ name }) => name === recurrent);
  if (!changes.length || !matrix) return null;
  const rows = matrix.values.map((row) => [...row]);
  for (const { row, column, value } of changes) rows[row][column] = value;
  return spectralRadius(rows);
}
