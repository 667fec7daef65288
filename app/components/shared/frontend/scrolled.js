/** What is wider than its place is reached, and then scrolled, by keys; `scrolled.css` shows it. */

import { afterChanges } from "./page_changes.js";

const LISTINGS = "[data-testid=stCode] pre:not([tabindex])";
const TABLES = "[data-testid=stMarkdownContainer]:has(> table)";

/** From now on. */
export function scrollListings() {
  afterChanges(reach);
  addEventListener("resize", reach);
}

function reach() {
  for (const listing of document.querySelectorAll(LISTINGS)) name(listing, "Listing");
  // A table that is seen whole is no place to stop at.
  for (const table of document.querySelectorAll(TABLES)) {
    if (table.scrollWidth > table.clientWidth) name(table, "Table");
    else if (table.ariaLabel === "Table") {
      for (const one of ["tabindex", "role", "aria-label"]) table.removeAttribute(one);
    }
  }
}

/** @param {Element} part @param {string} what */
function name(part, what) {
  part.setAttribute("tabindex", "0");
  part.setAttribute("role", "group");
  part.setAttribute("aria-label", what);
}
