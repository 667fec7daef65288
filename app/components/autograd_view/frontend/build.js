/** Makes the parts of the view, once, and tells each what it may do. */

import { writtenText } from "../../shared/frontend/notation/notation.js";
import { keepFromStreamlit, neighbour, onKey } from "../../graph_view/frontend/keys.js";
import { NodesTable } from "../../graph_view/frontend/nodes_table.js";
import { Player, quietWhile } from "../../graph_view/frontend/player.js";
import { el, tool } from "../../shared/frontend/dom.js";
import { plain, short } from "../../shared/frontend/numbers.js";
import { Pair } from "./pair.js";
import { calledOf, Pane } from "./pane.js";

/** @import { Direction, Keyed } from "../../graph_view/frontend/keys.js" */
/** @import { Sheet } from "../../graph_view/frontend/nodes_table.js" */
/** @import { AutogradView } from "./view.js" */

/**
 * @typedef {object} Parts
 * @property {Player} player
 * @property {Keyed} keyed
 * @property {HTMLElement} status   what the player is doing
 * @property {HTMLElement} rebuilt  what another T did to torch's graph
 * @property {Pair} pair
 * @property {NodesTable} table
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
  const table = new NodesTable({
    title: "Nodes as a table",
    label: "Nodes as a table",
    sheet: () => sheetOf(view),
    select: (id) => view.select({ pane: 0, id }),
    short,
    exact: (value) => plain(value, 17),
  });
  const keyed = keyedOf(view, player);
  /** @type {HTMLElement} */
  const stage = el("div", {
    class: "ur-autograd-stages",
    tabindex: 0,
    role: "application",
    "aria-label": "Two graphs. Arrow keys step, Space plays, Alt and arrow keys select a node.",
    onkeydown: (event) => onKey(event, keyed),
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
        onResize: () => view.camera.onResize(),
        lookOf: (pane, node) => view.looks.ofNode(pane, node),
        edgeLook: (pane, edge) => view.looks.ofEdge(pane, edge),
      }),
  );
  return { player, keyed, status, rebuilt, pair, table, frame, panes };
}

/**
 * @param {AutogradView} view
 * @param {Player} player
 * @returns {Keyed}
 */
const keyedOf = (view, player) => ({
  player,
  plays: () => view.data.frames.length > 0,
  end: () => view.end,
  zoom: (factor) => view.camera.zoom(factor),
  fit: () => view.camera.fit(),
  pin: () => view.pin(),
  enter: () => {
    const current = view.frameNow()?.current.at(-1);
    if (current) view.select({ pane: 0, id: current });
  },
  walk: (direction) => walk(view, direction),
});

/** Select the next node of the same graph. @param {AutogradView} view @param {Direction} direction */
function walk(view, direction) {
  const pane = view.panes[view.selected?.pane ?? 0];
  const made = [...pane.picture.nodes.values()];
  const from = view.selected && view.nodeOf(view.selected);
  const next = from ? neighbour(made, (node) => pane.placeOf(node), from, direction) : made[0];
  if (next) view.select({ pane: pane.index, id: next.id });
}

/** PyTorch's nodes that are made, each with what it stands for. @param {AutogradView} view @returns {Sheet} */
function sheetOf({ panes: [theirs, ours] }) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of theirs.edgeList) {
    next.set(from.id, [...(next.get(from.id) ?? []), writtenText(to.symbol)]);
  }
  const rows = [...theirs.picture.nodes.values()].map((node) => {
    const same = node.links.map((id) => writtenText(ours.byId.get(id)?.symbol ?? id));
    const texts = [node.facts[0][1], same.join(", "), (next.get(node.id) ?? []).join(", ")];
    return { id: node.id, name: calledOf(node), cells: () => texts.map((text) => text || "—") };
  });
  return { heads: ["PyTorch", "made by", "ours", "next_functions"], rows };
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
