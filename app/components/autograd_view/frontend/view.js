/** Binds both graphs, the player and the texts: all follow from the data and one position. */

import { boxOf } from "../../graph_view/frontend/boxes.js";
import { addressWriter } from "../../shared/frontend/address.js";
import { el, setText } from "../../shared/frontend/dom.js";
import { hasRows, writtenText } from "../../shared/frontend/notation/notation.js";
import { number, summary } from "../../shared/frontend/numbers.js";
import { build } from "./build.js";
import { Camera } from "./camera.js";
import { Looks } from "./looks.js";
import { NO_PANE } from "./pane.js";
import { setting } from "./setting.js";

/** @import { Camera as Place } from "../../shared/frontend/gestures.js" */
/** @import { AutogradData, Frame, NodeData } from "./data.d.ts" */
/** @import { Subject } from "./pair.js" */
/** @import { Node, PaneState } from "./pane.js" */

const REBUILD_MS = 1400; // a new T is shown being built, once
const FRESH_MS = 4000;
// A page may take the component away and bring it back: where the user was is kept.
/** @type {Map<string, {camera?: Place, position?: number}>} */
const kept = new Map();
/** Until the first data arrive. @type {State} */
const NOTHING = {
  panes: [NO_PANE, NO_PANE],
  frames: [],
  forward: 0,
  shape: "",
  large: false,
  steps: 0,
  key: "",
};
const OURS = 1; // of the panes
const GIVEN = ["leaf", "parameter", "input", "target", "state"];

/**
 * @typedef {Omit<AutogradData, "panes"|"places"|"aside"> & {panes: PaneState[]}} State
 * @typedef {{pane: number, id: string}} Target a node of one of the two graphs
 */

/** @param {AutogradData} data @returns {State} */
function stateOf({ places, aside, ...data }) {
  const nodes = data.panes.map((pane, k) => pane.nodes.map((node) => nodeOf(node, k === OURS)));
  const standing = setting(places, nodes, aside);
  const panes = data.panes.map((pane, k) => ({ ...pane, nodes: nodes[k], places: standing[k] }));
  return { ...data, panes };
}

/** @param {NodeData} node @param {boolean} isOurs  PyTorch's arrays are as it has them @returns {Node} */
const nodeOf = (node, isOurs) => ({
  ...node,
  value: node.value.map(number),
  grad: node.grad?.map(number) ?? null,
  op: GIVEN.includes(node.kind) ? null : node.kind,
  box: boxOf({ ...node, tall: false, turned: isOurs && node.shape.length === 2 && hasRows() }),
});

