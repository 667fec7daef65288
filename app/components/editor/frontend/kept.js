/**
 * An experiment that is too long for the address, kept in this tab: a reload brings it back.
 *
 * The address names it (`mark`). Python sends its text with the edit that made it, but for a very
 * long one, which is asked for once the editing rests; who leaves before that is asked to stay.
 * The text stays in this browser, in this tab, and goes to nobody but the app that it comes from.
 */

import { el, setText } from "../../shared/frontend/dom.js";
import { inTab } from "./in_tab.js";
import { leaving } from "./leaving.js";

/** @import { EditorData } from "./data.d.ts" */

const tab = inTab("unrolled");
const TOO_LONG = "Too long for a link: Save file is the way to share it.";
const KEEP_AFTER_MS = 600; // so that a run of edits is kept once

/** @param {(command: {do: string, text?: string}) => void} ask */
export function keeper(ask) {
  const line = el("p", { class: "ur-e-look", hidden: true });
  /** @type {?string} */
  let asked = null; // the mark of what was asked for, or cannot be kept
  /** @type {?string} */
  let held = null; // the mark of what is kept
  let timer = 0;
  const leave = leaving();
  /** @param {string} text @param {boolean} safe  whether a reload brings it back */
  const say = (text, safe) => {
    setText(line, text);
    line.hidden = !text;
    leave(safe);
  };
  return {
    line,
    /** @param {{mark: ?string, missing: boolean, answer: EditorData["kept"]}} now */
    update({ mark, missing, answer }) {
      clearTimeout(timer);
      if (!mark) {
        say("", true);
        return;
      }
      if (missing) {
        if (asked === mark) return;
        asked = mark;
        const text = kept(mark);
        ask(text ? { do: "restore", text } : { do: "lost" });
        return;
      }
      const text = answer?.mark === mark ? answer.text : "";
      if (held === mark || kept(mark) || (text && tab.keep(mark, text))) {
        held = mark;
        say(`${TOO_LONG} This tab keeps it when the page is loaded anew.`, true);
      } else if (answer?.mark === mark) {
        say(
          "Too long for a link and for this tab to keep: Save file, or a reload loses it.",
          false,
        );
        asked = mark;
      } else if (asked !== mark) {
        say(TOO_LONG, false);
        timer = setTimeout(() => ask({ do: "keep" }), KEEP_AFTER_MS);
      }
    },
  };
}

/** @param {string} mark @returns {string} empty for none */
function kept(mark) {
  const found = tab.kept();
  return found?.mark === mark ? found.text : "";
}
