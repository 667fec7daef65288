/** What the inspector is about: what is selected, else the node where the player stands. */

import { hand } from "../../shared/frontend/hand.js";
import { termsOf, weightBeside } from "./filling.js";

/** @import { Filling } from "./filling.js" */
/** @import { GraphNode } from "./structure.js" */

const FOLLOW_AFTER_MS = 120; // typesetting equations must not slow a held key
const FALL_BACK_MS = 500; // at most so far is the inspector behind a player that plays fast

export class Inspecting {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.following = 0;
    this.followedAt = 0;
  }

  /** What is selected at once; where nothing is, the node of the position, once stepping pauses. */
  soon() {
    clearTimeout(this.following);
    const chosen = Boolean(this.view.looks.node || this.view.looks.edge);
    if (chosen && !hand.holds()) this.now(false);
    else {
      const late =
        this.view.parts.player.playing && performance.now() - this.followedAt > FALL_BACK_MS;
      this.following = setTimeout(() => this.now(!chosen), late ? 0 : FOLLOW_AFTER_MS);
    }
  }

  /** @param {boolean} follows */
  now(follows) {
    this.followedAt = performance.now();
    const { edge, component, entry } = this.view.looks;
    const node = follows ? this.followed() : this.view.looks.node;
    const target = node ?? edge?.to;
    this.view.parts.inspector.show({
      follows,
      pinned: this.view.cursor.get().pinned,
      labels: this.view.data.labels,
      model: this.view.model,
      version: this.view.looks.stamp,
      node,
      edge,
      component,
      entry: entry && !follows,
      known: Boolean(target && this.view.seen.value(target)),
      felt: Boolean(target && this.view.seen.gradient(target)),
      detail: this.detail(),
      step: this.view.model.level === "rolled" ? this.view.step() : 0,
      holds: this.view.data.holds,
      filling: this.filling(node, follows),
    });
  }

  /**
   * How far the gradient of a weight has come: of the one shown, or beside what runs back.
   * @param {?GraphNode} node
   * @param {boolean} follows
   * @returns {?Filling}
   */
  filling(node, follows) {
    const { model, seen, frames, position } = this.view;
    if (!model.grad || this.view.phase() !== "backward") return null;
    if (follows && !frames.at(position)) return null; // all is done
    const weight = follows ? weightBeside(model, node) : node?.kind === "parameter" ? node : null;
    if (!weight?.back.length) return null;
    const terms = termsOf(model, weight);
    // The last term would tell the whole, where that is asked for.
    const isTold = seen.whole || seen.gradient(weight);
    const added = isTold
      ? terms.filter(({ uses }) => uses.every(({ edge, step }) => seen.gradient(edge.to, step)))
      : [];
    return { node: weight, terms, added: added.length };
  }

  /** The node being computed; the loss where all is done, nothing at the start. */
  followed() {
    if (this.view.position >= this.view.frames.end) return this.view.model.loss;
    return this.view.frames.at(this.view.position)?.node ?? null;
  }

  /** What Python has said about the selection, if it is still about the selection. */
  detail() {
    const { detail } = this.view.data;
    if (this.view.follower.leads) return null;
    const { selected } = this.view.cursor.get();
    return detail?.selected === selected && detail.level === this.view.model.level ? detail : null;
  }

  destroy() {
    clearTimeout(this.following);
  }
}
