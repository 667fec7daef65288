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
import { Rebuilding } from "./rebuilding.js";
import { setting } from "./setting.js";

/** @import { Camera as Place } from "../../shared/frontend/gestures.js" */
/** @import { AutogradData, Frame, NodeData } from "./data.d.ts" */
/** @import { Subject } from "./pair.js" */
/** @import { Node, Pane, PaneState } from "./pane.js" */

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
    /** @type {[Set<string>, Set<string>]} the counterparts of the subject, by pane */
    this.marked = [new Set(), new Set()];
    this.subjectId = "";
    this.rebuilding = new Rebuilding(this);
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
      this.camera.first(camera, !playable, data.large, this.firstSeen());
    }
    if (before.steps && data.steps && before.steps !== data.steps) {
      this.rebuilding.tell(before, data);
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

  /** Another notation is asked for: boxes have other sizes, and all that is written is anew. */
  onNotation() {
    if (!this.sent) return;
    this.parts.pair.forget();
    this.update(this.sent);
  }

  onTheme() {
    if (this.data === NOTHING) return;
    this.looks.reset();
    this.render();
  }

  /** @param {number} position */
  go(position) {
    this.rebuilding.stop();
    const before = this.position;
    this.position = Math.max(0, Math.min(this.end, position));
    if (this.position !== before && !this.pinned) this.selected = null;
    this.keep({ position: this.position < this.end ? this.position : Infinity });
    this.writeAddress();
    this.render();
    const first = this.frameNow()?.current.at(-1);
    if (first) this.camera.reveal(this.panes[0], this.panes[0].byId.get(first));
  }

  /**
   * What the player is at, at the end the loss, and what it is in our graph.
   * @returns {[Pane, Node][]}
   */
  firstSeen() {
    const current = this.frameNow()?.current.at(-1);
    const [pane, ours] = this.panes;
    const { nodes } = this.data.panes[0];
    const node = pane.byId.get(current ?? "") ?? nodes.at(this.position > 0 ? -1 : 0);
    if (!node) return [];
    return [
      [pane, node],
      ...ours.nodesOf(node.links).map((its) => /** @type {[Pane, Node]} */ ([ours, its])),
    ];
  }

  /** Show where the graph is being built again. @param {number} position */
  showPosition(position) {
    this.position = position;
    this.render();
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
    this.rebuilding.destroy();
    this.parts.player.destroy();
    for (const pane of this.panes) pane.destroy();
  }
}
