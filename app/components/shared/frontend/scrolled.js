/** A listing that is wider than the page is reached, and then scrolled, by keys. */

import { afterChanges } from "./page_changes.js";

const LISTINGS = "[data-testid=stCode] pre:not([tabindex])";

/** From now on. */
export const scrollListings = () => afterChanges(reach);

function reach() {
  for (const listing of document.querySelectorAll(LISTINGS)) {
    listing.setAttribute("tabindex", "0");
    listing.setAttribute("role", "group");
    listing.setAttribute("aria-label", "Listing");
  }
}
