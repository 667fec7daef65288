/**
 * On the way to another page: what a component tells Python then waits until that page is there.
 *
 * Streamlit asks for a rerun of the page that it has heard of last. What is told between the click on
 * a link and the first word of the new page took the reader back to the page before, and was lost.
 */

const LINKS = "[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]";
const LOOK_EVERY_MS = 20;
const LONGEST_MS = 10_000;

/** @type {?{from: string, since: number}} the title of the page that is left, and when */
let way = null;
/** @type {{element: Element, tell: () => void}[]} in their order */
let waiting = [];
let listens = false;

/** Hear of each click on a link to another page, from now on. */
export function watchLinks() {
  if (listens) return;
  listens = true;
  document.addEventListener("click", (event) => leave(event), { capture: true });
}

/** @param {MouseEvent} event */
function leave({ target, button, ctrlKey, metaKey, shiftKey, altKey }) {
  if (button || ctrlKey || metaKey || shiftKey || altKey) return; // in a tab of its own
  const link = target instanceof Element ? target.closest(LINKS) : null;
  if (!(link instanceof HTMLAnchorElement) || link.pathname === location.pathname) return;
  if (!way) setTimeout(look, LOOK_EVERY_MS);
  way = { from: document.title, since: performance.now() };
}

/** Whether the page is there; its title comes with the address. */
function look() {
  if (!way) return;
  if (document.title === way.from && performance.now() < way.since + LONGEST_MS) {
    setTimeout(look, LOOK_EVERY_MS);
    return;
  }
  way = null;
  const told = waiting;
  waiting = [];
  // What has gone with the page before has nothing to say on the next one.
  for (const { element, tell } of told) if (element.isConnected) tell();
}

/**
 * Tell Python something, now or once the page is there that was asked for.
 * @param {Element} element of the component that tells it
 * @param {() => void} tell
 */
export function onArrival(element, tell) {
  if (way) waiting.push({ element, tell });
  else tell();
}
