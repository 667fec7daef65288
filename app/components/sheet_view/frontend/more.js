/** How many fields are below what is seen of a list that scrolls, on its lower edge. */

import { el, isCalm, setText } from "../../shared/frontend/dom.js";

const PAGE = 0.8; // of what is seen, at a press

/**
 * @param {HTMLElement} list
 * @param {() => HTMLElement[]} fieldsOf what can be below
 */
export function moreBelow(list, fieldsOf) {
  // For who sees the page: by the keyboard one comes to each field in its turn.
  const element = el("div", {
    class: "ur-sheet-more",
    "aria-hidden": "true",
    hidden: true,
    onclick: () =>
      list.scrollBy({ top: PAGE * list.clientHeight, behavior: isCalm() ? "instant" : "smooth" }),
  });
  const show = () => {
    const end = list.getBoundingClientRect().bottom;
    const scrolls = list.scrollHeight > list.clientHeight + 1;
    const count = scrolls
      ? fieldsOf().filter((field) => field.getBoundingClientRect().bottom > end).length
      : 0;
    element.hidden = count === 0;
    setText(element, count ? `↓ ${count} more below` : "");
  };
  list.addEventListener("scroll", show, { passive: true });
  const sized = new ResizeObserver(show);
  sized.observe(list);
  return { element, show };
}
