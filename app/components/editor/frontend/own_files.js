/**
 * The names of the reader's own files, kept in this tab: a session that begins after a reload
 * has lost the files, and hears from here what they were called.
 */

/** @import { Command } from "./outbox.js" */

const KEY = "unrolled.files";

/**
 * @param {(command: Command) => void} ask
 * @returns {(files: ?Record<string, string>) => void} takes what the session knows: null if nothing
 */
export function ownFiles(ask) {
  let asked = false;
  return (files) => {
    if (files) keep(files);
    else if (!asked) {
      asked = true;
      for (const [field, name] of Object.entries(kept())) ask({ do: "lost_file", field, name });
    }
  };
}

/** @param {Record<string, string>} files */
function keep(files) {
  try {
    if (Object.keys(files).length > 0) sessionStorage.setItem(KEY, JSON.stringify(files));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Not allowed: the address of Training still names the file.
  }
}

/** @returns {Record<string, string>} */
function kept() {
  try {
    /** @type {unknown} */
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    const names = Object.entries(found ?? {}).filter((pair) => typeof pair[1] === "string");
    return Object.fromEntries(names);
  } catch {
    return {};
  }
}
