/** The keys of undo and redo. */

/**
 * What the keys ask for, unless the focus is in a text that has an undo of its own.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} root whose cells show numbers: one that was not typed into has none
 * @returns {"undo" | "redo" | null} taken from the event, where it is one of them
 */
export function undoWish(event, root) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return null;
  const { target } = event;
  const typing = target instanceof Element && target.matches("input, textarea, [contenteditable]");
  const untouched =
    target instanceof HTMLInputElement &&
    root.contains(target) &&
    target.value === target.dataset.shown;
  if (typing && !untouched) return null;
  event.preventDefault();
  event.stopPropagation();
  return key === "y" || event.shiftKey ? "redo" : "undo";
}
