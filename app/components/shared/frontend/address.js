/** What only the browser knows of a page, kept in the address bar beside what Python keeps there. */

const WRITE_AFTER_MS = 150;
const OF_A_SERVER = /^https?:$/; // what is in a file, or inside another page, has no address to keep

/**
 * Streamlit drops what it does not know when Python writes to the address: who has something there
 * calls the writer at every change of its own, and again after each rerun.
 *
 * @param {() => Record<string, ?string>} values by parameter; an empty one is left out
 * @returns {() => void} writes the address once it rests: a write costs some milliseconds, which a
 *   playing player has not
 */
export function addressWriter(values) {
  let pending = 0;
  /** @type {?string} */
  let page = null; // the path at which it was written last
  const write = () => {
    clearTimeout(pending);
    page = location.pathname;
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(values())) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    // The history entry belongs to Streamlit's router, which keeps its own state in it.
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
  const later = () => {
    if (!OF_A_SERVER.test(location.protocol)) return;
    clearTimeout(pending);
    pending = setTimeout(write, WRITE_AFTER_MS);
  };
  // A rerun that changes nothing here calls nobody: the address itself says that it was written.
  // What Python has dropped is put back at once, a reload in between would lose it; where the reader
  // goes back, the address is first read.
  globalThis.navigation?.addEventListener("currententrychange", ({ navigationType }) => {
    if (location.pathname !== page) return;
    if (navigationType === "traverse") later();
    else write();
  });
  return later;
}
