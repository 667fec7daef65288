/** Binds data, cursor and parts: what is shown follows from the data, the position and the mode. */

import { cursor, cursorOf } from "../../shared/frontend/cursor.js";
import { Around } from "./around.js";
import { Asker } from "./asker.js";
import { Holder } from "./holder.js";
import { Follower } from "./follower.js";
import { framesOf } from "./frames.js";
import { build } from "./build.js";
import { Inspecting } from "./inspecting.js";
import { canvasTheme, Looks } from "./looks.js";
import { NO_MODEL } from "./model.js";
import { Modes } from "./modes.js";
import { Predicting } from "./predict/predicting.js";
import { Seen } from "./seen.js";
import { Selection } from "./selection.js";
import { NOTHING, Sent } from "./sent.js";
import { Steering } from "./steering.js";
import { nodesOf, sentenceOf, textOf } from "./words.js";

/** @import { Level } from "../../shared/frontend/cursor.js" */
/** @import { GraphData } from "./data.d.ts" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { Givens, Phase } from "./frames.js" */

/**
 * What can be told to Python, which answers with new data; nothing where there is none.
 * @typedef {object} Python
 * @property {(question: object) => void} ask
 * @property {(kind: string) => void} predict what to ask the reader for; empty ends it
 * @property {(wish: object) => void} wish
 */

/** @type {Python} */
const NO_PYTHON = { ask() {}, predict() {}, wish() {} };

