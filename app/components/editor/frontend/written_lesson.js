/**
 * The lesson that the reader writes, kept in this tab: a page that is loaded anew brings it back.
 */

/** @import { EditorData } from "./data.d.ts" */
/** @import { Command } from "./outbox.js" */

const KEY = "unrolled.lesson";

/**
 * @param {(command: Command) => void} ask
 * @returns {(lesson: EditorData["lesson"]) => void} takes what the session has: null if it has had none
 */
export function writtenLesson(ask) {
  let asked = ""; // the mark of what was asked for, or cannot be kept
  let isTold = false; // what the tab has kept
  return (lesson) => {
    if (!lesson) {
      const text = isTold ? "" : kept()?.text;
      isTold = true;
      if (text) ask({ do: "lesson", field: "kept", text });
      return;
    }
    const { mark, text } = lesson;
    isTold = true;
    if (!mark) forget();
    else if (kept()?.mark !== mark && asked !== mark) {
      if (text && keep(mark, text)) return;
      asked = text ? mark : "";
      ask({ do: "lesson", field: text ? "cannot" : "ask" });
    }
  };
}

/** @param {string} mark @param {string} text @returns {boolean} whether it is kept */
function keep(mark, text) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ mark, text }));
    return true;
  } catch {
    return false; // full, or not allowed
  }
}

/** @returns {?{mark: string, text: string}} */
function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof found?.text === "string" ? found : null;
  } catch {
    return null;
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Not allowed: nothing was kept.
  }
}
