/** Makes the parts of the view, once, and tells each what it may do. */

import { download, el } from "../../shared/frontend/dom.js";
import { hand } from "../../shared/frontend/hand.js";
import { plain, short } from "../../shared/frontend/numbers.js";
import { Changed } from "./changed.js";
import { HeldBar } from "./held_bar.js";
import { Inspector } from "./inspector.js";
import { keyedOf } from "./keyed.js";
import { keepFromStreamlit, onButtonKey, onKey } from "./keys.js";
import { Overview } from "./overview.js";
import { Player, quietWhile } from "./player.js";
import { Panel } from "./predict/panel.js";
import { NodesTable } from "./nodes_table.js";
import { Room } from "./room.js";
import { Strip } from "./strip.js";
import { Tip } from "./tip.js";
import { toolbar } from "./toolbar.js";
import { Viewer } from "./viewer.js";

/**
 * @typedef {object} Parts
 * @property {Player} player
 * @property {import("./keys.js").Keyed} keyed
 * @property {Panel} predict
 * @property {Inspector} inspector
 * @property {NodesTable} table
 * @property {Overview} overview
 * @property {ReturnType<typeof toolbar>} tools
 * @property {Strip} strip  the equations
 * @property {HTMLElement} status  what the player is doing
 * @property {HTMLElement} missing what a link asks for and this graph does not have
 * @property {HeldBar} held  what is held at a value
 * @property {Tip} tip
 * @property {Changed} changed what keys have made of a given number
 * @property {HTMLElement} frame   holds all of them
 * @property {Room} room     in a show, what the screen has for the graph
 * @property {Viewer} viewer
 *
 * @param {import("./view.js").GraphView} view
 * @returns {Parts}
 */
export function build(view) {
  const player = new Player({
    go: (position, by) => view.go(position, by),
    position: () => view.position,
    end: () => view.frames.end,
    onPlaying: (playing) => quietWhile(playing, status),
    onKey: (event) => onButtonKey(event, keyed),
    onPredict: () => view.predicting.turn(),
  });
  const keyed = keyedOf(view, player);
  const predict = new Panel({
    answer: (numbers) => view.predicting.answer(numbers),
    choice: (key) => view.predicting.choice(key),
    show: () => view.predicting.show(),
    kind: (kind) => view.predicting.choose(kind),
    stop: () => view.predicting.choose(""),
    back: () => view.predicting.resume(),
    step: (by) => player.step(by),
  });
  const inspector = new Inspector({
    select: (id) => view.selection.choose(id),
    pick: (item, k) => view.selection.pick(item, k),
    pin: () => view.selection.pin(),
    hold: (node, component, text) => view.holder.hold(node, component, text),
    free: (node, component) => view.holder.free(node, component),
  });
  const table = new NodesTable({
    title: "The graph as a table",
    label: "Nodes of the graph as a table",
    sheet: () => view.around.sheet(),
    select: (id) => view.selection.choose(id),
    short,
    exact: (value) => plain(value, 17),
  });
  const overview = new Overview({ jump: (step) => view.jump(step) });
  const tools = toolbar({
    level: (level) => view.setLevel(level),
    mode: (mode) => view.modes.choose(mode),
    unfold: (unfolded) => view.unfold(unfolded),
    fit: () => view.parts.viewer.fit(),
    zoom: (factor) => view.parts.viewer.zoom(factor),
    png: () =>
      download(`graph-${view.model.level}.png`, view.parts.viewer.png(view.theme.background)),
  });
  const status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
  const missing = el("p", { class: "ur-missing", role: "status", hidden: true });
  const held = new HeldBar({
    free: (place) => view.holder.freePlace(place),
    freeAll: () => view.holder.freePlace(""),
    unpin: () => view.holder.unpin(),
  });
  const strip = new Strip();
  const canvas = el("div", { class: "ur-canvas" });
  const tip = new Tip(view);
  const changed = new Changed();
  /** @type {HTMLElement} */
  const stage = el(
    "div",
    {
      class: "ur-stage",
      tabindex: 0,
      role: "application",
      "aria-label":
        "Computational graph. Arrow keys step, Space plays, Alt and arrow keys select a node; " +
        "one entry of a given array that was chosen is changed by Alt with up and down.",
      onkeydown: (event) => {
        if (!event.altKey) changed.hide(); // something else is done
        onKey(event, keyed);
      },
      onkeyup: (event) => event.key === "Alt" && hand.release(),
      onblur: () => hand.release(),
      onpointerdown: () => {
        changed.hide();
        stage.focus({ preventScroll: true });
      },
    },
    canvas,
    tools.legend,
    changed.element,
    tip.element,
  );
  const main = el(
    "div",
    { class: "ur-main" },
    missing,
    held.element,
    tools.element,
    stage,
    overview.element,
    player.element,
    status,
    inspector.said.element,
  );
  const side = el("div", { class: "ur-side" }, predict.element, inspector.element);
  const frame = el(
    "div",
    { class: "ur-graph", onkeydown: keepFromStreamlit },
    strip.element,
    main,
    side,
    table.element,
  );
  view.root.replaceChildren(frame);
  const viewer = new Viewer(canvas, {
    onSelect: (id) => view.selection.choose(id),
    onMove: () => table.show(),
    onPoint: (node) => tip.about(node),
    onHold: (node, component) => (hand.waits() ? null : view.follower.changeOf(node, component)),
    stateOf: () => ({
      step: view.step(),
      atStart: view.position === 0,
      atEnd: view.position >= view.frames.end,
      goesBack: view.phase() === "backward",
      node: view.looks.node ?? view.looks.current ?? null,
      current: view.looks.current,
    }),
    legendHeight: () => {
      const legend = tools.legend.offsetTop + tools.legend.offsetHeight;
      const covers = view.data.large; // in a lecture hall the buttons stand on the picture
      return covers ? Math.max(legend, tools.element.offsetHeight + 8) : legend;
    },
    lookOf: (node) => view.looks.ofNode(node),
    edgeLooks: {
      rest: (edge) => view.looks.ofEdge(edge),
      active: (edge) => view.looks.ofActive(edge),
    },
  });
  return {
    player,
    keyed,
    predict,
    inspector,
    table,
    overview,
    tools,
    strip,
    status,
    missing,
    held,
    tip,
    changed,
    frame,
    room: new Room(frame, { main, side, strip: strip.element, player: player.element }),
    viewer,
  };
}
