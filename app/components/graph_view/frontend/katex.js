/** Equations, set by KaTeX, which is loaded when the first one is needed. */

import { el, stylesheet } from "../../shared/frontend/dom.js";
import { writtenLatex } from "../../shared/frontend/notation/notation.js";

/** @param {string} name of a file of KaTeX's */
const ofKatex = (name) => `assets/vendor/katex/${name}`;
const FONTS_WITHIN_MS = 600;

/** @typedef {{render: (latex: string, into: HTMLElement, options: object) => void}} Katex */

/** @type {?Promise<Katex>} */
let loading = null;

/**
 * The fonts that symbols on a canvas are drawn in, and measured by before anything has its place.
 * @returns {Promise<unknown>} settled when they are there, or would take too long
 */
export function symbolFonts() {
  const load = () =>
    Promise.all([
      document.fonts.load("italic 17px KaTeX_Math", "h"),
      document.fonts.load("17px KaTeX_Main", "1"),
    ]);
  const late = new Promise((resolve) => {
    setTimeout(resolve, FONTS_WITHIN_MS);
  });
  return Promise.race([stylesheet(ofKatex("katex.min.css")).then(load), late]).catch(() => {});
}

/** @returns {Promise<Katex>} the bundle is a plain script that leaves a global */
function katexReady() {
  loading ??= Promise.all([
    import(new URL(ofKatex("katex.min.js"), document.baseURI).href),
    stylesheet(ofKatex("katex.min.css")),
  ]).then(() => {
    if (!globalThis.katex) throw new Error("KaTeX did not load.");
    return globalThis.katex;
  });
  return loading;
}

/**
 * An element that shows LaTeX as soon as KaTeX is there; until then, and should it fail, the source.
 * A block is wrapped at its signs where it is too wide. KaTeX adds MathML for screen readers; a
 * symbol that names a button or a heading needs a label as well.
 * @param {string} latex
 * @param {{block?: boolean, label?: string}} [options]
 */
export function math(latex, { block = false, label } = {}) {
  const box = el(block ? "div" : "span", {
    class: block ? "ur-math ur-math-block" : "ur-math",
    translate: "no",
    role: label && "img",
    "aria-label": label,
  });
  const written = writtenLatex(latex);
  const source = block ? `\\displaystyle ${written}` : written;
  /** @param {Katex} katex */
  const render = (katex) =>
    katex.render(source, box, { throwOnError: false, trust: false, strict: false });
  if (globalThis.katex) render(globalThis.katex);
  else {
    box.textContent = written;
    katexReady().then(render);
  }
  return box;
}
