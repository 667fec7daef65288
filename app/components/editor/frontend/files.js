/** Files of the user: chosen or dropped, read with a limit, and handed back. */

import { download, el } from "../../shared/frontend/dom.js";
import { button } from "./controls.js";
import { common } from "../../shared/frontend/common.js";

const BEGINNING = 131_072; // bytes of a file of weights that is too large: they tell what it is
const LONGEST_NAME = 200;
const CHUNK = 0x8000; // bytes turned into characters at once: more are too many arguments

/**
 * A button that opens the browser's choice of files.
 * @param {string} text
 * @param {string} label
 * @param {string[]} endings of the files that can be chosen
 * @param {(files: FileList) => Promise<void>} opened
 * @param {import("../../shared/frontend/dom.js").Properties} properties
 * @returns {HTMLElement[]}
 */
export function opener(text, label, endings, opened, properties) {
  /** @type {HTMLInputElement} */
  const picker = el("input", {
    type: "file",
    hidden: true,
    accept: endings.join(),
    "aria-label": label,
    onchange: async () => {
      if (picker.files) await opened(picker.files);
      picker.value = ""; // so that the same file can be opened again
    },
  });
  return [button(text, () => picker.click(), properties), picker];
}

/**
 * Take files that are dropped on an element, and show that it would while they are above it.
 * @param {HTMLElement} root
 * @param {string} invitation
 * @param {(files: FileList) => void} dropped
 */
export function dropZone(root, invitation, dropped) {
  /** @param {boolean} is */
  const over = (is) => root.classList.toggle("ur-e-over", is);
  root.classList.add("ur-e-zone");
  root.dataset.invitation = invitation;
  root.addEventListener("dragover", (event) => {
    const carried = filesOver(event);
    if (!carried) return;
    event.preventDefault();
    carried.dropEffect = "copy";
    over(true);
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(/** @type {?Node} */ (event.relatedTarget))) over(false);
  });
  root.addEventListener("drop", (event) => {
    over(false);
    const carried = filesOver(event);
    if (!carried) return;
    event.preventDefault();
    dropped(carried.files);
  });
}

/** What is dragged, if that is files. @param {DragEvent} event */
const filesOver = ({ dataTransfer }) =>
  dataTransfer?.types.includes("Files") ? dataTransfer : null;

/** Keep a file that misses its place from replacing the page. @param {HTMLElement} root */
export function ignoreFiles(root) {
  for (const name of /** @type {const} */ (["dragover", "drop"])) {
    root.addEventListener(name, (event) => {
      const carried = filesOver(event);
      if (event.defaultPrevented || !carried) return;
      event.preventDefault();
      carried.dropEffect = "none";
    });
  }
}

/**
 * Read one file as a command; what it is shows in its name.
 * @param {FileList} files
 * @param {string} wish what to do with it, unless it holds weights
 * @param {number} largestWeights bytes
 * @returns {Promise<?import("./outbox.js").Command>} null if there is no file
 * @throws {Error} one sentence
 */
export async function commandOf(files, wish, largestWeights) {
  if (!files.length) return null;
  if (files.length > 1) throw new Error(`file: expected one, got ${files.length}`);
  const [file] = files;
  const isWeights = common().endings.weights.some((ending) =>
    file.name.toLowerCase().endsWith(ending),
  );
  const name = file.name.slice(0, LONGEST_NAME);
  if (!isWeights && wish !== "weights") {
    return { do: wish, name, content: base64(await bytes(file, "file", common().limits.file)) };
  }
  const whole = file.size <= largestWeights;
  const part = whole ? file : file.slice(0, BEGINNING);
  const text = base64(await bytes(part, "weights file", largestWeights));
  return { do: "weights", name, text, ...(whole ? {} : { size: file.size }) };
}

/** @param {Blob} file @param {string} what @param {number} largest */
async function bytes(file, what, largest) {
  if (file.size > largest) {
    const [limit, size] = [largest, file.size].map((number) => number.toLocaleString("en"));
    throw new Error(`${what}: expected at most ${limit} bytes, got ${size}`);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Error(`${what}: expected a file, got what the browser cannot read`);
  }
}

/** @param {Uint8Array} content */
function base64(content) {
  let characters = "";
  for (let start = 0; start < content.length; start += CHUNK) {
    characters += String.fromCharCode(...content.subarray(start, start + CHUNK));
  }
  return btoa(characters);
}

/** Save what Python has made. @param {import("./data.d.ts").FileData} file */
export function saveFile({ name, type, text = "", base64: packed }) {
  const content = packed ? Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)) : text;
  const url = URL.createObjectURL(new Blob([content], { type }));
  download(name, url);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
