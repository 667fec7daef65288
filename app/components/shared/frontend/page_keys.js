/**
 * The keys of a player from anywhere on the page.
 *
 * Where nothing has the focus but the page itself, arrows, Home, End and Space play; all but Space
 * wherever what has the focus does not move by them, as a button. Escape lets go of what is
 * selected wherever the focus is, but in a field, where it takes back what was typed, and while
 * something lies over the page, which it closes.
 */

const TYPED_IN =
  "textarea, [contenteditable=true], " +
  "input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";
const OWN_ARROWS = // what arrows move in, or step by themselves
  "input, textarea, select, [contenteditable=true], [role=application], [role=slider], " +
  "[role=radio], [role=tab], [role=menuitem], [role=option], [role=combobox], [role=spinbutton], " +
  "[role=group][tabindex], [role=region][tabindex], .ur-player, .ur-predict";
const MOVES = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);
const OVER_THE_PAGE = "[role=dialog], [role=menu], [role=listbox], [data-testid=stPopoverBody]";

/**
 * @param {HTMLElement} root of the view
 * @param {{act: (event: KeyboardEvent) => boolean, letGo: () => void}} view `act` says whether it
 *   took the key
 * @returns {() => void} stops listening
 */
export function onPageKeys(root, { act, letGo }) {
  /** @param {KeyboardEvent} event */
  const heard = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !root.isConnected) return;
    const target = /** @type {?Element} the document has no focus of its own */ (event.target);
    if (event.key === "Escape") {
      if (!target?.matches?.(TYPED_IN) && !document.querySelector(OVER_THE_PAGE)) letGo();
    } else if (isFree(event.key, target, root) && !event.shiftKey && act(event)) {
      event.preventDefault();
    }
  };
  // Before the parts of the page, which keep their keys from Streamlit's.
  document.addEventListener("keydown", heard, { capture: true });
  return () => document.removeEventListener("keydown", heard, { capture: true });
}

/**
 * Whether what has the focus leaves a key to the player: a button moves by none.
 * @param {string} key
 * @param {?Element} target
 * @param {HTMLElement} root
 */
const isFree = (key, target, root) =>
  isNowhere(target, root) ||
  (MOVES.has(key) && !target?.closest?.(OWN_ARROWS) && !document.querySelector(OVER_THE_PAGE));

/**
 * Whether the focus is on nothing but the page, or a part of it that holds the whole view.
 * @param {?Element} target
 * @param {HTMLElement} root
 */
const isNowhere = (target, root) => target === document.body || target?.contains?.(root);
