/** The way into a page that works without a server: it reads what Python has written into it. */

import { tell } from "../../shared/frontend/common.js";

/** @import { PageData } from "./data.d.ts" */

const FAILED = "This page needs a browser that can unpack it, of 2023 or later.";

/** @returns {Promise<PageData>} */
async function told() {
  const text = document.getElementById("unrolled-data")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(unpacked).text());
}

/** @param {HTMLElement} root */
async function open(root) {
  const data = await told().catch(() => null);
  if (!data) {
    root.replaceChildren(FAILED);
    return;
  }
  tell(data.common); // before any front end is loaded
  const { Page } = await import("./page.js");
  new Page(data, root).open();
}

const place = document.getElementById("unrolled");
if (place) open(place);
