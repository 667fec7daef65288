/** The sequence: where it comes from, its numbers or its text, and its target. */

import { common } from "../../shared/frontend/common.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { button, choice, entry, section, stepper, tick } from "./controls.js";
import { dropZone, opener } from "./files.js";

/** @import { Means, Part } from "./parts.js" */

/** @type {Record<string, string>} */
const SIGNS = { " ": "␣", "\n": "⏎", "\t": "⇥" };
/** @type {Record<string, string>} */
const SIGNED = Object.fromEntries(Object.entries(SIGNS).map(([letter, sign]) => [sign, letter]));
const LONGEST_TYPED = 10_000; // far above the limit: what is too long is told, not cut off

/** @param {Means} means @returns {Part} */
export function sequence({ ask, grid, take }) {
  const source = choice("Source", (text) => ask({ do: "source", text }));
  const sample = choice("Sample", (text) => ask({ do: "sample", text }));
  const first = stepper("From", (text) => ask({ do: "series", field: "first", text }));
  const scaling = choice("Scaled", (text) => ask({ do: "series", field: "scaling", text }));
  /** @type {HTMLTextAreaElement} */
  const text = el("textarea", {
    rows: 2,
    spellcheck: "false",
    "aria-label": "Text to read",
    onchange: () => ask({ do: "text", text: text.value }),
  });
  const alphabet = entry("Alphabet", (typed) => ask({ do: "alphabet", text: unsigned(typed) }), {
    empty: "the characters that occur",
    longest: LONGEST_TYPED,
    help: "Input and output k stand for its character k; ␣ ⏎ ⇥ are blank, new line and tab",
  });
  const next = button("y = next x", () => ask({ do: "next" }), {
    title: "Ask at every step for the next input, by squared error",
  });
  const target = tick(
    "With a target",
    (ticked) => ask({ do: "target", text: ticked ? "yes" : "no" }),
    "Without one there is the forward pass alone: no loss, and no gradients",
  );
  const note = el("p", { class: "ur-e-look" });
  const open = opener(
    "Open sequence",
    "Sequence to open",
    common().endings.text,
    (files) => drop(files),
    {
      title: "A table of numbers (CSV: a row for each step), a text (.txt) or an experiment (JSON)",
    },
  );
  const numbers = el("div", { class: "ur-e-fields" }, grid("x").root, grid("target").root);
  const { root, alert } = section(
    "Sequence",
    el("div", { class: "ur-e-pairs" }, source.root, sample.root, first.root, scaling.root),
    text,
    alphabet.root,
    note,
    numbers,
    target.root,
    el("div", { class: "ur-e-row" }, next, ...open),
  );
  /** @param {FileList} files */
  const drop = (files) => take(files, alert, "drop");
  dropZone(root, "Drop a CSV, a text or an experiment", drop);
  let shown = "";
  return {
    root,
    alert,
    owns: ["source", "sample", "series", "text", "alphabet", "target", "next", "drop"],
    update({ options, sequence: now, sizes, sample: index, has_target, fault }) {
      const isText = now.kind === "text";
      const isSeries = options.series.some(([name]) => name === now.kind);
      source.set([["numbers", "Numbers"], ["text", "Text"], ...options.series], now.kind);
      sample.root.hidden = sizes.B === 1;
      source.root.classList.toggle("ur-e-wide", sample.root.hidden);
      const samples = Array.from({ length: sizes.B }, (_, i) => [
        `${i + 1}`,
        `${i + 1} of ${sizes.B}`,
      ]);
      sample.set(samples, `${index + 1}`);
      first.root.hidden = scaling.root.hidden = !isSeries;
      if (isSeries) {
        first.set(now.first);
        scaling.set(options.scaling, now.scaling);
      }
      text.hidden = alphabet.root.hidden = !isText;
      if (isText) alphabet.set(signed(now.alphabet ?? ""), fault?.do === "alphabet");
      numbers.hidden = isText;
      target.set(has_target);
      grid("target").root.hidden = !has_target;
      next.hidden = isText || isSeries;
      const wanted = fault?.do === "text" ? text.value : (now.text ?? "");
      if (wanted !== shown || document.activeElement !== text) text.value = wanted;
      shown = wanted;
      text.setAttribute("aria-invalid", String(fault?.do === "text"));
      const origin = isText ? oneHot(now.symbols ?? "") : seriesNote(options.series, now.kind);
      setText(
        note,
        origin && has_target ? `${origin} Target: the next ${isText ? "one" : "number"}.` : origin,
      );
      note.hidden = !note.textContent;
    },
  };
}

/** @param {string} text */
function signed(text) {
  return [...text].map((letter) => SIGNS[letter] ?? letter).join("");
}

/** @param {string} text */
function unsigned(text) {
  return [...text].map((sign) => SIGNED[sign] ?? sign).join("");
}

/** @param {string} symbols */
function oneHot(symbols) {
  const letters = [...signed(symbols)];
  return `One-hot over ${letters.length} characters: ${letters.join(" ")}.`;
}

/** @param {string[][]} series @param {string} kind */
function seriesNote(series, kind) {
  const source = series.find(([name]) => name === kind)?.[2];
  return source ? `${source}.` : "";
}
