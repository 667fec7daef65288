/** What Python has sent, decoded: what all levels share, and a model of each when it is shown. */

import { aboutOf, decode, modelOf } from "./model.js";

/** @import { Level } from "../../shared/frontend/cursor.js" */
/** @import { GraphData } from "./data.d.ts" */
/** @import { Model } from "./model.js" */

/** @typedef {{value: Float64Array, grad: ?Float64Array}} Strips a number for each step of the run */

/** Until the first data arrive. @type {GraphData} */
export const NOTHING = {
  T: 0,
  level: "operation",
  offered: [],
  levels: {},
  overview: { value: "", grad: null },
  program: "",
  initial: {},
  detail: null,
  arithmetic: null,
  labels: null,
  equations: null,
  apart: "",
  large: false,
  run: null,
  holds: false,
  predict: null,
};

export class Sent {
  /** @type {Map<string, Model>} by level and what the boxes have room for */
  #models = new Map();

  /** @param {GraphData} data */
  constructor(data) {
    this.data = data;
    this.about = aboutOf(data);
    const { value, grad } = data.overview;
    /** @type {Strips} */
    this.strips = { value: decode(value), grad: grad === null ? null : decode(grad) };
  }

  /**
   * @param {Level} level
   * @param {boolean} tall whether its boxes have room for value and gradient
   */
  model(level, tall) {
    const key = keyOf(level, tall);
    const model =
      this.#models.get(key) ?? modelOf(this.data.levels[level], this.about, new Map(), tall);
    this.#models.set(key, model);
    return model;
  }

  /**
   * The same model as another one, since its numbers are others: what was made of them before is
   * kept for the model that had them.
   * @param {Model} model
   */
  renumbered(model) {
    const renewed = { ...model };
    this.#models.set(keyOf(model.level, model.tall), renewed);
    return renewed;
  }

  /** The strips of numbers in the hand. @param {Strips} strips */
  follow(strips) {
    this.strips = strips;
  }
}

/** @param {string} level @param {boolean} tall */
const keyOf = (level, tall) => `${level} ${tall}`;
