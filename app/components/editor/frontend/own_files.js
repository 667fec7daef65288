/**
 * The reader's own files, kept in this tab: a session that begins after a reload gets them back,
 * and hears the names of those that the tab had no room for.
 */

import { inTab } from "./in_tab.js";
import { leaving } from "./leaving.js";

/** @import { EditorData, OwnFile } from "./data.d.ts" */
/** @import { Command } from "./outbox.js" */

const tab = inTab("unrolled.files");

/**
 * @param {(command: Command) => void} ask
 * @returns {(files: EditorData["files"], asks: boolean) => void} takes what the session has: null
 *   if nothing is known yet, and whether it asks
 */
export function ownFiles(ask) {
  let isTold = false; // what the tab has kept
  let isAnswered = false; // what the session asks: one that began anew asks again
  /** @type {?Record<string, OwnFile>} */
  let held = null; // what the tab has kept, once the session has files
  /** @type {Set<string>} */
  const refused = new Set(); // marks of what there is no room for
  const leave = leaving();
  return (files, asks) => {
    if (!files) {
      const isAsked = asks && !isAnswered;
      const text = isTold && !isAsked ? "" : (tab.kept()?.text ?? "");
      if (text || isAsked) ask({ do: "own_files", field: "kept", text: text || "{}" });
      isTold = true;
      isAnswered = asks;
      return;
    }
    isTold = true;
    isAnswered = false;
    const before = (held ??= opened(tab.kept()?.text));
    held = {};
    for (const [place, file] of Object.entries(files)) {
      const known = before[place]?.mark === file.mark ? before[place].content : "";
      held[place] = { ...file, content: file.content || known || "" };
      const { mark, content } = held[place];
      if (mark && !content && !refused.has(mark)) {
        ask({ do: "own_files", field: "ask", name: place });
      }
    }
    for (const place of keep(held, before)) {
      refused.add(held[place].mark);
      ask({ do: "own_files", field: "cannot", name: place });
    }
    leave(!Object.values(files).some(({ mark }) => refused.has(mark)));
  };
}

/**
 * Keep as many of the files as there is room for, and the names of all.
 * @param {Record<string, OwnFile>} wanted  what is left out of them is emptied
 * @param {Record<string, OwnFile>} before
 * @returns {string[]} the places whose files are left out now
 */
function keep(wanted, before) {
  const places = Object.keys(wanted);
  if (!places.length) {
    tab.forget();
    return [];
  }
  const isNew = (/** @type {string} */ place) => wanted[place].content !== before[place]?.content;
  const isOther = (/** @type {string} */ place) =>
    isNew(place) ||
    wanted[place].name !== before[place].name ||
    wanted[place].read !== before[place].read;
  if (places.length === Object.keys(before).length && !places.some(isOther)) return [];
  if (tab.keep("files", JSON.stringify(wanted))) return [];
  const left = places.filter((place) => wanted[place].content && isNew(place));
  for (const place of left) wanted[place].content = "";
  tab.keep("files", JSON.stringify(wanted));
  return left;
}

/** @param {string} [text] @returns {Record<string, OwnFile>} */
function opened(text) {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
