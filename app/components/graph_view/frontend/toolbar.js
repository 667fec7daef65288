/** Above the graph: level, what the numbers are, and the camera; in its corner: the legend. */

import { el, setText, tool } from "../../shared/frontend/dom.js";
import { short } from "../../shared/frontend/numbers.js";
import { common } from "../../shared/frontend/common.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { Level } from "../../shared/frontend/cursor.js" */

/** @typedef {"value"|"gradient"} Mode */

const STOPS = [-1, -0.56, -0.25, -0.06, 0, 0.06, 0.25, 0.56, 1];

/** @type {[Mode, string][]} */
const MODES = [
  ["value", "Value"],
  ["gradient", "Gradient"],
];

/**
 * @param {object} hooks
 * @param {(level: Level) => void} hooks.level
 * @param {(mode: Mode) => void} hooks.mode
 * @param {() => void} hooks.fit
 * @param {(factor: number) => void} hooks.zoom
 * @param {() => void} hooks.png
 */
export function toolbar(hooks) {
  const levels = new Map(
    common().levels.map(([level, name], i) => [
      level,
      el(
        "button",
        {
          type: "button",
          class: "ur-segment",
          title: `Level ${name.toLowerCase()} (${i + 1})`,
          onclick: () => hooks.level(level),
        },
        name,
      ),
    ]),
  );
  const modes = new Map(
    MODES.map(([mode, name]) => [
      mode,
      el("button", { type: "button", class: "ur-segment", onclick: () => hooks.mode(mode) }, name),
    ]),
  );
  const low = el("span");
  const high = el("span");
  const bar = el("span", { class: "ur-legend-bar" });
  const what = el("span", { class: "ur-legend-what" });
  return {
    element: el(
      "div",
      { class: "ur-toolbar" },
      el(
        "div",
        { class: "ur-segments", role: "group", "aria-label": "Level of detail" },
        ...levels.values(),
      ),
      el(
        "div",
        { class: "ur-segments", role: "group", "aria-label": "Numbers shown in the nodes" },
        ...modes.values(),
      ),
      el(
        "div",
        { class: "ur-buttons", role: "group", "aria-label": "View of the graph" },
        tool("+", "Zoom in", () => hooks.zoom(1.25)),
        tool("−", "Zoom out", () => hooks.zoom(0.8)),
        tool("Fit", "Fit the whole graph", () => hooks.fit()),
        tool("PNG", "Download the picture as PNG", () => hooks.png()),
      ),
    ),
    legend: el("div", { class: "ur-legend", "aria-hidden": "true" }, what, low, bar, high),
    /** @param {Level[]} offered */
    show(offered) {
      for (const [level, button] of levels) {
        button.disabled = !offered.includes(level);
        if (button.disabled) button.title = "Too many nodes to draw at this size";
      }
    },
    /**
     * @param {Level} level
     * @param {boolean} gradient whether the nodes show it
     * @param {Scale} scale
     * @param {boolean} hasGradient
     */
    mark(level, gradient, scale, hasGradient) {
      for (const [name, button] of levels) {
        button.setAttribute("aria-pressed", String(name === level));
      }
      for (const [name, button] of modes) {
        button.setAttribute("aria-pressed", String((name === "gradient") === gradient));
        button.disabled = name === "gradient" && !hasGradient;
      }
      setText(what, gradient ? "∂L/∂·" : "value");
      setText(low, short(-scale.largest, 2));
      setText(high, short(scale.largest, 2));
      const colours = STOPS.map((stop) => scale.fill(stop * scale.largest)).join(", ");
      if (bar.dataset.colours !== colours) {
        bar.dataset.colours = colours;
        bar.style.background = `linear-gradient(90deg, ${colours})`;
      }
    },
  };
}
