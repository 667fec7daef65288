/** Where the menu lies over the page, as on a phone, it makes way for the page that was chosen. */

const PAGE = "[data-testid=stSidebarNavLink]";
const CLOSE = "[data-testid=stSidebarCollapseButton] button";
const OVER_THE_PAGE = "(max-width: 768px)"; // where Streamlit lays the sidebar over the page

let listening = false;

/** From now on; once for a page. */
export function closeMenuAfterChoice() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // another tab or window
    const pressed = event.target instanceof Element && event.target.closest(PAGE);
    if (elsewhere || !pressed || !matchMedia(OVER_THE_PAGE).matches) return;
    setTimeout(() => /** @type {?HTMLElement} */ (document.querySelector(CLOSE))?.click()); // once the page has been asked for
  });
}