export class AutogradView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.data = NOTHING;
    /** @type {?AutogradData} */
    this.sent = null;
    this.end = 1;
    this.position = Infinity;
    /** @type {?Target} */
    this.selected = null;
    this.pinned = false; // whether it stays while the player goes on
    /** @type {?Target} */
    this.hovered = null;
    /** @type {Set<string>} */
    this.fresh = new Set();
    /** @type {[Set<string>, Set<string>]} the counterparts of the subject, by pane */
    this.marked = [new Set(), new Set()];
    this.subjectId = "";
    this.fading = 0;
    this.replaying = 0;
    this.looks = new Looks(this);
    this.writeAddress = addressWriter(() => ({
      [this.parameter]: this.position < this.end ? String(this.position) : null,
    }));
    this.parts = build(this);
    this.panes = this.parts.panes;
    this.camera = new Camera(this.panes, (camera) => this.keep({ camera }));
  }

  /**
   * New data from Python: an edit, another T, another demonstration.
   * @param {AutogradData} sent
   */
  update(sent) {
    const before = this.data;
    this.sent = sent;
    const data = stateOf(sent);
    this.data = data;
    this.end = data.frames.length + 1;
    this.looks.reset();
    const ids = new Set(before.panes[0].nodes.map((node) => node.id));
    data.panes.forEach((pane, index) => this.panes[index].show(pane));
    this.position = Math.min(this.keptPosition(), this.end);
    if (this.selected && !this.nodeOf(this.selected)) this.selected = null;
    this.pinned &&= this.selected !== null;
    this.hovered = null;
    const playable = data.frames.length > 0;
    this.parts.player.element.hidden = !playable;
    this.parts.status.hidden = !playable;
    this.parts.frame.classList.toggle("ur-autograd-still", !playable);
    if (before.shape !== data.shape || before.large !== data.large) {
      const camera = data.large ? undefined : kept.get(data.key)?.camera;
      this.camera.first(camera, !playable, data.large);
    }
    if (before.steps && data.steps && before.steps !== data.steps) {
      this.tellRebuilt(before, data, ids);
    } else {
      this.parts.rebuilt.hidden = !this.parts.rebuilt.textContent;
    }
    this.writeAddress();
    this.render();
  }

  /** Where the player was when the page was last here, or where a link puts it; else the end. */
  keptPosition() {
    const known = kept.get(this.data.key);
    if (known?.position !== undefined) return known.position;
    const text = new URLSearchParams(location.search).get(this.parameter);
    return /^\d{1,6}$/.test(text ?? "") ? Number(text) : Infinity;
  }

  /** The position's name in the address. */
  get parameter() {
    return `${this.data.key}_at`;
  }

  /**
   * Say what another T did to torch's graph, mark what is new, and build it once more.
   * @param {State} before
   * @param {State} data
   * @param {Set<string>} ids of torch's nodes before
   */
  tellRebuilt(before, data, ids) {
    const now = data.panes[0].nodes;
    this.fresh = new Set(now.filter((node) => !ids.has(node.id)).map((node) => node.id));
    this.parts.rebuilt.hidden = false;
    this.parts.rebuilt.textContent =
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
    /** @param {number} now */
    const tick = (now) => {
      const share = Math.min(1, (now - began) / REBUILD_MS);
      this.position = Math.round(share * goal);
      this.render();
      this.replaying = share < 1 ? requestAnimationFrame(tick) : 0;
    };
    this.position = 0;
    this.replaying = requestAnimationFrame(tick);
  }

  /** Another notation is asked for: boxes have other sizes, and all that is written is anew. */
  onNotation() {
    if (!this.sent) return;
    this.parts.pair.key = "";
    this.update(this.sent);
  }

  onTheme() {
    if (this.data === NOTHING) return;
    this.looks.reset();
    this.render();
  }

  /** @param {number} position */
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
    if (first) this.camera.reveal(this.panes[0], this.panes[0].byId.get(first));
  }

  /** @param {{camera?: Place, position?: number}} partial */
  keep(partial) {
    kept.set(this.data.key, { ...kept.get(this.data.key), ...partial });
  }

  /** @returns {?Frame} */
  frameNow() {
    return this.data.frames[this.position - 1] ?? null;
  }

  /** Where there is nothing to play, everything has been made. */
  get reached() {
    return this.data.frames.length ? this.position : Infinity;
  }

  /** @param {?Target} target */
  select(target) {
    const same = target && this.selected?.id === target.id && this.selected.pane === target.pane;
    this.selected = same ? null : target;
    this.pinned &&= this.selected !== null;
    this.render();
    if (!this.selected) return;
    this.camera.reveal(this.panes[this.selected.pane], this.nodeOf(this.selected));
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

  /** @param {?Target} target */
  hover(target) {
    this.hovered = target;
    this.render();
  }

  /** @param {Target} target */
  nodeOf({ pane, id }) {
    return this.panes[pane].byId.get(id) ?? null;
  }

  /**
   * What the texts are about: what is pointed at, else selected, else being made or visited.
   * @returns {?Target}
   */
  subject() {
    /** @param {?Target} target */
    const made = (target) => {
      const node = target && this.nodeOf(target);
      return node && node.born <= this.reached ? target : null;
    };
    const current = this.frameNow()?.current.at(-1);
    return made(this.hovered) ?? made(this.selected) ?? (current ? { pane: 0, id: current } : null);
  }

  /**
   * The subject with its counterparts, as sets of ids by pane.
   * @returns {?Subject}
   */
  mark() {
    const subject = this.subject();
    this.marked = [new Set(), new Set()];
    this.subjectId = subject ? `${subject.pane}:${subject.id}` : "";
    const node = subject && this.nodeOf(subject);
    if (!node) return null;
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
      pane.call(pane.nodesOf(marked));
    });
    this.parts.player.show(this.position, this.data.forward, this.end, this.sentence());
    this.tell();
    this.parts.pair.show(subject, this.panes, this.reached, this.data);
    this.parts.table.show();
    for (const pane of this.panes) pane.redraw();
    const { dataset } = this.parts.frame;
    dataset.position = String(this.position);
    dataset.built = this.panes.map((pane) => pane.placed).join(",");
    dataset.selected = this.selected?.id ?? "";
    dataset.linked = [...this.marked[0], ...this.marked[1]].join("|");
  }

  tell() {
    const frame = this.frameNow();
    if (frame) {
      this.parts.status.replaceChildren(
        el("code", {}, frame.line),
        ` ${writtenText(frame.text)}${this.result(frame)}`,
      );
    } else setText(this.parts.status, this.sentence());
  }

  /**
   * The numbers that a frame has made, of the operation rather than of a leaf used in it.
   * @param {Frame} frame
   */
  result({ current }) {
    const made = this.panes[0].nodesOf(current);
    const node = made.find(({ kind }) => kind === "function") ?? made.at(-1);
    const numbers = this.position > this.data.forward ? node?.grad : node?.value;
    return numbers?.length ? ` Result: ${summary(numbers, undefined, node?.shape)}.` : "";
  }

  sentence() {
    const frame = this.frameNow();
    if (frame) return `${frame.line} ${writtenText(frame.text)}${this.result(frame)}`;
    if (this.position <= 0) return "Nothing has run yet: there is no graph.";
    const visits = this.data.frames.length - this.data.forward;
    return `Done: ${this.data.forward} operations built PyTorch’s graph, ${visits} visits walked it back.`;
  }

  destroy() {
    cancelAnimationFrame(this.replaying);
    clearTimeout(this.fading);
    this.parts.player.destroy();
    for (const pane of this.panes) pane.destroy();
  }
}
