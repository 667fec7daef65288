/** Makes the parts of the view, once, and tells each what it may do. */

import { keepFromStreamlit } from "../../graph_view/frontend/keys.js";
import { Player, quietWhile } from "../../graph_view/frontend/player.js";
import { el, tool } from "../../frontend/dom.js";
import { Details } from "./details.js";
import { onKey } from "./keys.js";
import { Table } from "./table.js";

/** @param {import("./view.js").AutogradView} view gets its parts as properties */
export function build(view) {
  view.player = new Player({
    go: (position) => view.go(position),
    position: () => view.position,
    end: () => view.end,
    onPlaying: (playing) => quietWhile(playing, view.status),
  });
  view.status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
  view.rebuilt = el("p", { class: "ur-autograd-rebuilt", role: "status" });
  view.details = new Details({
    select: (pane, id) => view.select({ pane, id }),
    pin: () => view.pin(),
  });
  view.table = new Table((id) => view.select({ pane: 0, id }));
  view.stage = el(
    "div",
    {
      class: "ur-autograd-stages",
      tabindex: 0,
      role: "application",
      "aria-label":
        "Two graphs. Arrow keys step, Space plays, Alt and left or right selects a node.",
      onkeydown: (event) => onKey(event, view),
      onpointerdown: () => view.stage.focus({ preventScroll: true }),
    },
    ...view.panes.map((pane) => pane.element),
  );
  view.frame = el(
    "div",
    { class: "ur-graph ur-autograd", onkeydown: keepFromStreamlit },
    view.rebuilt,
    view.stage,
    el("div", { class: "ur-autograd-bar" }, view.player.element, tools(view)),
    view.status,
    view.details.element,
    view.table.element,
  );
  view.root.replaceChildren(view.frame);
  for (const pane of view.panes) pane.start();
}

function tools(view) {
  return el(
    "div",
    { class: "ur-buttons", role: "group", "aria-label": "View of both graphs" },
    tool("+", "Zoom in", () => view.camera.zoom(1.25)),
    tool("−", "Zoom out", () => view.camera.zoom(0.8)),
    tool("Fit", "Fit both graphs", () => view.camera.fit()),
  );
}
