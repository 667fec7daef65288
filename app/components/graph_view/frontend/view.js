/** Binds data, cursor and parts: what is shown follows from the data, the position and the mode. */

import { cursor, cursorOf } from "../../shared/frontend/cursor.js";
import { hand } from "../../shared/frontend/hand.js";
import { partsOf, read } from "../../shared/frontend/named.js";
import { unknownPosition, unknownSelection } from "./asked.js";
import { Asker } from "./asker.js";
import { counterpartOf } from "./counterpart.js";
import { Holder } from "./holder.js";
import { Follower } from "./follower.js";
import { framesOf } from "./frames.js";
import { build } from "./build.js";
import { canvasTheme, Looks } from "./looks.js";
import { decode, modelOf, NO_MODEL } from "./model.js";
import { Selection } from "./selection.js";
import { nodesOf, sentenceOf, textOf } from "./words.js";

/** @import { Cursor, Level, SharedCursor } from "../../shared/frontend/cursor.js" */
/** @import { GraphData } from "./data.d.ts" */
/** @import { GraphNode, Model } from "./model.js" */
/** @import { Phase } from "./frames.js" */
/** @import { Mode } from "./toolbar.js" */

const MOST_WITHOUT_OVERVIEW = 12;
const FOLLOW_AFTER_MS = 120; // typesetting equations must not slow a held key
let arrived = false; // what the link asks for was looked at
const FALL_BACK_MS = 500; // at most so far is the inspector behind a player that plays fast

/** Until the first data arrive. @type {GraphData} */
const NOTHING = {
  T: 0,
  level: "operation",
  offered: [],
  levels: {},
  overview: { value: "", grad: null },
  initial: {},
  detail: null,
  arithmetic: null,
  labels: null,
  apart: "",
  large: false,
  run: null,
  holds: false,
};

