/** The sheet's graph: what is given, and in each node what was written, in the colour of its mark. */

import { diverging } from "../../shared/frontend/colour.js";
import { aboutOf, modelOf } from "../../graph_view/frontend/model.js";
import { canvasTheme } from "../../graph_view/frontend/looks.js";
import { Viewer } from "../../graph_view/frontend/viewer.js";

/** @import { Model } from "../../graph_view/frontend/model.js" */
/** @import { GraphNode, Room } from "../../graph_view/frontend/structure.js" */
/** @import { Entry } from "../../graph_view/frontend/entries.js" */
/** @import { Look } from "../../graph_view/frontend/shapes.js" */
/** @import { Asked, SheetData } from "./data.d.ts" */

/** @param {Asked} asked @param {Pick<GraphNode, "kind"|"quantity"|"parameter"|"t">} node */
const isOf = ({ quantity, t }, node) =>
  t === null && node.kind === "parameter"
    ? node.parameter === quantity
    : node.quantity === quantity && node.t === (t ?? node.t);

/**
 * Boxes have room for what is given and what is asked, and for nothing else.
 * @param {Asked[]} every
 * @param {Asked} first
 * @returns {Room}
 */
const roomFor = (every, first) => ({
  name: every.map(({ of, quantity, t }) => `${of} ${quantity} ${t}`).join(),
  of: (node) => {
    const own = every.filter((asked) => isOf(asked, node));
    if (own.some(({ of }) => of === "gradient")) return 2;
    return own.length || !node.op ? 1 : 0;
  },
  begins: (node) => isOf(first, node),
});

/**
 * @typedef {object} Places the questions of a node: the first one about its value, and its gradient
 * @property {?Asked} value
 * @property {?Asked} gradient
 */

export class Picture {
  /**
   * @param {HTMLElement} container
   * @param {{entriesOf: (asked: Asked) => Entry[], choose: (node: GraphNode) => void}} hooks
   */
  constructor(container, hooks) {
    this.container = container;
    this.hooks = hooks;
    /** @type {?Model} */
    this.model = null;
    /** @type {Map<GraphNode, Places>} */
    this.places = new Map();
    /** @type {?Asked} where the learner is */
    this.at = null;
    /** @type {?Asked} what is asked for first */
    this.first = null;
    this.theme = canvasTheme(container);
    this.stamp = 0;
    this.viewer = new Viewer(container, {
      onSelect: (id) => {
        const node = this.model?.byId.get(id);
        if (node) hooks.choose(node);
      },
      onMove: () => {},
      onPoint: () => {},
      onHold: () => null,
      stateOf: () => ({ step: 1, atStart: false, atEnd: false, node: this.#sought() }),
      legendHeight: () => 0,
      lookOf: (node) => this.lookOf(node),
      edgeLooks: {
        rest: (edge) => {
          const { theme } = this;
          const opacity = edge.from.kind === "parameter" ? 0.28 : 0.75;
          return {
            width: 1,
            colour: theme.edge,
            opacity,
            arrow: 0.45,
            rank: opacity < 0.5 ? -1 : 0,
          };
        },
        active: (edge) =>
          this.isUsed(edge.from, edge.to)
            ? { width: 2.5, colour: this.theme.primary, opacity: 1, arrow: 0.6, rank: 0 }
            : null,
      },
    });
  }

  /** Where the learner is, or begins. */
  #sought() {
    const asked = this.at ?? this.first;
    return asked && this.nodeOf(asked);
  }

  /** Draw in letters for a lecture hall, or as it was. @param {boolean} large */
  enlarge(large) {
    if (this.viewer.enlarge(large)) this.viewer.reveal(this.#sought());
  }

  /** @param {SheetData} data */
  show({ graph, blocks, given }) {
    const every = [...given, ...blocks.flatMap(({ asked }) => asked)];
    const tall = every.some(({ of }) => of === "gradient");
    this.model = modelOf(
      graph.level,
      aboutOf(graph),
      new Map(),
      tall,
      roomFor(every, blocks[0].asked[0]),
    );
    this.first = blocks[0].asked[0];
    this.places = new Map();
    for (const asked of every) {
      const node = this.nodeOf(asked);
      if (!node) continue;
      const places = this.places.get(node) ?? { value: null, gradient: null };
      places[asked.of] = asked;
      this.places.set(node, places);
    }
    this.viewer.show(this.model);
    this.refresh();
  }

  /** @param {Asked} asked @returns {?GraphNode} */
  nodeOf(asked) {
    return this.model?.nodes.find((node) => isOf(asked, node)) ?? null;
  }

  /** The learner has come to a quantity. @param {?Asked} asked */
  point(asked) {
    this.at = asked;
    const node = asked && this.nodeOf(asked);
    this.viewer.reveal(node);
    this.refresh();
  }

  /** Whether an edge leads to what is asked for, in the direction of the pass. @param {GraphNode} from @param {GraphNode} to */
  isUsed(from, to) {
    const node = this.at && this.nodeOf(this.at);
    return this.at?.of === "gradient" ? from === node : to === node;
  }

  refresh() {
    this.stamp += 1;
    this.viewer.refresh();
  }

  onTheme() {
    this.theme = canvasTheme(this.container);
    this.refresh();
  }

  /** @param {GraphNode} node @returns {Look} */
  lookOf(node) {
    const { theme, model, stamp } = this;
    const { value = null, gradient = null } = this.places.get(node) ?? {};
    const current = this.at !== null && (this.at === value || this.at === gradient);
    const numbers = node.op || !model ? null : model.valueOf(node);
    const scale = diverging(1, theme.dark);
    /** @param {?Asked} asked */
    const entriesOf = (asked) => asked && this.hooks.entriesOf(asked);
    return {
      key: `${stamp}`,
      latex: node.latex,
      label: "",
      numbers,
      entries: entriesOf(value),
      scale,
      asked: false,
      none: false,
      second: node.tall
        ? { numbers: null, entries: entriesOf(gradient), scale, gradient: true, asked: false }
        : null,
      current,
      operand: false,
      selected: false,
      pinned: false,
      held: null,
      holds: false,
      gradient: false,
      dashed: node.kind === "target",
      theme,
    };
  }

  destroy() {
    this.viewer.destroy();
  }
}
