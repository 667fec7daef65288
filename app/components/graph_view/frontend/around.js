/** What stands around the canvas and says the same: strip, table, and facts for programs. */

import { writtenText } from "../../shared/frontend/notation/notation.js";
import { isGiven } from "./frames.js";
import { hideAhead } from "./header.js";

/** @import { GraphNode } from "./structure.js" */
/** @import { Sheet, Write } from "./nodes_table.js" */

const MOST_WITHOUT_OVERVIEW = 12;
const HEADS = ["symbol", "value", "gradient"];

export class Around {
  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
  }

  /** Facts for the page, for tests and benchmarks, and for whoever reads the page by program. */
  describe() {
    const { dataset } = this.view.parts.frame;
    dataset.level = this.view.model.level;
    dataset.at = this.view.frames.nameAt(this.view.position);
    dataset.scale = this.view.parts.viewer.canvas.camera().scale.toFixed(3);
    dataset.version = String(this.view.version);
    dataset.chunk = `${this.view.model.first}-${this.view.model.last}`;
    hideAhead(this.view);
    dataset.visible = String(this.view.parts.viewer.visible.length);
  }

  /** One bar for each step of a long sequence. */
  drawOverview() {
    const isLong = this.view.data.T > MOST_WITHOUT_OVERVIEW && this.view.model.level !== "rolled";
    const needed = isLong && this.view.seen.whole;
    this.view.parts.overview.element.hidden = !needed;
    if (!needed) return;
    const { value, grad } = this.view.sent.strips;
    const gradients = this.view.modes.showsGradient() ? grad : null;
    this.view.parts.overview.show({
      T: this.view.data.T,
      ...this.view.looks.ofStrip(gradients !== null, gradients ?? value),
      window: this.view.parts.viewer.window,
      step: this.view.step(),
      theme: this.view.theme,
      gradient: gradients !== null,
    });
  }

  /**
   * The nodes on the canvas with the numbers that the player has reached, and, in two more columns,
   * those of the run beside where they differ.
   * @returns {Sheet}
   */
  sheet() {
    const { model, parts } = this.view;
    const kind = model.held?.value ? model.held.kind : null;
    const rows = parts.viewer.visible.map((node) => {
      const known = this.view.seen.value(node);
      const isFolded = isGiven(node) && !this.view.unfolded;
      const felt = model.grad !== null && !isFolded && this.view.seen.gradient(node);
      const value = known ? model.valueOf(node) : null;
      const grad = felt ? model.gradOf(node) : null;
      const all = [value, grad];
      if (kind) {
        all.push((known && model.heldOf(node, false)) || value);
        all.push((felt && model.heldOf(node, true)) || grad);
      }
      /** @param {Write} write */
      const cells = (write) => all.map((numbers) => listed(node, numbers, write));
      return { id: node.id, name: writtenText(node.symbol), cells };
    });
    return { heads: kind ? [...HEADS, `value, ${kind}`, `gradient, ${kind}`] : HEADS, rows };
  }
}

/**
 * The numbers of a node in a cell of the table; a dash for those that are not reached.
 * @param {GraphNode} node
 * @param {?Float64Array} numbers
 * @param {Write} write
 */
function listed(node, numbers, write) {
  if (!numbers) return "–";
  if (node.shape.length === 0) return write(numbers[0]);
  const columns = node.shape[1] ?? numbers.length;
  if (node.turned) {
    return brackets(
      turnedRows(
        Array.from(numbers, (value) => write(value)),
        columns,
      ),
    );
  }
  /** @type {string[]} */
  const rows = [];
  for (let k = 0; k < numbers.length; k += columns) {
    rows.push(`[${Array.from(numbers.slice(k, k + columns), (value) => write(value)).join(", ")}]`);
  }
  return brackets(rows);
}

/** @param {string[]} rows */
const brackets = (rows) => (rows.length > 1 ? `[${rows.join(", ")}]` : rows[0]);

/** The columns of what is written row by row. @param {string[]} texts @param {number} columns */
const turnedRows = (texts, columns) =>
  Array.from(
    { length: columns },
    (all, column) => `[${texts.filter((each, k) => k % columns === column).join(", ")}]`,
  );
