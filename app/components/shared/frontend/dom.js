/** Small helpers for the document. Text is always a text node: no HTML is ever parsed. */

import { common } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";
/** @type {Map<string, Promise<void>>} */
const loading = new Map();
/** What stands in these are numbers and names: they stay when the browser translates the page. */
const UNTRANSLATED = new Set(["tbody", "tfoot", "code", "kbd"]);

/**
 * `class`, `data-…`, `aria-…`, attributes, and `on…` listeners, which get the event of their name.
 * @typedef {{[Name in keyof HTMLElementEventMap as `on${Name}`]?:
 *   (event: HTMLElementEventMap[Name]) => unknown}} Listeners
 * @typedef {Listeners & Record<string, unknown>} Properties
 * @typedef {Node|string|number|null|undefined} Child nothing for null
 */

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  if (UNTRANSLATED.has(tag)) node.translate = false;
  return fill(node, properties, children);
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/**
 * A square button with a sign on it.
 * @param {string} text
 * @param {string} label what it does, told and shown as a hint
 * @param {() => void} act
 */
export function tool(text, label, act) {
  return el(
    "button",
    {
      type: "button",
      class: "ur-button ur-square",
      "aria-label": label,
      title: label,
      onclick: act,
    },
    text,
  );
}

/**
 * @template {Element} Kind
 * @param {Kind} node
 * @param {Record<string, unknown>} properties
 * @param {Child[]} children
 */
function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined) {
      node.append(typeof child === "number" ? `${child}` : child);
    }
  }
  return node;
}

/**
 * Set an attribute, where it is another one than before: all that is set is styled anew.
 * @param {Element} node
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Set the text of a node only when it differs, so nothing is laid out again for nothing.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Whether the reader asks for less motion. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Where a front end's own file is served: the modules may be in one file, which stands elsewhere.
 * @param {string} path from the folder of the components
 */
export const ofComponents = (path) => `ui/components/${path}`;

/**
 * Put one link to a style sheet into the page, once; a page without a server has them in it.
 * @param {string} address from that of the page
 * @returns {Promise<void>} settled when the rules apply (or could not be loaded)
 */
export function stylesheet(address) {
  const known = loading.get(address);
  if (known) return known;
  if (document.querySelector(`style[data-address="${address}"]`)) return Promise.resolve();
  const { href } = new URL(address, document.baseURI);
  /** @type {Promise<void>} */
  const applied = new Promise((resolve) => {
    const link = el("link", { rel: "stylesheet", href });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
    document.head.append(link);
  });
  loading.set(address, applied);
  return applied;
}

/** @param {string} colour of CSS @returns {boolean} whether it is dark */
function isDark(colour) {
  const [red, green, blue] = channels(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
}

/**
 * What is drawn on a canvas. @param {HTMLCanvasElement} canvas
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [options]
 */
export function contextOf(canvas, options = {}) {
  const context = canvas.getContext("2d", options);
  if (!context) throw new Error("This browser has no canvas.");
  return context;
}

/** @type {CanvasRenderingContext2D|undefined} */
let pixel;

/** @param {string} colour of CSS @returns {number[]} red, green, blue 0..255 */
export function channels(colour) {
  const context = (pixel ??= contextOf(el("canvas"), { willReadFrequently: true }));
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** @typedef {ReturnType<typeof themeOf>} Theme */

/**
 * Streamlit's theme as it stands at an element, for canvases, which know no CSS variables.
 * @param {Element} element
 */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const { page } = common().colours;
  /** @param {string} name @param {string} fallback */
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = read("--st-background-color", page.background);
  return {
    background,
    dark: isDark(background),
    secondary: read("--st-secondary-background-color", page.secondary),
    text: read("--st-text-color", page.text),
    border: read("--st-border-color", page.border),
    primary: read("--st-primary-color", page.primary),
    font: read("--st-font", "sans-serif"),
    mono: read("--st-code-font", "monospace"),
  };
}

/**
 * Call back when the theme at an element changes.
 *
 * Streamlit hands a new theme to its components as CSS variables on a wrapper, sometimes without
 * calling them, so the wrapper chain is watched.
 * @param {Element} element
 * @param {(theme: Theme) => void} callback
 * @returns {() => void} stops watching
 */
export function onTheme(element, callback) {
  let last = JSON.stringify(themeOf(element));
  let frame = 0;
  const look = () => {
    frame = 0;
    const theme = themeOf(element);
    const text = JSON.stringify(theme);
    if (text === last) return;
    last = text;
    callback(theme);
  };
  // A rerun writes styles that are as before, several times: they are read once, when they are
  // computed for a frame anyway.
  const observer = new MutationObserver(() => {
    frame ||= requestAnimationFrame(look);
  });
  for (let node = /** @type {?Element} */ (element); node; node = node.parentElement) {
    observer.observe(node, { attributes: true, attributeFilter: ["style", "class", "data-theme"] });
  }
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}

/**
 * Save bytes that are already in the browser as a file.
 * @param {string} name
 * @param {string} href
 */
export function download(name, href) {
  const link = el("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/**
 * Copy text; the older command serves pages that are not a secure context (http on a LAN).
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el("textarea", { "aria-hidden": "true", style: "position:fixed;opacity:0" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
