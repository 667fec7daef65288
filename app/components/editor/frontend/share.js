/** The experiment's title, its link and its file. */

import { common } from "../../shared/frontend/common.js";
import { copy, el } from "../../shared/frontend/dom.js";
import { button, entry, section } from "./controls.js";
import { keeper } from "./kept.js";
import { dropZone, opener, saveFile } from "./files.js";
import { ownFiles } from "./own_files.js";
import { writtenLesson } from "./written_lesson.js";

/** @import { Means, Part } from "./parts.js" */

const ADDS = ".st-key-add-scene button"; // on the page, where the sidebar may be folded
const LONGEST_TITLE = 1000; // far above the limit: what is too long is told, not cut off

/** @param {Means} means @returns {Part} */
export function share({ ask, announce, status, take }) {
  const title = entry("Title", (text) => ask({ do: "title", text }), {
    empty: "names the file and the scripts",
    longest: LONGEST_TITLE,
  });
  const link = button("Copy link", async () => {
    const done = await copy(location.href);
    announce(
      done
        ? "The link to this experiment is on the clipboard."
        : "Copy the address from the address bar.",
    );
  });
  /** @param {string} field where it was asked for, and is answered */
  const addScene = (field) => ask({ do: "scene", text: location.href, field });
  const scene = button("Add as a scene", () => addScene(""), {
    title: "Make what this page shows a scene of your own lesson",
  });
  const onPage = (/** @type {MouseEvent} */ { target }) => {
    if (!root.isConnected) document.removeEventListener("click", onPage);
    else if (target instanceof Element && target.closest(ADDS)) addScene("page");
  };
  document.addEventListener("click", onPage);
  const save = button("Save file", () => ask({ do: "save" }));
  const open = opener("Open file", "File to open", common().endings.text, (files) => drop(files), {
    title: "An experiment (JSON), a sequence (CSV: a row for each step) or a text (.txt)",
  });
  const kept = keeper(ask);
  const own = ownFiles(ask);
  const keepLesson = writtenLesson(ask);
  const { root, alert } = section(
    "Share",
    title.root,
    kept.line,
    el("div", { class: "ur-e-pairs ur-e-actions" }, link, save, ...open, scene),
    status,
  );
  /** @param {FileList} files */
  const drop = (files) => take(files, alert, "file");
  dropZone(root, "Drop an experiment, a CSV or a text", drop);
  let saved = 0;
  let told = 0;
  let as = { text: "", mark: "" }; // what was told of a lesson, and of which
  return {
    root,
    alert,
    owns: ["title", "file", "save", "scene"],
    update({ called, mark, missing, kept: answer, files, asks_for_files, ...rest }) {
      const { lesson, file, added, fault } = rest;
      title.set(called, fault?.do === "title");
      link.disabled = Boolean(mark);
      kept.update({ mark, missing, answer });
      own(files, asks_for_files);
      keepLesson(lesson);
      if (file && file.n > saved) {
        saved = file.n;
        saveFile(file);
      }
      if (added && added.n > told) {
        told = added.n;
        as = { text: added.text, mark: lesson?.mark ?? "" };
        announce(added.text);
      } else if (as.text && lesson?.mark !== as.mark) {
        if (status.textContent === as.text) announce(""); // its scenes have others' numbers now
        as.text = "";
      }
    },
  };
}