export class GraphView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.cursor = cursor;
    this.python = NO_PYTHON;
    this.data = NOTHING;
    this.sent = new Sent(NOTHING);
    /** @type {Model} */
    this.model = NO_MODEL;
    this.frames = framesOf(this.model);
    /** @type {Givens} of the frames */
    this.givens = "along";
    this.theme = canvasTheme(root);
    this.position = 0;
    this.version = 0; // of the data, 0 before there are any
    this.unfolded = false; // whether gradients by inputs and targets are shown
    this.sentence = "";
    this.modes = new Modes(this);
    this.seen = new Seen(this);
    this.predicting = new Predicting(this);
    this.looks = new Looks(this);
    this.asker = new Asker(this);
    this.holder = new Holder(this);
    this.selection = new Selection(this);
    this.follower = new Follower(this);
    this.steering = new Steering(this);
    this.inspecting = new Inspecting(this);
    this.around = new Around(this);
    this.parts = build(this);
  }

  /** @param {Python} python */
  connect(python) {
    this.python = python;
  }

  /**
   * New data from Python: an edit, another level, another chunk, or an answer to a question.
   * @param {GraphData} data
   */
  update(data) {
    this.data = data;
    this.steering.by(cursorOf(data.apart));
    const led = this.steering.adopt(data.focus);
    const isLeft = this.parts.viewer.speak(data.focus?.mentions ?? [], Boolean(data.focus?.key));
    this.version += 1;
    this.sent = new Sent(data);
    this.predicting.arrived(data, Boolean(led));
    this.follower.arrived();
    this.theme = canvasTheme(this.root);
    this.parts.tools.show(data.offered);
    this.parts.strip.take(data.equations);
    const wanted = this.cursor.get();
    this.showLevel(this.steering.levelOf(data));
    this.steering.arrive(wanted);
    this.parts.room.take(data.large ? "show" : data.focus?.key ? "scene" : "page");
    // A scene is not looked at as the one before was, nor is what a lesson has left.
    if (led?.key || isLeft) this.parts.viewer.afresh();
    this.parts.viewer.enlarge(data.large);
    const { frame } = this.predicting;
    if (led && !led.key) this.parts.viewer.reveal(frame?.node ?? this.model.byId.get(led.selected));
    this.asker.arrived();
    this.cursor.restore();
  }

  /** Show what Python has sent again, after a number was in the hand. */
  restore() {
    this.sent = new Sent(this.data);
    this.showLevel(this.model.level);
  }

  /** The model has other numbers. */
  renumbered() {
    this.model = this.sent.renumbered(this.model);
    this.parts.viewer.show(this.model);
  }

  /** @param {Level} level */
  showLevel(level) {
    const { node } = this.looks;
    const shown = node && this.model.shown.get(node); // rolled level: the step that it shows
    const before = this.model;
    const old = this.frames;
    this.take(level, before.tall);
    const { at, t } = this.cursor.get();
    if (this.seen.whole && this.frames.isFolded(at)) {
      this.unfolded = true;
      this.take(level, this.model.tall);
    }
    const wanted = this.frames.locate(at, t);
    this.position = this.predicting.placed(wanted, old === this.frames ? null : old);
    if ((this.modes.shows() === "both") !== this.model.tall) this.take(level, !this.model.tall);
    this.steering.translate(shown ?? (this.step() || 1), before);
    this.looks.reset();
    this.mark();
    this.modes.mark(); // first, for the legend covers a part of what is looked at
    this.parts.viewer.show(this.model);
    this.steering.publish();
    this.render();
    this.parts.table.show();
  }

  /**
   * Make a model the one that is shown.
   * @param {Level} level
   * @param {boolean} tall whether its boxes have room for value and gradient
   */
  take(level, tall) {
    const { nodes } = this.model;
    this.model = this.sent.model(level, tall);
    this.follower.renew(this.model);
    const givens = !this.seen.whole ? "none" : this.unfolded ? "apart" : "along";
    if (this.model.nodes === nodes && this.givens === givens) return;
    this.givens = givens;
    this.frames = framesOf(this.model, givens);
  }

  /**
   * Show the gradients by inputs and targets, too, or no longer.
   * @param {boolean} unfolded
   */
  unfold(unfolded) {
    if (unfolded === this.unfolded) return;
    this.parts.player.pause();
    this.unfolded = unfolded;
    const at = this.frames.nameAt(this.position);
    this.take(this.model.level, this.model.tall);
    this.looks.reset();
    this.go(this.frames.locate(at, this.step()));
  }

  /** The boxes have room for what they are to show. */
  reshape() {
    if ((this.modes.shows() === "both") === this.model.tall) return;
    this.take(this.model.level, !this.model.tall);
    this.looks.reset();
    this.mark();
    this.parts.viewer.show(this.model);
  }

  onTheme() {
    this.theme = canvasTheme(this.root);
    this.looks.reset();
    this.render();
  }

  /** Other digits are asked for: what is drawn is drawn again. */
  onDigits() {
    this.sentence = "";
    this.looks.reset();
    this.render();
  }

  /** Another notation is asked for: boxes have other sizes, and all that is written is anew. */
  onNotation() {
    if (!this.version) return;
    this.sentence = "";
    this.parts.strip.take(this.data.equations);
    this.restore();
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
    this.asker.forget();
    const wanted = Math.max(0, Math.min(this.frames.end, position));
    this.moveTo(wanted);
    this.steering.publish();
    if (this.position === 0) this.asker.atStart();
    this.render();
    if (by > 0 && this.predicting.isThere) this.predicting.call();
    this.parts.frame.dataset.stepMs = (performance.now() - began).toFixed(2);
  }

  /** @param {number} wanted */
  moveTo(wanted) {
    const position = this.predicting.bounded(wanted);
    if (position === this.position) return;
    this.position = position;
    if (!this.seen.whole) this.looks.reset();
    this.selection.release();
    this.reshape();
    this.mark();
    this.parts.viewer.place(this.step());
    this.parts.viewer.overlook(position >= this.frames.end);
    this.parts.viewer.reveal(this.looks.current);
    this.asker.ahead();
  }

  mark() {
    if (this.model.level === "rolled") this.roll();
    const frame = this.predicting.frame ?? this.frames.at(this.position);
    this.looks.mark(frame, this.cursor.get());
  }

  /** Rolled level: each node shows the last step that has reached it. */
  roll() {
    const { shown, nodes } = this.model;
    const phase = this.modes.showsGradient() ? "backward" : "forward";
    const now = this.step() || 1;
    for (const node of nodes) {
      if (!node.times) continue;
      const step = this.frames.stepOf(node, this.position, phase, now);
      shown.set(node, Math.max(step, this.model.T - node.times + 1)); // a target of the last step alone
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

  render() {
    this.mark();
    this.parts.viewer.refresh();
    const sentence = sentenceOf(this.model, this.frames, this.position) + this.#onward();
    if (this.sentence !== sentence) {
      this.sentence = sentence;
      this.parts.status.replaceChildren(...nodesOf(sentence));
    }
    this.parts.player.show(this.position, this.frames.forward, this.frames.end, textOf(sentence));
    this.modes.mark();
    this.parts.predict.show(this.predicting);
    this.parts.held.show(this.model, this.data.holds, this.seen.whole);
    const frame = this.predicting.frame ?? this.frames.at(this.position);
    this.parts.strip.show(this.model, frame?.phase ?? this.phase(), frame);
    this.inspecting.soon();
    this.parts.tip.renew();
    this.around.drawOverview();
    this.parts.table.show();
    this.around.describe();
  }

  /** What to do once all is computed, where no scene says what comes next. */
  #onward() {
    const isOver = this.frames.end > 0 && this.position >= this.frames.end;
    return isOver && !this.data.large && !this.data.focus?.key
      ? " Change a number: all follow."
      : "";
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

  destroy() {
    this.inspecting.destroy();
    this.steering.destroy();
    this.asker.destroy();
    this.follower.destroy();
    this.predicting.destroy();
    this.parts.player.destroy();
    this.parts.overview.destroy();
    this.parts.changed.stop();
    this.parts.room.stop();
    this.parts.viewer.destroy();
  }
}
