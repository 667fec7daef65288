/**
 * A click into a number selects it, so that what is typed replaces it; a double click places the
 * caret, and so does every click from then on, or once something was typed, until the field is left.
 */

/** @param {HTMLElement} root with fields for numbers, also such as come later */
export function selectOnClick(root) {
  /** @type {?EventTarget} */
  let edited = null; // the field in which clicks place the caret
  root.addEventListener("input", ({ target }) => {
    edited = target;
  });
  root.addEventListener("focusout", () => {
    edited = null;
  });
  let whole = false; // whether the mouse was pressed on a field that is selected as a whole
  root.addEventListener("mousedown", ({ target }) => {
    whole = isField(target) && target !== edited && isWhole(target);
  });
  // Chromium puts the caret into what was selected only then, after the click.
  root.addEventListener("mouseup", (event) => whole && event.preventDefault());
  root.addEventListener("click", ({ target, detail }) => {
    if (!isField(target) || target === edited || detail !== 1) return;
    if (hasChoice(target)) return; // dragged over some of its characters
    target.select();
  });
  root.addEventListener("dblclick", (event) => {
    const { target } = event;
    if (!isField(target)) return;
    edited = target;
    const place = caretAt(target, event);
    if (place !== null) target.setSelectionRange(place, place);
  });
}

/** @param {?EventTarget} target @returns {target is HTMLInputElement} */
const isField = (target) => target instanceof HTMLInputElement && target.type !== "checkbox";

/** @param {HTMLInputElement} field */
const isWhole = (field) =>
  field === document.activeElement &&
  field.value !== "" &&
  field.selectionStart === 0 &&
  field.selectionEnd === field.value.length;

/**
 * Fields of type number do not tell.
 * @param {HTMLInputElement} field
 */
function hasChoice({ selectionStart, selectionEnd }) {
  return selectionStart !== null && selectionStart !== selectionEnd;
}

/**
 * Between which characters a point of a field lies; null where the browser cannot say.
 * @param {HTMLInputElement} field
 * @param {MouseEvent} event
 */
function caretAt(field, { clientX, clientY }) {
  if (field.selectionStart === null) return null;
  const found = document.caretPositionFromPoint?.(clientX, clientY);
  return found?.offsetNode === field ? found.offset : field.value.length;
}
