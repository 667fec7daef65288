/** Makes the parts of the view, once, and tells each what it may do. */

import { keepFromStreamlit } from "../../graph_view/frontend/keys.js";
import { Player, quietWhile } from "../../graph_view/frontend/player.js";
import { el, tool } from "../../shared/frontend/dom.js";
import { Pair } from "./pair.js";
import { onKey } from "./keys.js";
import { Pane } from "./pane.js";
import { PairsTable } from "./pairs_table.js";

/** @import { AutogradView } from "./view.js" */

/**
 * @typedef {object} Parts
 * @property {Player} player
 * @property {HTMLElement} status   what the player is doing
 * @property {HTMLElement} rebuilt  what another T did to torch's graph
 * @property {Pair} pair
 * @property {PairsTable} table
 * @property {HTMLElement} frame    holds all of them
 * @property {Pane[]} panes         torch's graph and ours
 *
 * @param {AutogradView} view
 * @returns {Parts}
 */
export function build(view) {
  const player = new Player({
    go: (position) => view.go(position),
    position: () => view.position,
    end: () => view.end,
    onPlaying: (playing) => quietWhile(playing, status),
  });
  const status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
  const rebuilt = el("p", { class: "ur-autograd-rebuilt", role: "status" });
  const pair = new Pair({
    select: (pane, id) => view.select({ pane, id }),
    pin: () => view.pin(),
  });
  const table = new PairsTable((id) => view.select({ pane: 0, id }));
  /** @type {HTMLElement} */
  const stage = el("div", {
    class: "ur-autograd-stages",
    tabindex: 0,
    role: "application",
    "aria-label": "Two graphs. Arrow keys step, Space plays, Alt and left or right selects a node.",
    onkeydown: (event) => onKey(event, view),
    onpointerdown: () => stage.focus({ preventScroll: true }),
  });
  const frame = el(
    "div",
    { class: "ur-graph ur-autograd", onkeydown: keepFromStreamlit },
    rebuilt,
    stage,
    el("div", { class: "ur-autograd-bar" }, player.element, tools(view)),
    status,
    pair.element,
    table.element,
  );
  view.root.replaceChildren(frame);
  const panes = [0, 1].map(
    (index) =>
      new Pane(index, stage, {
        onSelect: (pane, id) => view.select(id === null ? null : { pane, id }),
        onHover: (pane, id) => view.hover(id === null ? null : { pane, id }),
        onCamera: (pane, camera) => view.camera.follow(pane, camera),
        onResize: () => view.camera?.onResize(),
        lookOf: (pane, node) => view.looks.ofNode(pane, node),
        edgeLook: (pane, edge) => view.looks.ofEdge(pane, edge),
      }),
  );
  return { player, status, rebuilt, pair, table, frame, panes };
}

/** @param {AutogradView} view */
function tools(view) {
  return el(
    "div",
    { class: "ur-buttons", role: "group", "aria-label": "View of both graphs" },
    tool("+", "Zoom in", () => view.camera.zoom(1.25)),
    tool("−", "Zoom out", () => view.camera.zoom(0.8)),
    tool("Fit", "Fit both graphs", () => view.camera.fit()),
  );
}
