/** The parts of the sidebar, top to bottom: each makes its elements once and then updates them. */

import { copy, download, el, setText } from "../shared/dom.js";
import { short } from "../shared/format.js";
import { button, choice, section, stepper } from "./controls.js";

const LARGEST_FILE = 4_000_000;
const LARGEST_SEED = 4294967295;
const SIZES = {
  T: ["time steps", 5000],
  H: ["hidden units", 64],
  D: ["inputs at each step", 64],
  K: ["outputs", 64],
  B: ["sequences in the batch", 64],
};

/** @typedef {{ask: Function, announce: Function, grids: object, status: HTMLElement}} Means */

/** Presets, undo and redo. @param {Means} means */
export function head({ ask }) {
  const preset = choice("Experiment", (text) => ask({ do: "preset", text }));
  const undo = button("↶", () => ask({ do: "undo" }), { "aria-label": "Undo", title: "Undo (Ctrl+Z)" });
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
      preset.set(options.presets, name, title ? `Own (from ${title})` : "Own");
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
    el("div", { class: "ur-e-triples" }, ...Object.values(sizes).map((size) => size.root), truncate.root),
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

/** Where the sequence comes from, the sequence and its target. @param {Means} means */
export function sequence({ ask, grids }) {
  const source = choice("Source", (text) => ask({ do: "source", text }));
  const sample = choice("Sample", (text) => ask({ do: "sample", text }));
  const first = stepper("From", (text) => ask({ do: "series", field: "first", text }));
  const scaling = choice("Scaled", (text) => ask({ do: "series", field: "scaling", text }));
  const text = el("textarea", {
    rows: 2,
    spellcheck: "false",
    "aria-label": "Text to read",
    maxlength: 5001,
    onchange: () => ask({ do: "text", text: text.value }),
  });
  const next = button("y = next x", () => ask({ do: "next" }), {
    title: "Ask at every step for the next input, by squared error",
  });
  const note = el("p", { class: "ur-e-look" });
  const numbers = el("div", { class: "ur-e-fields" }, grids.x.root, grids.target.root);
  const { root, alert } = section(
    "Sequence",
    el("div", { class: "ur-e-pairs" }, source.root, sample.root, first.root, scaling.root),
    text,
    note,
    numbers,
    el("div", { class: "ur-e-row" }, next),
  );
  let shown = "";
  return {
    root,
    alert,
    owns: ["source", "sample", "series", "text", "next"],
    update({ options, sequence: now, sizes, sample: index, fault }) {
      const isText = now.kind === "text";
      const isSeries = options.series.some(([name]) => name === now.kind);
      source.set([["numbers", "Numbers"], ["text", "Text"], ...options.series], now.kind);
      sample.root.hidden = sizes.B === 1;
      source.root.classList.toggle("ur-e-wide", sample.root.hidden);
      const samples = Array.from({ length: sizes.B }, (_, i) => [`${i + 1}`, `${i + 1} of ${sizes.B}`]);
      sample.set(samples, `${index + 1}`);
      first.root.hidden = scaling.root.hidden = !isSeries;
      if (isSeries) {
        first.set(now.first);
        scaling.set(options.scaling, now.scaling);
      }
      text.hidden = !isText;
      numbers.hidden = isText;
      next.hidden = isText || isSeries;
      const wanted = fault?.do === "text" ? text.value : (now.text ?? "");
      if (wanted !== shown || document.activeElement !== text) text.value = wanted;
      shown = wanted;
      text.setAttribute("aria-invalid", String(fault?.do === "text"));
      setText(note, isText ? alphabet(now.symbols) : seriesNote(options.series, now.kind));
      note.hidden = !note.textContent;
    },
  };
}

function alphabet(symbols) {
  const letters = [...symbols].map((letter) => ({ " ": "␣", "\n": "⏎", "\t": "⇥" })[letter] ?? letter);
  return `One-hot over ${letters.length} characters: ${letters.join(" ")}. Target: the next one.`;
}

function seriesNote(series, kind) {
  const source = series.find(([name]) => name === kind)?.[2];
  return source ? `${source}. Target: the next number.` : "";
}

/** How the weights came about, and the weights. @param {Means} means */
export function weights({ ask, grids }) {
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
  const names = ["W_xh", "W_hh", "b_h", "h_0", "W_hy", "b_y"];
  const { root, alert } = section(
    "Weights",
    scheme.root,
    el("div", { class: "ur-e-triples" }, radius.root, seed.root, fresh),
    note,
    el("div", { class: "ur-e-fields" }, ...names.map((name) => grids[name].root)),
  );
  return {
    root,
    alert,
    owns: ["draw"],
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

/** The link and the file. @param {Means} means */
export function share({ ask, announce, status }) {
  const link = button("Copy link", async () => {
    const done = await copy(location.href);
    announce(done ? "The link is on the clipboard." : "Copy the address from the address bar.");
  });
  const save = button("Save file", () => ask({ do: "save" }));
  const picker = el("input", {
    type: "file",
    hidden: true,
    accept: ".json,.csv,.tsv,.txt",
    "aria-label": "File to open",
    onchange: async () => {
      await open(picker.files[0]);
      picker.value = ""; // so that the same file can be opened again
    },
  });
  const pick = button("Open file", () => picker.click(), {
    title: "An experiment (JSON), a sequence (CSV: a row for each step) or a text (.txt)",
  });
  const { root, alert } = section(
    "Share",
    el("div", { class: "ur-e-triples ur-e-actions" }, link, save, pick, picker),
    status,
  );
  let saved = 0;

  async function open(file) {
    if (!file) return;
    alert.hidden = true;
    if (file.size > LARGEST_FILE) {
      const [limit, size] = [LARGEST_FILE, file.size].map((number) => number.toLocaleString("en"));
      announce(`file: expected at most ${limit} bytes, got ${size}`);
      return;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      ask({ do: "file", name: file.name.slice(0, 200), text });
      announce("");
    } catch {
      announce("file: expected a text in UTF-8, got other bytes");
    }
  }

  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });
  return {
    root,
    alert,
    owns: ["file", "save"],
    update({ in_address, file }) {
      link.disabled = !in_address;
      link.title = in_address ? "" : "This experiment is too long for a link: save it as a file";
      if (file && file.n > saved) {
        saved = file.n;
        const blob = new Blob([file.text], { type: "application/json" });
        const url = URL.createObjectURL(blob);
        download(`${file.name}.json`, url);
        setTimeout(() => URL.revokeObjectURL(url), 10_000);
      }
    },
  };
}