export class GraphView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.cursor = cursor;
    this.data = NOTHING;
    this.model = NO_MODEL;
    /** @type {Map<Level, Model>} */
    this.models = new Map();
    this.frames = framesOf(this.model);
    /** @type {Record<string, Float64Array>} by state */
    this.initial = {};
    /** @type {{value: Float64Array, grad: ?Float64Array}} */
    this.strips = { value: decode(""), grad: null };
    this.theme = canvasTheme(root);
    this.position = 0;
    this.version = 0; // of the data, 0 before there are any
    /** @type {?Mode} */
    this.mode = null; // null: value forward, gradient backward
    this.sentence = "";
    this.publishing = false;
    this.following = 0;
    this.followedAt = 0;
    /** @type {string|undefined} */
    this.adopted = undefined;
    /** @type {(() => void)|undefined} */
    this.unsubscribe = undefined;
    this.looks = new Looks(this);
    this.asker = new Asker(this);
    this.holder = new Holder(this);
    this.selection = new Selection(this);
    this.follower = new Follower(this);
    this.parts = build(this);
  }

  /**
   * New data from Python: an edit, another level, another chunk, or an answer to a question.
   * @param {GraphData} data
   */
  update(data) {
    this.data = data;
    this.moveBy(cursorOf(data.apart));
    const led = this.adopt(data.focus);
    this.version += 1;
    this.#take();
    this.follower.arrived();
    this.theme = canvasTheme(this.root);
    this.parts.tools.show(data.offered);
    const wanted = this.cursor.get();
    this.showLevel(wanted.level in data.levels ? wanted.level : data.level);
    if (this.cursor === cursor && !arrived) this.arrive(wanted);
    if (this.parts.viewer.enlarge(data.large)) this.parts.viewer.reveal(this.looks.current);
    if (led) this.parts.viewer.reveal(this.model.byId.get(led.selected));
    this.asker.arrived();
    this.cursor.restore();
  }

  /** Decode what Python has sent. */
  #take() {
    this.models.clear();
    const { value, grad } = this.data.overview;
    this.strips = { value: decode(value), grad: grad === null ? null : decode(grad) };
    this.initial = Object.fromEntries(
      Object.entries(this.data.initial).map(([state, numbers]) => [state, decode(numbers)]),
    );
  }

  /** Show what Python has sent again, after a number was in the hand. */
  restore() {
    this.#take();
    this.showLevel(this.model.level);
  }

  /** The model has other numbers: what was made of those before is kept for another model. */
  changed() {
    this.model = { ...this.model };
    this.models.set(this.model.level, this.model);
    this.parts.viewer.show(this.model);
  }

  /** Say what the link asks for and this graph does not have, until something is done. @param {Cursor} wanted */
  arrive(wanted) {
    arrived = true;
    const lost = unknownSelection(this, wanted.selected);
    const said = [unknownPosition(this, wanted.at), lost].filter(Boolean).join(" ");
    this.parts.missing.replaceChildren(said);
    this.parts.missing.hidden = !said;
    if (lost) this.quietly({ selected: null, pinned: false });
    this.render();
    const stop = cursor.subscribe(() => {
      this.parts.missing.hidden = true;
      stop();
    });
  }

  /**
   * Follow a position: the one that the page shares, or one of this graph's own.
   * @param {SharedCursor} wanted
   */
  moveBy(wanted) {
    if (this.unsubscribe && wanted === this.cursor) return;
    this.unsubscribe?.();
    this.cursor = wanted;
    this.unsubscribe = wanted.subscribe(() => this.onCursor());
  }

  /**
   * Go where the page wants to be looked at, once: from there on the user leads.
   * @param {GraphData["focus"]} focus
   * @returns {GraphData["focus"]} where it is somewhere new
   */
  adopt(focus) {
    const wanted = focus && `${focus.key} ${focus.selected} ${focus.at}`;
    if (wanted === this.adopted) return undefined;
    this.adopted = wanted;
    if (!focus) return undefined;
    const { level, selected, at, key } = focus;
    this.quietly({ level, selected, at, t: 0, pinned: key !== "" && selected !== null });
    this.asker.soon(); // so that Python knows, too, at the next edit
    return focus;
  }

  /** @param {Level} level */
  showLevel(level) {
    const { node } = this.looks;
    const shown = node && this.model.shown.get(node); // rolled level: the step that it shows
    const before = this.model;
    this.model =
      this.models.get(level) ??
      modelOf(this.data.levels[level], this.initial, this.data.arithmetic);
    this.models.set(level, this.model);
    this.follower.renew(this.model);
    if (this.model.nodes !== before.nodes) this.frames = framesOf(this.model);
    const { at, t } = this.cursor.get();
    this.position = this.frames.locate(at, t);
    this.translate(shown ?? (this.step() || 1), before);
    this.looks.reset();
    this.mark();
    if (this.parts.viewer.show(this.model)) this.parts.viewer.reveal(this.looks.current);
    this.publish();
    this.render();
    this.parts.table.show();
  }

  /**
   * What was selected at another level goes on as what stands for it here, if anything does.
   * @param {number} step
   * @param {Model} before of the level that was shown
   */
  translate(step, before) {
    const { selected } = this.cursor.get();
    const component = this.looks.components.get(selected) ?? 0;
    const found = counterpartOf(this.model, selected, { component, step }, before);
    if (!found) return;
    this.looks.components.set(found.id, found.component);
    this.quietly({ selected: found.id });
    this.asker.soon();
  }

  onTheme() {
    this.theme = canvasTheme(this.root);
    this.looks.reset();
    this.render();
  }

  /** Somebody else moved the cursor (a plot, the address bar). */
  onCursor() {
    if (!this.version || this.publishing) return;
    const { level, at, t } = this.cursor.get();
    if (level !== this.model.level && level in this.data.levels) {
      this.showLevel(level);
      return;
    }
    const { phase, name } = partsOf(at);
    const step = phase && read(name, this.model.known)?.t;
    if (phase && step && this.asker.isElsewhere(step)) {
      this.asker.goTo(step, phase, "last");
      return;
    }
    this.moveTo(this.frames.locate(at, t));
    this.quietly({ t: this.step(), phase: this.phase() });
    this.render();
  }

  /**
   * Show a position.
   * @param {number} position
   * @param {number} [by] set for a single step, which may lead out of the chunk that is here
   */
  go(position, by = 0) {
    const began = performance.now();
    if (by && this.asker.holds(by, this.parts.player.playing)) return;
    if (by && this.asker.beyond(this.position, by)) return;
    this.asker.waiting = null;
    this.moveTo(Math.max(0, Math.min(this.frames.end, position)));
    this.publish();
    if (this.position === 0) this.asker.atStart();
    this.render();
    this.parts.frame.dataset.stepMs = (performance.now() - began).toFixed(2);
  }

  /** @param {number} position */
  moveTo(position) {
    if (position === this.position) return;
    this.position = position;
    this.selection.release();
    this.mark();
    this.parts.viewer.place(this.step());
    this.parts.viewer.reveal(this.looks.current);
    this.asker.ahead();
  }

  mark() {
    if (this.model.level === "rolled") this.roll();
    this.looks.mark(this.frames.at(this.position), this.cursor.get());
  }

  /** Rolled level: each node shows the last step that has reached it. */
  roll() {
    const { shown, nodes } = this.model;
    const phase = this.showsGradient() ? "backward" : "forward";
    const now = this.step() || 1;
    for (const node of nodes) {
      if (node.times) shown.set(node, this.frames.stepOf(node, this.position, phase, now));
    }
  }

  /** Time step of the position; the end counts as the last step. */
  step() {
    if (this.position >= this.frames.end) return this.data.T;
    return this.frames.at(this.position)?.step ?? 0;
  }

  /** @returns {Phase} */
  phase() {
    if (this.position >= this.frames.end) return this.model.grad ? "backward" : "forward";
    return this.frames.at(this.position)?.phase ?? "forward";
  }

  publish() {
    this.quietly({
      at: this.frames.nameAt(this.position),
      t: this.step(),
      phase: this.phase(),
      level: this.model.level,
    });
  }

  /**
   * Set the cursor without hearing of it.
   * @param {Partial<Cursor>} partial
   */
  quietly(partial) {
    this.publishing = true;
    this.cursor.set(partial);
    this.publishing = false;
  }

  showsGradient() {
    if (!this.model.grad) return false;
    return (this.mode ?? (this.phase() === "backward" ? "gradient" : "value")) === "gradient";
  }

  /**
   * Whether the player has computed the value of a node.
   * @param {GraphNode} node
   */
  known(node) {
    return this.frames.known[node.i] <= this.position;
  }

  /**
   * Whether the player has computed the gradient of a node.
   * @param {GraphNode} node
   */
  felt(node) {
    return this.frames.felt[node.i] <= this.position;
  }

  render() {
    this.mark();
    this.parts.viewer.refresh();
    const sentence = sentenceOf(this.model, this.frames, this.position);
    if (this.sentence !== sentence) {
      this.sentence = sentence;
      this.parts.status.replaceChildren(...nodesOf(sentence));
    }
    this.parts.player.show(this.position, this.frames.forward, this.frames.end, textOf(sentence));
    this.parts.tools.mark(
      this.model.level,
      this.showsGradient(),
      this.looks.scale,
      Boolean(this.model.grad),
    );
    this.parts.held.show(this.model, this.data.holds);
    this.inspect();
    this.parts.tip.renew();
    this.drawOverview();
    this.parts.table.show();
    this.describe();
  }

  /** What is selected at once; where nothing is, the node of the position, once stepping pauses. */
  inspect() {
    clearTimeout(this.following);
    const chosen = Boolean(this.looks.node || this.looks.edge);
    if (chosen && !hand.holds()) this.inspectNow(false);
    else {
      const late = this.parts.player.playing && performance.now() - this.followedAt > FALL_BACK_MS;
      this.following = setTimeout(() => this.inspectNow(!chosen), late ? 0 : FOLLOW_AFTER_MS);
    }
  }

  /** @param {boolean} follows */
  inspectNow(follows) {
    this.followedAt = performance.now();
    const { edge, component } = this.looks;
    const node = follows ? this.followed() : this.looks.node;
    const target = node ?? edge?.to;
    this.parts.inspector.show({
      follows,
      pinned: this.cursor.get().pinned,
      labels: this.data.labels,
      model: this.model,
      version: this.looks.stamp,
      node,
      edge,
      component,
      known: Boolean(target && this.known(target)),
      felt: Boolean(target && this.felt(target)),
      detail: this.detail(),
      step: this.model.level === "rolled" ? this.step() : 0,
      holds: this.data.holds,
    });
  }

  /** The node being computed; the loss where all is done, nothing at the start. */
  followed() {
    if (this.position >= this.frames.end) return this.model.loss;
    return this.looks.current ?? null;
  }

  /** Facts for tests and benchmarks, and for whoever reads the page by program. */
  describe() {
    const { dataset } = this.parts.frame;
    dataset.level = this.model.level;
    dataset.at = this.frames.nameAt(this.position);
    dataset.version = String(this.version);
    dataset.chunk = `${this.model.first}-${this.model.last}`;
    dataset.visible = String(this.parts.viewer.visible.length);
  }

  /** What Python has said about the selection, if it is still about the selection. */
  detail() {
    const { detail } = this.data;
    if (this.follower.leads) return null;
    const { selected } = this.cursor.get();
    return detail?.selected === selected && detail.level === this.model.level ? detail : null;
  }

  drawOverview() {
    const needed = this.data.T > MOST_WITHOUT_OVERVIEW && this.model.level !== "rolled";
    this.parts.overview.element.hidden = !needed;
    if (!needed) return;
    const { value, grad } = this.strips;
    const gradients = this.showsGradient() ? grad : null;
    this.parts.overview.show({
      T: this.data.T,
      ...this.looks.ofStrip(gradients !== null, gradients ?? value),
      window: this.parts.viewer.window,
      step: this.step(),
      theme: this.theme,
      gradient: gradients !== null,
    });
  }

  /** The nodes on the canvas with the numbers that the player has reached. */
  rows() {
    const { model, parts } = this;
    const holds = Boolean(model.held?.at.length);
    return parts.viewer.visible.map((node) => {
      const known = this.known(node);
      const felt = model.grad !== null && this.felt(node);
      return {
        node,
        value: known ? model.valueOf(node) : null,
        grad: felt ? model.gradOf(node) : null,
        held: holds
          ? {
              value: known ? model.heldOf(node, false) : null,
              grad: felt ? model.heldOf(node, true) : null,
            }
          : null,
      };
    });
  }

  /**
   * Move to a time step, in the phase that is on.
   * @param {number} step
   */
  jump(step) {
    this.parts.player.pause();
    const place = this.frames.first(this.phase(), step);
    if (place) this.go(place);
    else this.asker.goTo(step, this.phase());
  }

  /** @param {Level} level */
  setLevel(level) {
    if (level === this.model.level || !this.data.offered.includes(level)) return;
    this.parts.player.pause();
    if (level in this.data.levels) this.showLevel(level);
    else {
      this.cursor.set({ level });
      this.sentence = "Building that level …";
      this.parts.status.replaceChildren(this.sentence);
    }
    this.asker.soon();
  }

  /** @param {Mode} mode */
  setMode(mode) {
    this.mode = mode;
    this.render();
  }

  destroy() {
    clearTimeout(this.following);
    this.unsubscribe?.();
    this.asker.destroy();
    this.follower.destroy();
    this.parts.player.destroy();
    this.parts.overview.destroy();
    this.parts.viewer.destroy();
  }
}
