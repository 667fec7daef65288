/** What the reader is at stays where it is on the screen, whatever is said above and below it. */

const SCROLLS = new Set(["auto", "scroll"]);

/**
 * Change a list; the place in it that has the focus is then where it was.
 * @param {HTMLElement} list
 * @param {() => void} change
 */
export function keepStill(list, change) {
  const { activeElement: at } = document;
  if (!at || at === list || !list.contains(at)) {
    change();
    return;
  }
  const before = at.getBoundingClientRect().top;
  change();
  const moved = at.getBoundingClientRect().top - before;
  if (moved) scrollerOf(list)?.scrollBy({ top: moved, behavior: "instant" });
}

/** What scrolls a list: itself, or the page that it is a part of. @param {HTMLElement} list */
function scrollerOf(list) {
  /** @type {?HTMLElement} */
  let element = list;
  while (element) {
    const { overflowY } = getComputedStyle(element);
    if (SCROLLS.has(overflowY) && element.scrollHeight > element.clientHeight) return element;
    element = element.parentElement;
  }
  return null;
}

/**
 * What is done once a press is over: a button that moved between its beginning and its end would
 * not have been pressed.
 * @param {HTMLElement} element in which is pressed
 * @returns {(act: () => void) => void}
 */
export function afterPress(element) {
  let isPressed = false;
  /** @type {(() => void)[]} */
  let waiting = [];
  const release = () => {
    isPressed = false;
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  };
  element.addEventListener("pointerdown", () => {
    isPressed = true;
    const over = () => {
      removeEventListener("pointerup", over);
      removeEventListener("pointercancel", over);
      setTimeout(release); // the click comes first
    };
    addEventListener("pointerup", over);
    addEventListener("pointercancel", over);
  });
  return (act) => {
    waiting.push(act);
    if (!isPressed) setTimeout(release); // the focus is where it goes to
  };
}
