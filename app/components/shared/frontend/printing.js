/** On paper: a canvas that is laid out for it anew is empty, so what is drawn there is copied before. */

import { el } from "./dom.js";

/**
 * Mark the app that something is in as one in a dark theme, which the style sheet turns into a light
 * one on paper.
 * @param {HTMLElement} part
 */
export function markDark(part) {
  const isDark = getComputedStyle(part).colorScheme === "dark";
  part.closest("[data-testid=stApp]")?.toggleAttribute("data-ur-dark", isDark);
}

/**
 * Have what a container's canvas shows printed, as wide as the paper leaves room for.
 * @param {HTMLElement} container
 * @returns {() => void} an end to that
 */
export function printed(container) {
  const copy = el("canvas", { class: "ur-printed", "aria-hidden": "true" });
  const before = () => {
    const canvas = container.querySelector("canvas");
    if (!canvas?.width) return;
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    container.after(copy);
    markDark(container);
  };
  const after = () => copy.remove();
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
    after();
  };
}
