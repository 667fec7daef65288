/**
 * The network of the page with all that was changed in it: computed in the browser, and told to the
 * graph as Python would tell it.
 */

import { fill, fillHeld } from "../../graph_view/frontend/live.js";
import { heldModel } from "../../graph_view/frontend/held_model.js";
import { aboutOf, modelOf } from "../../graph_view/frontend/model.js";
import { givenOf, initialOf, Runner, stripsOf } from "../../graph_view/frontend/runner.js";
import { baseOf, heldNumber, holdsIn, NOT_HERE } from "./holding.js";
import { ledgerOf } from "./ledger.js";
import { pathsOf } from "./paths.js";
import { numbersWith, shapeText } from "./shape.js";

/** @import { Level } from "../../shared/frontend/cursor.js" */
/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Detail, GraphData, Ledger, LevelData, Paths } from "../../graph_view/frontend/data.d.ts" */
/** @import { Model } from "../../graph_view/frontend/model.js" */
/** @import { PageData } from "./data.d.ts" */
/** @import { Held } from "./holding.js" */

/** @typedef {LevelData & {value: Float64Array, grad: ?Float64Array, local: ?Float64Array}} Filled */

export class PageRun {
  #runner = new Runner();
  /** @type {Map<string, Runner>} of the run with what is held, by the level that it is computed at */
  #heldRunners = new Map();
  /** @type {Map<string, Filled>} */
  #filled = new Map();
  /** @type {Map<string, string>} */
  #shapes = new Map();

  /** @param {PageData} sent */
  constructor(sent) {
    this.sent = sent;
    /** @type {Change[]} */
    this.changes = [];
    /** @type {Held[]} */
    this.held = [];
    this.network = this.#run();
  }

  /** Compute everything with these changes. @param {Change[]} changes */
  change(changes) {
    this.changes = changes;
    this.compute();
  }

  /** Compute everything again. */
  compute() {
    this.network = this.#run();
    this.#filled.clear();
  }

  #run() {
    const { program, run } = this.sent.graph;
    return this.#runner.run(program, run, this.changes);
  }

  /** The loss; null where there is none. */
  get loss() {
    return this.network.loss?.total.value[0] ?? null;
  }

  get #about() {
    return aboutOf({ initial: this.#initial(), program: this.sent.graph.program });
  }

  #initial() {
    const { sample } = this.sent.graph.run;
    const { states } = this.network.program;
    return Object.fromEntries(
      states.map((state) => [state, initialOf(this.network, sample, state).slice()]),
    );
  }

  /**
   * A level with its numbers, those of the run beside among them.
   * @param {string} name
   * @returns {Filled}
   */
  level(name) {
    const known = this.#filled.get(name);
    if (known) return known;
    const filled = this.#plain(name);
    if (this.held.length) filled.held = this.#beside(name, filled);
    this.#filled.set(name, filled);
    return filled;
  }

  /** @param {string} name @returns {Filled} */
  #plain(name) {
    const { levels, signs } = this.sent;
    const { shape, value, grad, local, terms } = levels[name];
    const topology = this.#shapes.get(name) ?? shapeText(shape, signs);
    this.#shapes.set(name, topology);
    /** @type {Filled} */
    const filled = {
      topology,
      terms,
      held: null,
      value: numbersWith(value),
      grad: grad && numbersWith(grad),
      local: local && numbersWith(local),
    };
    const { sample } = this.sent.graph.run;
    const model = modelOf(filled, this.#about);
    fill(model, { network: this.network, sample });
    return filled;
  }

  /** @param {string} name */
  model(name) {
    return modelOf(this.level(name), this.#about);
  }

  /**
   * The numbers with what is held, as the graph takes them.
   * @param {string} name of a level
   * @param {Filled} filled
   */
  #beside(name, filled) {
    const base = baseOf(name);
    const model = modelOf(base === name ? filled : this.#plain(base), this.#about);
    const { at, said } = heldNumber(model, this.held);
    const nothing = { kind: /** @type {const} */ ("held"), at, said, loss: null };
    const run = this.#heldRun(base, model);
    if (!run || !at.length) {
      const why = at.length ? NOT_HERE : said;
      return { ...nothing, at: [], said: why, value: null, grad: null, local: null };
    }
    const held = {
      ...nothing,
      loss: run.network.loss?.total.value[0] ?? null,
      value: filled.value.slice(),
      grad: filled.grad && filled.grad.slice(),
      local: filled.local && filled.local.slice(),
    };
    fillHeld(modelOf({ ...filled, held }, this.#about), run);
    return held;
  }

  /**
   * The run with what is held at a level; null where it cannot be computed here.
   * @param {string} base
   * @param {Model} model of that level
   */
  #heldRun(base, model) {
    const { program, run } = this.sent.graph;
    const { sample } = run;
    const holds = holdsIn(model, { network: this.network, sample }, this.held);
    if (!holds) return null;
    const runner = this.#heldRunners.get(base) ?? new Runner();
    this.#heldRunners.set(base, runner);
    return { network: runner.run(program, run, this.changes, holds), sample };
  }

  /**
   * Ledger and paths of what is selected; null where it has neither.
   * @param {?string} selected
   * @param {Level} level
   * @returns {?Detail}
   */
  detail(selected, level) {
    if (!selected || !this.network.loss) return null;
    const model = this.model(level);
    const { run } = this.sent.graph;
    const found = {
      ledger: ledgerOf(
        this.sent.ledger,
        model,
        { network: this.network, sample: run.sample },
        selected,
      ),
      paths: level === "scalar" ? pathsOf(model, selected) : null,
    };
    if (!found.ledger && !found.paths) return null;
    const base = baseOf(level);
    const held = this.held.length ? this.#heldRun(base, this.model(base)) : null;
    const again = heldModel(model);
    const cut = run.truncate !== null && run.truncate < run.steps;
    const beside = held && {
      ledger: found.ledger && ledgerOf(this.sent.ledger, model, held, selected),
      paths: found.paths && again && !cut ? pathsOf(again, selected) : null,
    };
    return {
      selected,
      level,
      ...known(found),
      held: beside && (beside.ledger || beside.paths) ? known(beside) : null,
    };
  }

  /**
   * All that the graph is told.
   * @param {{selected: ?string, level: Level}} asked
   * @param {string} predicted what is asked for before it is shown; empty for nothing
   * @returns {GraphData}
   */
  data({ selected, level }, predicted) {
    const { graph, infinite } = this.sent;
    const { run, predict } = graph;
    const given = givenOf(this.network, run.target);
    const isFinite = [...this.network.of("h").value, this.loss ?? 0].every(Number.isFinite);
    const why = predict && (predict.why || (isFinite ? "" : infinite));
    return {
      ...graph,
      level,
      levels: this.#levels(),
      overview: stripsOf(this.network, run.sample),
      initial: this.#initial(),
      detail: this.detail(selected, level),
      arithmetic: null,
      apart: "",
      large: false,
      run: predicted ? null : { ...run, given },
      holds: true,
      predict: predict && { ...predict, kind: why ? "" : predicted, why: why ?? "" },
    };
  }

  /** The levels, each computed when it is looked at. */
  #levels() {
    /** @type {GraphData["levels"]} */
    const levels = {};
    for (const name of this.sent.graph.offered) {
      Object.defineProperty(levels, name, { enumerable: true, get: () => this.level(name) });
    }
    return levels;
  }
}

/**
 * Without what there is not.
 * @param {{ledger: ?Ledger, paths: ?Paths}} found
 */
const known = ({ ledger, paths }) => ({ ...(ledger && { ledger }), ...(paths && { paths }) });
