/** The way into a page that works without a server: it reads what Python has written into it. */

import { tell } from "../../shared/frontend/common.js";
import { unpacked } from "./unpacked.js";

/** @import { PageData } from "./data.d.ts" */

const FAILED = "This page needs a browser that can unpack it, of 2023 or later.";

/** @returns {Promise<PageData>} */
const told = async () =>
  JSON.parse(await unpacked(document.getElementById("unrolled-data")?.textContent ?? ""));

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
