/** Binds both graphs, the player and the texts: all follow from the data and one position. */

import { addressWriter } from "../../frontend/address.js";
import { el, setText } from "../../frontend/dom.js";
import { number, summary } from "../../frontend/format.js";
import { build } from "./build.js";
import { Camera } from "./camera.js";
import { Looks } from "./looks.js";
import { Pane } from "./pane.js";

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
    this.pinned = false; // whether it stays while the player goes on
    this.hovered = null;
    this.fresh = new Set();
    this.panes = [0, 1].map(
      (index) =>
        new Pane(index, {
          onSelect: (pane, id) => this.select(id === null ? null : { pane, id }),
          onHover: (pane, id) => this.hover(id === null ? null : { pane, id }),
          onCamera: (pane, camera) => this.camera.follow(pane, camera),
          lookOf: (pane, node) => this.looks.ofNode(pane, node),
          edgeLook: (pane, edge) => this.looks.ofEdge(pane, edge),
        }),
    );
    this.looks = new Looks(this);
    this.writeAddress = addressWriter(() => ({
      [this.parameter]: this.position < this.end ? String(this.position) : null,
    }));
    build(this);
    this.camera = new Camera(this.panes);
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
    this.looks.reset();
    const ids = new Set(before?.panes[0].nodes.map((node) => node.id));
    data.panes.forEach((pane, index) => this.panes[index].show(pane));
    this.position = Math.min(this.keptPosition(), this.end);
    if (this.selected && !this.nodeOf(this.selected)) this.selected = null;
    this.pinned &&= this.selected !== null;
    this.hovered = null;
    const playable = data.frames.length > 0;
    this.player.element.hidden = !playable;
    this.status.hidden = !playable;
    this.camera.all = !playable;
    this.frame.classList.toggle("ur-autograd-still", !playable);
    if (before?.shape !== data.shape) this.camera.first(kept.get(data.key)?.camera);
    this.camera.keep = (camera) => this.keep({ camera });
    if (before && before.steps && data.steps && before.steps !== data.steps) {
      this.tellRebuilt(before, data, ids);
    } else {
      this.rebuilt.hidden = !this.rebuilt.textContent;
    }
    this.writeAddress();
    this.render();
  }

  /** Where the player was when the page was last here, or where a link puts it; else the end. */
  keptPosition() {
    const known = kept.get(this.data.key);
    if (known && "position" in known) return known.position;
    const text = new URLSearchParams(location.search).get(this.parameter);
    return /^\d{1,6}$/.test(text ?? "") ? Number(text) : Infinity;
  }

  /** The position's name in the address. */
  get parameter() {
    return `${this.data.key}_at`;
  }

  /** Say what another T did to torch's graph, mark what is new, and build it once more. */
  tellRebuilt(before, data, ids) {
    const now = data.panes[0].nodes;
    this.fresh = new Set(now.filter((node) => !ids.has(node.id)).map((node) => node.id));
    this.rebuilt.hidden = false;
    this.rebuilt.textContent =
      `Rebuilt: ${now.length} nodes in PyTorch’s graph for T = ${data.steps}; ` +
      `it was ${ids.size} for T = ${before.steps}. ${
        this.fresh.size ? `New: ${this.fresh.size}, tinted.` : ""
      }`;
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

  onTheme() {
    if (!this.data) return;
    this.looks.reset();
    for (const pane of this.panes) pane.styles.clear();
    this.render();
  }

  go(position) {
    cancelAnimationFrame(this.replaying);
    this.replaying = 0;
    const before = this.position;
    this.position = Math.max(0, Math.min(this.end, position));
    if (this.position !== before && !this.pinned) this.selected = null;
    this.keep({ position: this.position < this.end ? this.position : Infinity });
    this.writeAddress();
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
    this.pinned &&= this.selected !== null;
    this.render();
    if (this.selected) this.camera.reveal(this.nodeOf(this.selected));
  }

  /** Hold what is shown below while the player goes on, or no longer. */
  pin() {
    const subject = this.selected ?? this.subject();
    if (!subject) return;
    this.pinned = !this.pinned;
    this.selected = { pane: subject.pane, id: subject.id };
    this.render();
  }

  letGo() {
    if (this.selected) this.select(null);
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
    return made(this.hovered) || made(this.selected) || (current ? { pane: 0, id: current } : null);
  }

  /** The subject with its counterparts, as sets of ids by pane. */
  mark() {
    const subject = this.subject();
    this.marked = [new Set(), new Set()];
    this.subjectId = subject ? `${subject.pane}:${subject.id}` : "";
    if (!subject) return null;
    const node = this.nodeOf(subject);
    this.marked[1 - subject.pane] = new Set(node.links);
    const { id, pane } = this.selected ?? {};
    const pinned = this.pinned && subject.id === id && subject.pane === pane;
    return { ...subject, node, pinned };
  }

  render() {
    const subject = this.mark();
    this.panes.forEach((pane, index) => {
      pane.place(this.reached);
      const marked = subject?.pane === index ? [subject.id] : [...this.marked[index]];
      pane.call(marked.map((id) => pane.byId.get(id)));
    });
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
    if (frame) {
      this.status.replaceChildren(
        el("code", {}, frame.line),
        ` ${frame.text}${this.result(frame)}`,
      );
    } else setText(this.status, this.sentence());
  }

  /** The numbers that a frame has made, of the operation rather than of a leaf used in it. */
  result({ current }) {
    const made = current.map((id) => this.panes[0].byId.get(id));
    const node = made.find(({ kind }) => kind === "function") ?? made.at(-1);
    const numbers = this.position > this.data.forward ? node?.grad : node?.value;
    return numbers?.length ? ` Result: ${summary(numbers)}.` : "";
  }

  sentence() {
    const frame = this.frameNow();
    if (frame) return `${frame.line} ${frame.text}${this.result(frame)}`;
    if (this.position <= 0) return "Nothing has run yet: there is no graph.";
    const visits = this.data.frames.length - this.data.forward;
    return `Done: ${this.data.forward} operations built PyTorch’s graph, ${visits} visits walked it back.`;
  }

  destroy() {
    cancelAnimationFrame(this.replaying);
    clearTimeout(this.fading);
    this.player.destroy();
    this.camera.destroy();
    for (const pane of this.panes) pane.destroy();
  }
}
