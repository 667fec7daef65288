/**
 * Whether the page can be shown to a lecture hall, by its key: it stands on the page itself, so that
 * what lists keys (`.ur-key-of-show`) follows, whichever part is drawn first.
 */

const ON_THE_PAGE = "data-ur-show-offered";

/** @param {boolean} offered */
export function tellShow(offered) {
  document.documentElement.toggleAttribute(ON_THE_PAGE, offered);
}
