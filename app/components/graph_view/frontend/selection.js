/**
 * What the reader has chosen to look at: a node or an edge, and one number of it.
 *
 * It gives way to what the player shows as soon as that moves on, unless it is pinned.
 */

import { nameOf } from "../../shared/frontend/named.js";

/** @import { Edge, GraphNode } from "./structure.js" */

export class Selection {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    /** @type {?string} what was come to by keys from its neighbour, and not chosen itself */
    this.walkedTo = null;
  }

  /**
   * Choose a node or an edge; null for none. A pin passes on to what is chosen next.
   * @param {?string} id
   */
  choose(id) {
    const { view } = this;
    this.walkedTo = null;
    const { pinned } = view.cursor.get();
    view.cursor.set({ selected: id, pinned: pinned && id !== null });
    view.render();
    view.parts.viewer.reveal(view.looks.node);
    view.asker.soon();
  }

  /** Choose the next node in a direction. @param {string} id */
  walk(id) {
    this.choose(id);
    this.walkedTo = id;
  }

  /** Whether one number was chosen, not an array as a whole. */
  isOneNumber() {
    const { looks, cursor } = this.view;
    const { selected } = cursor.get();
    if (selected === this.walkedTo) return false;
    return looks.entry || looks.components.has(selected) || Boolean(looks.node?.index);
  }

  /**
   * Choose one number of a vector or matrix.
   * @param {GraphNode|Edge} item
   * @param {number} k
   */
  pick(item, k) {
    const { view } = this;
    if ("kind" in item && item.kind === "parameter") {
      const columns = item.shape[1];
      const place = columns ? [Math.floor(k / columns) + 1, (k % columns) + 1] : [k + 1];
      this.choose(nameOf(item.id, ...place));
    } else {
      if (!view.cursor.get().selected) this.choose(item.id); // it was only followed
      this.walkedTo = null;
      view.looks.components.set(view.cursor.get().selected, k);
      view.render();
    }
  }

  /** Hold what the inspector shows while the player goes on, or no longer. */
  pin() {
    const { selected, pinned } = this.view.cursor.get();
    const id = selected ?? this.view.inspecting.followed()?.id;
    if (!id) return;
    this.view.steering.quietly({ pinned: !pinned });
    this.choose(id);
  }

  /** The player has moved on. */
  release() {
    if (!this.view.cursor.get().pinned) this.view.steering.quietly({ selected: null });
  }

  letGo() {
    if (this.view.version && this.view.cursor.get().selected) this.choose(null);
  }
}
