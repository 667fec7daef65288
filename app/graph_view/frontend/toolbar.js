/** Above the graph: level, what the numbers are, and the camera; in its corner: the legend. */

import { el, setText, tool } from "../../frontend/dom.js";
import { short } from "../../frontend/format.js";

const LEVELS = [
  ["rolled", "Rolled"],
  ["step", "Step"],
  ["operation", "Operation"],
  ["scalar", "Scalar"],
];
const STOPS = [-1, -0.56, -0.25, -0.06, 0, 0.06, 0.25, 0.56, 1];

/**
 * @param {{level: Function, mode: Function, fit: Function, zoom: Function, png: Function}} hooks
 */
export function toolbar(hooks) {
  const levels = new Map(
    LEVELS.map(([level, name], i) => [
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
    [
      ["value", "Value"],
      ["gradient", "Gradient"],
    ].map(([mode, name]) => [
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
    show(offered) {
      for (const [level, button] of levels) {
        button.disabled = !offered.includes(level);
        if (button.disabled) button.title = "Too many nodes to draw at this size";
      }
    },
    mark(level, gradient, scale, hasGradient) {
      for (const [name, button] of levels) {
        button.setAttribute("aria-pressed", String(name === level));
      }
      modes.get("value").setAttribute("aria-pressed", String(!gradient));
      modes.get("gradient").setAttribute("aria-pressed", String(gradient));
      modes.get("gradient").disabled = !hasGradient;
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
