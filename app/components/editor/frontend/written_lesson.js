/**
 * The lesson that the reader writes, kept in this tab: a page that is loaded anew brings it back.
 */

import { inTab } from "./in_tab.js";

/** @import { EditorData } from "./data.d.ts" */
/** @import { Command } from "./outbox.js" */

const tab = inTab("unrolled.lesson");

/**
 * @param {(command: Command) => void} ask
 * @returns {(lesson: EditorData["lesson"]) => void} takes what the session has: null if it has had none
 */
export function writtenLesson(ask) {
  let asked = ""; // the mark of what was asked for, or cannot be kept
  let isTold = false; // what the tab has kept
  return (lesson) => {
    if (!lesson) {
      const text = isTold ? "" : tab.kept()?.text;
      isTold = true;
      if (text) ask({ do: "lesson", field: "kept", text });
      return;
    }
    const { mark, text } = lesson;
    isTold = true;
    if (!mark) tab.forget();
    else if (tab.kept()?.mark !== mark && asked !== mark) {
      if (text && tab.keep(mark, text)) return;
      asked = text ? mark : "";
      ask({ do: "lesson", field: text ? "cannot" : "ask" });
    }
  };
}
