/**
 * Edits that Python has not confirmed, kept in this tab: who reloads before the answer loses none.
 *
 * An edit is done once the address holds it. So after a reload what had been sent is asked for
 * again where the address is still the one from before it; what had not been sent, in any case.
 * It stays in this browser, in this tab, and goes to nobody but the app that it comes from.
 */

/** @import { Command } from "./outbox.js" */

const KEY = "unrolled.unconfirmed";
/** What is no edit of the experiment, or needs the session that a reload has ended. */
const OF_A_SESSION = new Set(
  "undo redo reread rows keep restore lost own_files save save_weights".split(" "),
);

/** @typedef {{before: ?string, sent: Command[], unsent: Command[]}} Unconfirmed */

/** @returns {?string} what the address holds of the experiment */
export const addressed = () => new URLSearchParams(location.search).get("e");

/** @param {Unconfirmed} now */
export function keepUnconfirmed(now) {
  const [sent, unsent] = [now.sent, now.unsent].map((list) =>
    list.filter((command) => !OF_A_SESSION.has(command.do)),
  );
  try {
    if (!sent?.length && !unsent?.length) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ before: now.before, sent, unsent }));
  } catch {
    // Full, or not allowed: what Python has heard of stands all the same.
  }
}

/** What a reload has left behind, until the controls can ask for it. @type {?Unconfirmed} */
let left = isReload() ? kept() : null;

/**
 * Return what is to be asked for again, once; nothing while the experiment itself is missing.
 * @param {boolean} missing
 * @returns {Command[]}
 */
export function leftBehind(missing) {
  if (missing || !left) {
    // Of an experiment that this tab has to restore first, only what belongs to that very one.
    if (left) left = { ...left, sent: [...left.sent, ...left.unsent], unsent: [] };
    return [];
  }
  const { before, sent, unsent } = left;
  left = null;
  return before === addressed() ? [...sent, ...unsent] : unsent;
}

function isReload() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "reload";
}

/** @returns {?Unconfirmed} */
function kept() {
  try {
    /** @type {?Unconfirmed} */
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return Array.isArray(found?.sent) && Array.isArray(found.unsent) ? found : null;
  } catch {
    return null;
  }
}
