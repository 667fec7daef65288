/**
 * The sidebar that folds. Where its menu lies over the page, as on a phone, it makes way for the page
 * that was chosen; and who folds or unfolds it by keys goes on from the button that takes it back.
 */

const PAGE = "[data-testid=stSidebarNavLink]";
const CLOSE = "[data-testid=stSidebarCollapseButton] button";
const OPEN = "[data-testid=stExpandSidebarButton]";
const OVER_THE_PAGE = "(max-width: 768px)"; // where Streamlit lays the sidebar over the page
const DRAWN_WITHIN_MS = 2000;

let listening = false;

/** From now on; once for a page. */
export function followMenu() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    closeAfterChoice(event, target);
    const isKey = event.detail === 0;
    if (isKey && target.closest(OPEN)) focusOn(CLOSE);
    else if (isKey && target.closest(CLOSE)) focusOn(OPEN);
  });
}

/** @param {MouseEvent} event @param {Element} pressed */
function closeAfterChoice({ ctrlKey, metaKey, shiftKey }, pressed) {
  const elsewhere = ctrlKey || metaKey || shiftKey; // another tab or window
  if (elsewhere || !pressed.closest(PAGE) || !matchMedia(OVER_THE_PAGE).matches) return;
  setTimeout(() => /** @type {?HTMLElement} */ (document.querySelector(CLOSE))?.click()); // once the page has been asked for
}

/** Once it is there, unless the reader has gone elsewhere meanwhile. @param {string} wanted */
function focusOn(wanted) {
  const until = performance.now() + DRAWN_WITHIN_MS;
  const before = document.activeElement;
  const look = () => {
    const now = document.activeElement;
    if (now !== before && now !== document.body) return;
    const found = /** @type {?HTMLElement} */ (document.querySelector(wanted));
    if (found?.checkVisibility({ visibilityProperty: true })) found.focus();
    if (document.activeElement !== found && performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
