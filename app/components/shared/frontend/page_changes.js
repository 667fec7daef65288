/** What is done to parts of the page that others draw: after it has changed, not at every change. */

const AFTER_MS = 100; // a step of the player changes the page, and must stay cheap

/** @type {Set<() => void>} */
const listeners = new Set();

/** Call now, and whenever the page has changed, from now on; once for each. @param {() => void} listener */
export function afterChanges(listener) {
  if (listeners.has(listener)) return;
  if (!listeners.size) {
    let pending = 0;
    const tell = () => {
      pending = 0;
      for (const each of listeners) each();
    };
    new MutationObserver(() => (pending ||= setTimeout(tell, AFTER_MS))).observe(document.body, {
      childList: true,
      subtree: true,
    });
  }
  listeners.add(listener);
  listener();
}
