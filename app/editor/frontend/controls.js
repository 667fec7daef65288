/** Small labelled controls that show a value from Python and ask for another one. */

import { el } from "../shared/dom.js";

let ids = 0;

/** A label above a control. */
function labelled(label, control, help) {
  control.id = `ur-control-${(ids += 1)}`;
  return el(
    "div",
    { class: "ur-control", title: help },
    el("label", { for: control.id }, label),
    control,
  );
}

/**
 * @param {string} label
 * @param {(value: string) => void} chosen
 * @returns {{root: HTMLElement, set: (options: string[][], value: ?string, other?: string) => void}}
 */
export function choice(label, chosen, help) {
  const select = el("select", { onchange: () => chosen(select.value) });
  let known = "";
  return {
    root: labelled(label, select, help),
    set(options, value, other = "") {
      const key = JSON.stringify([options, value === null ? other : ""]);
      if (key !== known) {
        known = key;
        const entries = options.map(([name, title]) => el("option", { value: name }, title));
        if (value === null) entries.unshift(el("option", { value: "", disabled: true }, other));
        select.replaceChildren(...entries);
      }
      const wanted = value ?? "";
      if (select.value !== wanted) select.value = wanted;
    },
  };
}

/**
 * A number that steps with the arrow keys.
 * @param {string} label
 * @param {(text: string) => void} entered
 */
export function stepper(label, entered, { help, min = 1, max, step = 1, empty } = {}) {
  const input = el("input", { type: "number", min, max, step, placeholder: empty, autocomplete: "off" });
  let shown = "";
  input.addEventListener("change", () => {
    if (input.value === shown) return;
    if (input.value === "" && empty === undefined) input.value = shown;
    else entered(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = shown;
  });
  return {
    root: labelled(label, input, help),
    input,
    set(value) {
      const text = value === null || value === undefined ? "" : String(value);
      const typing = input === document.activeElement && input.value !== shown;
      shown = text;
      if (!typing || input.value === "") input.value = text;
    },
    /** Show the last good value again, whatever stands there. */
    reset() {
      input.value = shown;
    },
  };
}

/** @returns {HTMLButtonElement} */
export function button(text, pressed, properties = {}) {
  return el("button", { type: "button", class: "ur-button", onclick: pressed, ...properties }, text);
}

/** A part of the sidebar that folds. */
export function section(title, ...children) {
  const alert = el("p", { class: "ur-alert", role: "alert", hidden: true });
  const root = el(
    "details",
    { class: "ur-section", open: true },
    el("summary", {}, title),
    el("div", { class: "ur-section-body" }, ...children, alert),
  );
  return { root, alert };
}
