/** Binds both graphs, the player and the texts: all follow from the data and one position. */

import { canvasTheme } from "../graph_view/looks.js";
import { keepFromStreamlit } from "../graph_view/keys.js";
import { Player } from "../graph_view/player.js";
import { diverging, largestOf } from "../shared/colour.js";
import { channels, el, setText } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { Camera } from "./camera.js";
import { Details } from "./details.js";
import { onKey } from "./keys.js";
import { Pane } from "./pane.js";
import { Table } from "./table.js";

const REBUILD_MS = 1400; // a new T is shown being built, once
const FRESH_MS = 4000;
// A page may take the component away and bring it back: where the user was is kept.
const kept = new Map();

export class AutogradView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.position = Infinity;
    this.selected = null; // {pane, id}
    this.hovered = null;
    this.fresh = new Set();
    this.panes = [0, 1].map(
      (index) =>
        new Pane(index, {
          onSelect: (pane, id) => this.select(id === null ? null : { pane, id }),
          onHover: (pane, id) => this.hover(id === null ? null : { pane, id }),
          onCamera: (pane, camera) => this.camera.follow(pane, camera),
          lookOf: (pane, node) => this.lookOf(pane, node),
          edgeLook: (pane, edge) => this.edgeLook(pane, edge),
        }),
    );
    this.player = new Player({
      go: (position) => this.go(position),
      position: () => this.position,
      end: () => this.end,
      onPlaying: (playing) => this.status.setAttribute("aria-live", playing ? "off" : "polite"),
    });
    this.build();
    this.camera = new Camera(this.panes);
  }

  build() {
    this.status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
    this.rebuilt = el("p", { class: "ur-autograd-rebuilt", role: "status" });
    this.details = new Details((pane, id) => this.select({ pane, id }));
    this.table = new Table((id) => this.select({ pane: 0, id }));
    const tool = (text, label, act) =>
      el(
        "button",
        {
          type: "button",
          class: "ur-button ur-square",
          "aria-label": label,
          title: label,
          onclick: act,
        },
        text,
      );
    this.stage = el(
      "div",
      {
        class: "ur-autograd-stages",
        tabindex: 0,
        role: "application",
        "aria-label":
          "Two graphs. Arrow keys step, Space plays, Alt and left or right selects a node.",
        onkeydown: (event) => onKey(event, this),
        onpointerdown: () => this.stage.focus({ preventScroll: true }),
      },
      this.panes[0].element,
      this.panes[1].element,
    );
    this.tools = el(
      "div",
      { class: "ur-buttons", role: "group", "aria-label": "View of both graphs" },
      tool("+", "Zoom in", () => this.camera.zoom(1.25)),
      tool("−", "Zoom out", () => this.camera.zoom(0.8)),
      tool("Fit", "Fit both graphs", () => this.camera.fit()),
    );
    this.bar = el("div", { class: "ur-autograd-bar" }, this.player.element, this.tools);
    this.frame = el(
      "div",
      { class: "ur-graph ur-autograd", onkeydown: keepFromStreamlit },
      this.rebuilt,
      this.stage,
      this.bar,
      this.status,
      this.details.element,
      this.table.element,
    );
    this.root.replaceChildren(this.frame);
    for (const pane of this.panes) pane.start();
  }

  /** New data from Python: an edit, another T, another demonstration. */
  update(data) {
    const before = this.data;
    this.data = data;
    for (const pane of data.panes) {
      for (const node of pane.nodes) {
        node.value = node.value.map(number);
        node.grad = node.grad?.map(number) ?? null;
        node.round = !["leaf", "parameter", "input", "target", "state"].includes(node.kind);
        node.dashed = node.mark === "freed";
      }
    }
    this.end = data.frames.length + 1;
    this.retheme();
    const ids = new Set(before?.panes[0].nodes.map((node) => node.id));
    data.panes.forEach((pane, index) => this.panes[index].show(pane));
    const known = kept.get(data.key);
    this.position = Math.min(before || known ? (known?.position ?? Infinity) : Infinity, this.end);
    if (this.selected && !this.nodeOf(this.selected)) this.selected = null;
    this.hovered = null;
    const playable = data.frames.length > 0;
    this.player.element.hidden = !playable;
    this.status.hidden = !playable;
    if (before?.shape !== data.shape) this.camera.first(kept.get(data.key)?.camera);
    this.camera.keep = (camera) => this.keep({ camera });
    if (before && before.steps && data.steps && before.steps !== data.steps) {
      this.tellRebuilt(before, data, ids);
    } else {
      this.rebuilt.hidden = !this.rebuilt.textContent;
    }
    this.render();
  }

  /** Say what another T did to torch's graph, mark what is new, and build it once more. */
  tellRebuilt(before, data, ids) {
    const now = data.panes[0].nodes;
    this.fresh = new Set(now.filter((node) => !ids.has(node.id)).map((node) => node.id));
    this.rebuilt.hidden = false;
    this.rebuilt.textContent =
      `Rebuilt: ${now.length} nodes in PyTorch’s graph for T = ${data.steps}; ` +
      `it was ${ids.size} for T = ${before.steps}. ` +
      (this.fresh.size ? `New: ${this.fresh.size}, tinted.` : "");
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      this.fresh.clear();
      for (const pane of this.panes) pane.redraw();
    }, REBUILD_MS + FRESH_MS);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.replay();
  }

  /** Build the graph again in about a second, from nothing to where the player stands. */
  replay() {
    cancelAnimationFrame(this.replaying);
    const goal = this.position;
    const began = performance.now();
    const tick = (now) => {
      const share = Math.min(1, (now - began) / REBUILD_MS);
      this.position = Math.round(share * goal);
      this.render();
      this.replaying = share < 1 ? requestAnimationFrame(tick) : 0;
    };
    this.position = 0;
    this.replaying = requestAnimationFrame(tick);
  }

  retheme() {
    const theme = canvasTheme(this.root);
    this.theme = { ...theme, fresh: blend(theme.primary, theme.card, 0.22) };
    const gradients = this.data.panes.flatMap((pane) =>
      pane.nodes.map((node) => (node.kind === "parameter" || !node.grad ? 0 : largestOf(node.grad))),
    );
    const values = this.data.panes[1].nodes.map((node) => largestOf(node.value));
    this.scales = {
      gradient: diverging(largestOf(gradients) || 1, theme.dark),
      value: diverging(largestOf(values) || 1, theme.dark),
    };
  }

  onTheme() {
    if (!this.data) return;
    this.retheme();
    for (const pane of this.panes) pane.styles.clear();
    this.render();
  }

  go(position) {
    cancelAnimationFrame(this.replaying);
    this.replaying = 0;
    this.position = Math.max(0, Math.min(this.end, position));
    this.keep({ position: this.position });
    this.render();
    const first = this.frameNow()?.current.at(-1);
    if (first) this.camera.reveal(this.panes[0].byId.get(first));
  }

  keep(partial) {
    kept.set(this.data.key, { ...kept.get(this.data.key), ...partial });
  }

  frameNow() {
    return this.data.frames[this.position - 1] ?? null;
  }

  /** Where there is nothing to play, everything has been made. */
  get reached() {
    return this.data.frames.length ? this.position : Infinity;
  }

  select(target) {
    const same = target && this.selected?.id === target.id && this.selected.pane === target.pane;
    this.selected = same ? null : target;
    this.render();
    if (this.selected) this.camera.reveal(this.nodeOf(this.selected));
  }

  hover(target) {
    this.hovered = target;
    this.render();
  }

  nodeOf({ pane, id }) {
    return this.panes[pane].byId?.get(id) ?? null;
  }

  /** What the texts are about: what is pointed at, else selected, else being made or visited. */
  subject() {
    const made = (target) => target && this.nodeOf(target)?.born <= this.reached && target;
    const current = this.frameNow()?.current.at(-1);
    return (
      made(this.hovered) || made(this.selected) || (current ? { pane: 0, id: current } : null)
    );
  }

  /** The subject with its counterparts, as sets of ids by pane. */
  mark() {
    const subject = this.subject();
    this.marked = [new Set(), new Set()];
    this.subjectId = subject ? `${subject.pane}:${subject.id}` : "";
    if (!subject) return null;
    const node = this.nodeOf(subject);
    this.marked[1 - subject.pane] = new Set(node.links);
    return { ...subject, node };
  }

  render() {
    const subject = this.mark();
    for (const pane of this.panes) pane.place(this.reached);
    this.player.show(this.position, this.data.forward, this.end, this.sentence());
    this.tell();
    this.details.show(subject, this.panes, this.reached, this.data);
    this.table.show(this.panes, this.reached);
    for (const pane of this.panes) pane.redraw();
    const { dataset } = this.frame;
    dataset.position = String(this.position);
    dataset.built = this.panes.map((pane) => pane.placed.size).join(",");
    dataset.selected = this.selected?.id ?? "";
    dataset.linked = [...this.marked[0], ...this.marked[1]].join("|");
  }

  tell() {
    const frame = this.frameNow();
    if (frame) this.status.replaceChildren(el("code", {}, frame.line), ` ${frame.text}`);
    else setText(this.status, this.sentence());
  }

  sentence() {
    const frame = this.frameNow();
    if (frame) return `${frame.line} ${frame.text}`;
    if (this.position <= 0) return "Nothing has run yet: there is no graph.";
    const visits = this.data.frames.length - this.data.forward;
    return `Done: ${this.data.forward} operations built PyTorch’s graph, ${visits} visits walked it back.`;
  }

  lookOf(pane, node) {
    const felt = node.felt !== null && node.felt <= this.reached && this.reached > this.data.forward;
    const current = Boolean(
      pane === 0
        ? this.frameNow()?.current.includes(node.id)
        : this.frameNow()?.current.some((id) => this.panes[0].byId.get(id)?.links.includes(node.id)),
    );
    const values = pane === 1 && !node.name;
    return {
      theme: this.theme,
      felt,
      scale: felt ? this.scales.gradient : this.scales.value,
      numbers: felt ? node.grad : values ? node.value : null,
      current,
      linked: this.marked[pane].has(node.id),
      selected: this.subjectId === `${pane}:${node.id}` && !current,
      fresh: pane === 0 && this.fresh.has(node.id),
    };
  }

  edgeLook(pane, { from, to }) {
    const frame = this.frameNow();
    const hot =
      pane === 0 && frame && frame.current.includes(from) && (frame.phase === "backward" || true);
    if (hot) return { colour: this.theme.primary, width: 2.5, opacity: 1 };
    const shared = [from, to].some((id) => !/[[.(]|^[aLl]/.test(id));
    return { colour: this.theme.edge, width: 1, opacity: shared ? 0.3 : 0.8 };
  }

  destroy() {
    cancelAnimationFrame(this.replaying);
    clearTimeout(this.fading);
    this.player.destroy();
    this.camera.destroy();
    for (const pane of this.panes) pane.destroy();
  }
}

/** A colour between two, as rgb(…). */
function blend(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((channel, k) => Math.round(channel * share + b[k] * (1 - share))).join(",")})`;
}
