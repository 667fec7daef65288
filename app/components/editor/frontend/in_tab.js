/** A text that this tab keeps while its page is loaded anew; it goes to nobody. */

/**
 * @typedef {object} Kept
 * @property {string} mark  says which text it is
 * @property {string} text
 */

/** @param {string} key */
export const inTab = (key) => ({
  /** @param {string} mark @param {string} text @returns {boolean} whether it is kept */
  keep(mark, text) {
    try {
      sessionStorage.setItem(key, JSON.stringify({ mark, text }));
      return true;
    } catch {
      return false; // full, or not allowed
    }
  },

  /** @returns {?Kept} */
  kept() {
    try {
      const found = JSON.parse(sessionStorage.getItem(key) ?? "null");
      return typeof found?.text === "string" ? found : null;
    } catch {
      return null;
    }
  },

  forget() {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // Not allowed: nothing was kept.
    }
  },
});
