/** Small labelled controls that show a value from Python and ask for another one. */

import { el, setText } from "../../shared/frontend/dom.js";
import { selectOnClick } from "./selecting.js";

/** @import { Properties } from "../../shared/frontend/dom.js" */

let ids = 0;

/**
 * A label above a control.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [help]
 */
function labelled(label, control, help) {
  control.id = `ur-e-control-${(ids += 1)}`;
  return el(
    "div",
    { class: "ur-e-control", title: help },
    el("label", { for: control.id }, label),
    control,
  );
}

/**
 * @param {string} label
 * @param {(value: string) => void} chosen
 * @param {string} [help]
 */
export function choice(label, chosen, help) {
  /** @type {HTMLSelectElement} */
  const select = el("select", { onchange: () => chosen(select.value) });
  let known = "";
  return {
    root: labelled(label, select, help),
    /** @param {string[][]} options @param {?string|undefined} value @param {string} [other] */
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
 * A number that steps with the arrow keys, and with `buttons` by a click as well.
 * @param {string} label
 * @param {(text: string) => void} entered
 * @param {{help?: string, name?: string, min?: number, max?: number, step?: number, empty?: string,
 *   buttons?: boolean}} [options]
 */
export function stepper(label, entered, options = {}) {
  const { help, name = label, min = 1, max, step = 1, empty, buttons = false } = options;
  const input = el("input", {
    type: "number",
    min,
    max,
    step,
    placeholder: empty,
    autocomplete: "off",
  });
  let shown = "";
  let typing = false;
  const enter = () => {
    typing = false;
    if (input.value === shown) return;
    if (input.value === "" && empty === undefined) input.value = shown;
    else entered(input.value);
  };
  input.addEventListener("input", () => {
    typing = true;
  });
  input.addEventListener("change", enter);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = shown;
    typing = false;
  });
  const root = labelled(label, input, help);
  selectOnClick(root);
  if (name !== label) input.setAttribute("aria-label", name);
  if (buttons) {
    /** @param {number} sign @param {string} text */
    const by = (sign, text) => {
      const pressed = () => {
        if (sign < 0) input.stepDown();
        else input.stepUp();
        enter();
      };
      return el(
        "button",
        { type: "button", tabindex: -1, "aria-label": `${text} ${label}`, onclick: pressed },
        sign < 0 ? "−" : "+",
      );
    };
    const joined = el("div", { class: "ur-e-stepper" }, by(-1, "Decrease"), by(1, "Increase"));
    root.append(joined);
    joined.insertBefore(input, joined.lastChild);
  }
  return {
    root,
    input,
    /** Other words for it. @param {string} text @param {string} spoken @param {string} title */
    call(text, spoken, title) {
      const named = root.querySelector("label");
      if (named) setText(named, text);
      input.setAttribute("aria-label", spoken);
      root.title = title;
    },
    /** @param {?number|undefined} value @param {string} [hint] */
    set(value, hint) {
      shown = value === null || value === undefined ? "" : String(value);
      if (!typing) input.value = shown;
      if (hint !== undefined) input.placeholder = hint;
    },
  };
}

/**
 * A line of text.
 * @param {string} label
 * @param {(text: string) => void} entered
 * @param {{help?: string, empty?: string, longest: number}} options
 */
export function entry(label, entered, { help, empty, longest }) {
  /** @type {HTMLInputElement} */
  const input = el("input", {
    type: "text",
    placeholder: empty,
    maxlength: longest,
    autocomplete: "off",
    spellcheck: "false",
    onchange: () => entered(input.value),
  });
  let shown = "";
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") input.value = shown;
  });
  return {
    root: labelled(label, input, help),
    /** @param {string} value @param {boolean} isRefused */
    set(value, isRefused) {
      if (!isRefused && (value !== shown || document.activeElement !== input)) input.value = value;
      shown = value;
      input.setAttribute("aria-invalid", String(isRefused));
    },
  };
}

/**
 * A box to tick.
 * @param {string} label
 * @param {(ticked: boolean) => void} chosen
 * @param {string} [help]
 */
export function tick(label, chosen, help) {
  /** @type {HTMLInputElement} */
  const input = el("input", { type: "checkbox", onchange: () => chosen(input.checked) });
  return {
    root: el("label", { class: "ur-e-tick", title: help }, input, label),
    /** @param {boolean} ticked */
    set(ticked) {
      input.checked = ticked;
    },
  };
}

/**
 * @param {string} text
 * @param {() => void} pressed
 * @param {Properties} [properties]
 */
export function button(text, pressed, properties = {}) {
  return el(
    "button",
    { type: "button", class: "ur-e-button", onclick: pressed, ...properties },
    text,
  );
}

/** A part of the sidebar that folds. @param {string} title @param {...HTMLElement} children */
export function section(title, ...children) {
  const alert = el("p", { class: "ur-alert", role: "alert", hidden: true });
  const root = el(
    "details",
    { class: "ur-e-section", open: true },
    el("summary", {}, title),
    el("div", { class: "ur-e-section-body" }, ...children, alert),
  );
  return { root, alert };
}
