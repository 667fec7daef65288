/** Small helpers for the document. Text is always a text node: no HTML is ever parsed. */

const SVG = "http://www.w3.org/2000/svg";
const loading = new Map();
/** What stands in these are numbers and names: they stay when the browser translates the page. */
const UNTRANSLATED = new Set(["tbody", "tfoot", "code", "kbd"]);

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `class`, `data-…`, `aria-…`, `on…` listeners, attributes
 * @param {...(Node|string|number|null|undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  if (UNTRANSLATED.has(tag)) node.translate = false;
  return fill(node, properties, children);
}

/** The same for SVG. @returns {SVGElement} */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** A square button with a sign on it. @param {string} label what it does, told and shown as a hint */
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

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      node.addEventListener(name.slice(2), value);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Set the text of a node only when it differs, so nothing is laid out again for nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Put one link to a style sheet into the page, once.
 * @param {string|URL} url
 * @returns {Promise<void>} settled when the rules apply (or could not be loaded)
 */
export function stylesheet(url) {
  const href = String(url);
  if (!loading.has(href)) {
    loading.set(
      href,
      new Promise((resolve) => {
        const link = el("link", { rel: "stylesheet", href });
        link.addEventListener("load", () => resolve());
        link.addEventListener("error", () => resolve());
        document.head.append(link);
      }),
    );
  }
  return loading.get(href);
}

/** @returns {boolean} whether a CSS colour is dark */
export function isDark(colour) {
  const [red, green, blue] = channels(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
}

/** @returns {number[]} red, green, blue 0..255 of any CSS colour */
export function channels(colour) {
  const context = (channels.context ??= document
    .createElement("canvas")
    .getContext("2d", { willReadFrequently: true }));
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/**
 * Streamlit's theme as it stands at an element, for canvases, which know no CSS variables.
 * @param {Element} element
 */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = read("--st-background-color", "#ffffff");
  return {
    background,
    dark: isDark(background),
    secondary: read("--st-secondary-background-color", "#f0f2f6"),
    text: read("--st-text-color", "#31333f"),
    border: read("--st-border-color", "#d5d6d9"),
    primary: read("--st-primary-color", "#ff4b4b"),
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
 * @param {(theme: ReturnType<typeof themeOf>) => void} callback
 * @returns {() => void} stops watching
 */
export function onTheme(element, callback) {
  let last = JSON.stringify(themeOf(element));
  const observer = new MutationObserver(() => {
    const theme = themeOf(element);
    const text = JSON.stringify(theme);
    if (text === last) return;
    last = text;
    callback(theme);
  });
  for (let node = element; node; node = node.parentElement) {
    observer.observe(node, { attributes: true, attributeFilter: ["style", "class", "data-theme"] });
  }
  return () => observer.disconnect();
}

/** Save bytes that are already in the browser as a file. */
export function download(name, href) {
  const link = el("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** Copy text; the older command serves pages that are not a secure context (http on a LAN). */
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
