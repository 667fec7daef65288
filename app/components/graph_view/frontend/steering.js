/** Graph and cursor: where a link, the page or a plot wants to be looked at, and where it is. */

import { cursor } from "../../shared/frontend/cursor.js";
import { partsOf, readName } from "../../shared/frontend/named.js";
import { unknownPosition, unknownSelection } from "./asked.js";
import { counterpartOf } from "./counterpart.js";

/** @import { Cursor, Level, SharedCursor } from "../../shared/frontend/cursor.js" */
/** @import { GraphData } from "./data.d.ts" */
/** @import { Model } from "./model.js" */

let arrived = false; // what the link asks for was looked at

export class Steering {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.publishing = false;
    /** @type {string|undefined} */
    this.adopted = undefined;
    /** @type {(() => void)|undefined} */
    this.unsubscribe = undefined;
    /** @type {?Level} that was looked at before the page was left, and is asked for */
    this.returning = null;
  }

  /**
   * The level to show. Who comes back from another page finds the one that was left: Python, which
   * has forgotten it, is asked.
   * @param {GraphData} data
   * @returns {Level}
   */
  levelOf({ level, levels, offered }) {
    const { level: wanted, selected, at } = this.view.cursor.get();
    if (this.returning === level) {
      this.returning = null;
      return level;
    }
    if (wanted in levels) return wanted;
    if (this.view.version === 1 && offered.includes(wanted)) {
      this.returning = wanted;
      this.view.python.ask({ level: wanted, selected, at });
    }
    return level;
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
    this.view.asker.soon(); // so that Python knows, too, at the next edit
    return focus;
  }

  /** Say what the link asks for and this graph does not have, until something is done. @param {Cursor} wanted */
  arrive(wanted) {
    if (arrived || this.view.cursor !== cursor) return;
    arrived = true;
    const lost = unknownSelection(this.view, wanted.selected);
    const said = [unknownPosition(this.view, wanted.at), lost].filter(Boolean).join(" ");
    this.view.parts.missing.replaceChildren(said);
    this.view.parts.missing.hidden = !said;
    if (lost) this.quietly({ selected: null, pinned: false });
    this.view.render();
    const stop = cursor.subscribe(() => {
      this.view.parts.missing.hidden = true;
      stop();
    });
  }

  /**
   * Follow a position: the one that the page shares, or one of this graph's own.
   * @param {SharedCursor} wanted
   */
  by(wanted) {
    if (this.unsubscribe && wanted === this.view.cursor) return;
    this.unsubscribe?.();
    this.view.cursor = wanted;
    this.unsubscribe = wanted.subscribe(() => this.onCursor());
  }

  /** Somebody else moved the cursor (a plot, the address bar). */
  onCursor() {
    if (!this.view.version || this.publishing) return;
    const { level, at, t } = this.view.cursor.get();
    if (level !== this.view.model.level && level in this.view.data.levels) {
      this.view.showLevel(level);
      return;
    }
    const { phase, name } = partsOf(at);
    const step = phase && readName(name, this.view.model.known)?.t;
    if (phase && step && this.view.asker.isElsewhere(step)) {
      this.view.asker.goTo(step, phase, "last");
      return;
    }
    this.view.moveTo(this.view.frames.locate(at, t));
    this.quietly({ t: this.view.step(), phase: this.view.phase() });
    this.view.render();
  }

  /**
   * What was selected at another level goes on as what stands for it here, if anything does.
   * @param {number} step
   * @param {Model} before of the level that was shown
   */
  translate(step, before) {
    const { selected } = this.view.cursor.get();
    const component = this.view.looks.components.get(selected) ?? 0;
    const found = counterpartOf(this.view.model, selected, { component, step }, before);
    if (!found) return;
    this.view.looks.components.set(found.id, found.component);
    this.quietly({ selected: found.id });
    this.view.asker.soon();
  }

  publish() {
    this.quietly({
      at: this.view.frames.nameAt(this.view.position),
      t: this.view.step(),
      phase: this.view.phase(),
      level: this.view.model.level,
    });
  }

  /**
   * Set the cursor without hearing of it.
   * @param {Partial<Cursor>} partial
   */
  quietly(partial) {
    this.publishing = true;
    this.view.cursor.set(partial);
    this.publishing = false;
  }

  destroy() {
    this.unsubscribe?.();
  }
}
