/** How the experiment of a page comes into the app: by the address, or as a file. */

import { copy, download, el, setText } from "../../shared/frontend/dom.js";
import { experimentText } from "./changed.js";
import { packed } from "./unpacked.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Held } from "./holding.js" */
/** @import { Kept } from "./data.d.ts" */

const NAME = "unrolled.json";

export class Taken {
  #asked = 0;
  /** @type {?HTMLButtonElement} */
  button = null;

  /** @param {Kept} kept */
  constructor(kept) {
    this.kept = kept;
    this.root = el(
      "p",
      {},
      kept.token ? "" : "The experiment is too large to be in this page, too: the app can save it.",
    );
  }

  /**
   * Offer the experiment as it stands on the page.
   * @param {Change[]} changes
   * @param {Held[]} held
   */
  async show(changes, held) {
    if (!this.kept.token) return;
    this.#asked += 1;
    const asked = this.#asked;
    if (this.button) this.button.disabled = true; // until it offers what stands there now
    const text = await experimentText(this.kept, changes);
    const token = changes.length ? await tokenOf(text) : this.kept.token;
    if (asked !== this.#asked) return; // changed since
    const { longest, version } = this.kept;
    const said = el("span", { role: "status" });
    const [words, name, title, act] =
      token.length <= longest
        ? [
            "To open it in the app as it stands here, put this behind the app's address: ",
            "Copy the experiment",
            "For the address of the app",
            async () =>
              (await copy(`?e=${token}${heldIn(held)}`))
                ? "Copied."
                : "The browser did not allow copying.",
          ]
        : [
            `It is too long for an address (${count(token.length)} characters; ${count(longest)} ` +
              "fit). To open it in the app as it stands here, open its file there: ",
            "Save the experiment",
            "A file for the app",
            async () => {
              download(NAME, file(text, version));
              return "Saved.";
            },
          ];
    const onclick = async () => setText(said, await act());
    this.button = el("button", { type: "button", class: "ur-button", title, onclick }, name);
    this.root.replaceChildren(words, this.button, " ", said);
  }
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/** An experiment as a link has it. @param {string} text */
async function tokenOf(text) {
  const token = await packed(text);
  return token.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What an address has of numbers that are held. @param {Held[]} held */
const heldIn = (held) =>
  held.length
    ? `&hold=${encodeURIComponent(held.map(({ place, value }) => `${place}:${value}`).join())}`
    : "";

/**
 * The address of the file that the app would save.
 * @param {string} text
 * @param {number} version
 */
function file(text, version) {
  const whole = `{"unrolled": ${version}, "experiment": ${text}}`;
  return URL.createObjectURL(new Blob([whole], { type: "application/json" }));
}
