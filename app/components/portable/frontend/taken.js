/** How the experiment of a page comes into the app: by the address, or as a file. */

import { copy, download, el, setText } from "../../shared/frontend/dom.js";
import { unpacked } from "./unpacked.js";

/** @import { Kept } from "./data.d.ts" */

const NAME = "unrolled.json";

/** @param {Kept} kept */
export function taken(kept) {
  const { token, characters, longest } = kept;
  if (!token) {
    return el("p", {}, "The experiment is too large to be in this page, too: the app can save it.");
  }
  const said = el("span", { role: "status" });
  const [words, text, title, act] =
    characters <= longest
      ? [
          "To open it in the app as it came, put this behind the app's address: ",
          "Copy the experiment",
          "For the address of the app",
          async () =>
            (await copy(`?e=${token}`)) ? "Copied." : "The browser did not allow copying.",
        ]
      : [
          `It is too long for an address (${count(characters)} characters; ${count(longest)} fit). ` +
            "To open it in the app as it came, open its file there: ",
          "Save the experiment",
          "A file for the app",
          async () => {
            download(NAME, await file(kept));
            return "Saved.";
          },
        ];
  const button = el(
    "button",
    { type: "button", class: "ur-button", title, onclick: async () => setText(said, await act()) },
    text,
  );
  return el("p", {}, words, button, " ", said);
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/**
 * The address of the file that the app would save. Its numbers stay the text that they are: read
 * and written again, −0 would be 0.
 * @param {Kept} kept
 */
async function file({ token, version }) {
  const text = await unpacked(token.replaceAll("-", "+").replaceAll("_", "/"));
  const whole = `{"unrolled": ${version}, "experiment": ${text}}`;
  return URL.createObjectURL(new Blob([whole], { type: "application/json" }));
}
