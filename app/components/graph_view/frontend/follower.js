/** While a number is in the hand, the graph's numbers come from a run in the browser. */

import { hand } from "../../shared/frontend/hand.js";
import { Header } from "./header.js";
import { fieldOf } from "./fields.js";
import { fill, fillHeld, holdsOf } from "./live.js";
import { initialOf, Runner, stripsOf } from "./runner.js";

/** @import { Change } from "../../shared/frontend/hand.js" */
/** @import { Model } from "./model.js" */
/** @import { GraphNode } from "./structure.js" */
/** @import { Run } from "./live_edges.js" */

const CHEAP_MS = 2; // to measure all edges' widths in each frame
const WAITS = "The run with what is held follows when you let go.";
const REST_MS = 150; // a hand that has not moved for so long rests

export class Follower {
  #frame = 0;
  #resting = 0;
  #widthsMs = 0; // what the last measurement of all edges took
  #runner = new Runner();
  #heldRunner = new Runner();
  #header = new Header();
  /** @type {?Run} of the numbers that are shown, null while they are Python's */
  #run = null;

  /** @param {import("./view.js").GraphView} view */
  constructor(view) {
    this.view = view;
    this.stop = hand.subscribe(() => {
      if (view.data.run && view.seen.whole) {
        this.#frame ||= requestAnimationFrame(() => this.#follow());
      }
    });
  }

  /** Whether what is shown is not what Python has sent. */
  get leads() {
    return this.#run !== null;
  }

  /**
   * What a hand would change at a number of a node: null of what is computed, and not given.
   * @param {GraphNode} node
   * @param {number} component
   * @returns {?Change}
   */
  changeOf(node, component) {
    const { data, model } = this.view;
    const place =
      data.run && this.view.seen.whole && fieldOf(model, node, component, data.run.batch);
    if (!place) return null;
    // The model follows in the next frame.
    const value = hand.valueOf(place) ?? model.valueOf(node)[node.index ? 0 : component];
    return { ...place, value };
  }

  /** Python's numbers have arrived: what it has not heard of yet is put on top of them. */
  arrived() {
    hand.arrived();
    this.#run = null;
    this.#header.forget();
    if (this.view.data.run && this.view.seen.whole && hand.changes().length) this.#compute();
  }

  /** Give a model that is shown from now on the numbers of the hand. @param {Model} model */
  renew(model) {
    const { program, run } = this.view.data;
    if (!this.#run || !run) return;
    fill(model, this.#run);
    const holds = holdsOf(model, this.#run);
    if (!holds) {
      if (model.held?.kind === "held") model.held = { ...model.held, said: WAITS };
      return;
    }
    const network = this.#heldRunner.run(program, run, hand.changes(), holds);
    fillHeld(model, { network, sample: run.sample });
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    this.stop();
  }

  #follow() {
    this.#frame = 0;
    const { view } = this;
    if (!hand.changes().length) {
      this.#run = null;
      this.#header.restore();
      view.restore();
      return;
    }
    const began = performance.now();
    this.#compute();
    this.renew(view.model);
    view.renumbered();
    // In a large graph edges keep their widths while the hand moves: to measure them takes longer
    // than all the rest.
    const keeps = hand.holds() && this.#widthsMs > CHEAP_MS;
    view.looks.reset(keeps);
    clearTimeout(this.#resting);
    if (keeps) this.#resting = setTimeout(() => this.#rest(), REST_MS);
    else this.#measure();
    view.render();
    view.parts.frame.dataset.followMs = (performance.now() - began).toFixed(2);
  }

  /** The hand has not moved for a while: what was too much between two frames follows, too. */
  #rest() {
    this.view.looks.reset();
    this.#measure();
    this.view.render();
  }

  #measure() {
    const { looks, model } = this.view;
    if (model.level === "rolled" || !this.view.modes.showsGradient()) return;
    const began = performance.now();
    for (const edge of model.edges) looks.flow(edge);
    this.#widthsMs = performance.now() - began;
  }

  #compute() {
    const { view } = this;
    const { program, run } = view.data;
    if (!run) return;
    const network = this.#runner.run(program, run, hand.changes());
    this.#run = { network, sample: run.sample };
    this.#header.show(network, run.sample);
    for (const [state, initial] of Object.entries(view.sent.about.initial)) {
      initial.set(initialOf(network, run.sample, state));
    }
    view.sent.follow(stripsOf(network, run.sample));
  }
}
