/** Who would lose something by leaving the page is asked to stay. */

/** @returns {(safe: boolean) => void} takes whether a page that is loaded anew has everything */
export function leaving() {
  const warn = (/** @type {Event} */ event) => event.preventDefault();
  return (safe) => {
    // There only while it is wanted: a page that listens is not kept for Back and Forward.
    if (safe) removeEventListener("beforeunload", warn);
    else addEventListener("beforeunload", warn);
  };
}
