/** Makes the parts of the view, once, and tells each what it may do. */

import { download, el } from "../../frontend/dom.js";
import { Inspector } from "./inspector.js";
import { keepFromStreamlit, onKey } from "./keys.js";
import { Overview } from "./overview.js";
import { Player, quietWhile } from "./player.js";
import { Table } from "./table.js";
import { Tip } from "./tip.js";
import { toolbar } from "./toolbar.js";
import { Viewer } from "./viewer.js";

/** @param {import("./view.js").GraphView} view gets its parts as properties */
export function build(view) {
  view.player = new Player({
    go: (position, by) => view.go(position, by),
    position: () => view.position,
    end: () => view.frames.end,
    onPlaying: (playing) => quietWhile(playing, view.status),
  });
  view.inspector = new Inspector({
    select: (id) => view.selection.choose(id),
    pick: (item, k) => view.selection.pick(item, k),
    pin: () => view.selection.pin(),
  });
  view.table = new Table({ rows: () => view.rows(), select: (id) => view.selection.choose(id) });
  view.overview = new Overview({ jump: (step) => view.jump(step) });
  view.tools = toolbar({
    level: (level) => view.setLevel(level),
    mode: (mode) => view.setMode(mode),
    fit: () => view.viewer.fit(),
    zoom: (factor) => view.viewer.zoom(factor),
    png: () => download(`graph-${view.model.level}.png`, view.viewer.png(view.theme.background)),
  });
  view.status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
  view.missing = el("p", { class: "ur-missing", role: "status", hidden: true });
  const canvas = el("div", { class: "ur-canvas" });
  view.tip = new Tip(view);
  view.stage = el(
    "div",
    {
      class: "ur-stage",
      tabindex: 0,
      role: "application",
      "aria-label":
        "Computational graph. Arrow keys step, Space plays, Alt and arrow keys select a node.",
      onkeydown: (event) => onKey(event, view),
      onpointerdown: () => view.stage.focus({ preventScroll: true }),
    },
    canvas,
    view.tools.legend,
    view.tip.element,
  );
  view.frame = el(
    "div",
    { class: "ur-graph", onkeydown: keepFromStreamlit },
    el(
      "div",
      { class: "ur-main" },
      view.missing,
      view.tools.element,
      view.stage,
      view.overview.element,
      view.player.element,
      view.status,
    ),
    view.inspector.element,
    view.table.element,
  );
  view.root.replaceChildren(view.frame);
  view.viewer = new Viewer(canvas, {
    onSelect: (id) => view.selection.choose(id),
    onMove: () => view.table.show(),
    onPoint: (node) => view.tip.about(node),
    stateOf: () => ({ step: view.step(), atEnd: view.position >= view.frames.end }),
    lookOf: (node) => view.looks.ofNode(node),
    edgeLooks: {
      rest: (edge) => view.looks.ofEdge(edge),
      active: (edge) => view.looks.ofActive(edge),
    },
  });
}
