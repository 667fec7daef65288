/** Above the graph: level, what the numbers are, and the camera; in its corner: the legend. */

import { el, setText, tool } from "../../shared/frontend/dom.js";
import { writtenText } from "../../shared/frontend/notation/notation.js";
import { short } from "../../shared/frontend/numbers.js";
import { common } from "../../shared/frontend/common.js";

/** @import { Scale } from "../../shared/frontend/colour.js" */
/** @import { Level } from "../../shared/frontend/cursor.js" */

/** @typedef {"value"|"gradient"|"both"} Mode */

const STOPS = [-1, -0.56, -0.25, -0.06, 0, 0.06, 0.25, 0.56, 1];

/** @type {[Mode, string][]} */
const MODES = [
  ["value", "Value"],
  ["gradient", "Gradient"],
  ["both", "Both"],
];

/**
 * @param {object} hooks
 * @param {(level: Level) => void} hooks.level
 * @param {(mode: Mode) => void} hooks.mode
 * @param {(unfolded: boolean) => void} hooks.unfold  gradients by inputs and targets
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
  /** @type {HTMLButtonElement} */
  const givens = el("button", {
    type: "button",
    class: "ur-button",
    title: "Show the gradients by inputs and targets as well, which no weight needs",
    onclick: () => hooks.unfold(givens.getAttribute("aria-pressed") !== "true"),
  });
  const legends = { value: legendOf("value"), gradient: legendOf("gradient") };
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
      givens,
      el(
        "div",
        { class: "ur-buttons", role: "group", "aria-label": "View of the graph" },
        tool("+", "Zoom in", () => hooks.zoom(1.25)),
        tool("−", "Zoom out", () => hooks.zoom(0.8)),
        tool("Fit", "Fit the whole graph", () => hooks.fit()),
        tool("PNG", "Download the picture as PNG", () => hooks.png()),
      ),
    ),
    legend: el(
      "div",
      { class: "ur-legend", "aria-hidden": "true" },
      legends.value.element,
      legends.gradient.element,
    ),
    /** @param {Level[]} offered */
    show(offered) {
      for (const [level, button] of levels) {
        button.disabled = !offered.includes(level);
        if (button.disabled) button.title = "Too many nodes to draw at this size";
      }
    },
    /**
     * @param {Level} level
     * @param {Mode} mode what the nodes show
     * @param {{value: Scale, gradient: Scale}} scales
     * @param {boolean} hasGradient
     * @param {boolean} unfolded
     */
    mark(level, mode, scales, hasGradient, unfolded) {
      givens.hidden = !hasGradient;
      setText(givens, `${writtenText("∂L/∂x")}, ${writtenText("∂L/∂y")}`);
      setText(legends.gradient.what, `${writtenText("∂L")}/∂·`);
      givens.setAttribute("aria-pressed", String(unfolded));
      for (const [name, button] of levels) {
        button.setAttribute("aria-pressed", String(name === level));
      }
      for (const [name, button] of modes) {
        button.setAttribute("aria-pressed", String(name === mode));
        button.disabled = name !== "value" && !hasGradient;
      }
      for (const name of /** @type {const} */ (["value", "gradient"])) {
        legends[name].show(mode === name || mode === "both" ? scales[name] : null);
      }
    },
  };
}

/** What the colours of one kind of number mean. @param {string} name */
function legendOf(name) {
  const low = el("span");
  const high = el("span");
  const bar = el("span", { class: "ur-legend-bar" });
  const what = el("span", { class: "ur-legend-what" }, name);
  const element = el("div", { class: "ur-legend-row", "data-of": name }, what, low, bar, high);
  return {
    element,
    what,
    /** @param {?Scale} scale null where none is shown */
    show(scale) {
      element.hidden = !scale;
      if (!scale) return;
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
