/**
 * What ↓ and ↑ do in a show: they lead to what does not fit on the screen. Its caption stays, and what
 * was cut comes to stand below it.
 */

const PAGE = "[data-testid=stMain]";
const CAPTION = ".st-key-lesson";
const PARTS = // what is shown as one
  ".ur-plots-card, .ur-graph, .ur-autograd, [data-testid=stTable], [data-testid=stCode], " +
  "[data-testid=stAlert], [data-testid=stHeading], [data-testid=stMarkdown], .ur-sheet";
const LONG = ".ur-inspector, .ur-sheet-list"; // what scrolls by itself
const BELOW = 8; // pixels between the caption and what stands below it
const SHARE = 0.8; // of the screen: what is higher than that is passed in steps

/** @param {boolean} isDown */
export function scrollShow(isDown) {
  const page = document.querySelector(PAGE);
  if (page && !within(page, isDown)) page.scrollBy({ top: isDown ? down(page) : -up(page) });
}

/**
 * Scroll what is long in itself, as a ledger, while there is more of it.
 * @param {Element} page
 * @param {boolean} isDown
 */
function within(page, isDown) {
  for (const part of page.querySelectorAll(LONG)) {
    const most = part.scrollHeight - part.clientHeight;
    const left = isDown ? most - part.scrollTop : part.scrollTop;
    if (!part.clientHeight || most < BELOW || left < 1) continue;
    part.scrollBy({ top: (isDown ? SHARE : -SHARE) * part.clientHeight });
    return true;
  }
  return false;
}

/** Where the caption ends. */
const edge = () => document.querySelector(CAPTION)?.getBoundingClientRect().bottom ?? 0;

/** @param {Element} page */
function down(page) {
  const top = edge() + BELOW;
  const room = innerHeight - top;
  for (const part of page.querySelectorAll(PARTS)) {
    const { top: from, bottom, height } = part.getBoundingClientRect();
    if (!height || part.closest(CAPTION) || bottom <= innerHeight + 1) continue;
    if (from > top + BELOW) return Math.min(from - top, room);
    return Math.min(room * SHARE, bottom - innerHeight + BELOW);
  }
  return room * SHARE;
}

/** @param {Element} page */
function up(page) {
  const top = edge() + BELOW;
  const room = innerHeight - top;
  const above = [...page.querySelectorAll(PARTS)].filter((part) => {
    const { top: from, height } = part.getBoundingClientRect();
    return height && !part.closest(CAPTION) && from < top - BELOW;
  });
  const last = above.at(-1)?.getBoundingClientRect().top;
  return last === undefined ? page.scrollTop : Math.min(top - last, room * SHARE);
}
