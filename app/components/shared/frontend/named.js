/**
 * The names of nodes and positions as the address has them: `h[3,1]`, `W_hh[2,1]`, `W_hh h[2]`, and
 * `f:h[3]` for the player where it has computed that.
 *
 * A node says all of it in fields of its own. Names are read for what the address asks for, and for
 * what was shown at another level or in other steps, and is not here.
 */

/**
 * What a name says, as the fields of its node have it.
 *
 * @typedef {object} Named
 * @property {?string} quantity
 * @property {?number} t
 * @property {?string} parameter     that it is, or is a product of
 * @property {number[]} index        the rest of its place, from 1
 * @property {?[quantity: string, t: number]} reads what a product multiplies
 * @property {number[]} steps        those that are mentioned
 *
 * @typedef {{parameters: ReadonlySet<string>, quantities?: ReadonlySet<string>}} Known names of a run
 * @typedef {import("./cursor.js").Cursor["phase"]} Phase
 */

const MENTION = /(\p{L}[\p{L}\p{N}_]*)(?![\p{L}\p{N}_(])(?:\[(\d{1,9}(?:,\d{1,9})*)\])?/gu;
const PHASES = /** @type {const} */ ({ "f:": "forward", "b:": "backward" });

/**
 * @param {string} name of a quantity or a parameter
 * @param {...number} index of its step, unit or place, from 1
 */
export const nameOf = (name, ...index) => (index.length ? `${name}[${index.join(",")}]` : name);

/** What a state is before the first step, as a field has it. @param {string} state */
export const startOf = (state) => `${state}_0`;

/** @param {Phase} phase @param {string} name */
export const positionOf = (phase, name) => (phase === "forward" ? "f:" : "b:") + name;

/**
 * @param {string} at a position
 * @returns {{phase: ?Phase, name: string}} without a phase for the start, the end, and other text
 */
export function partsOf(at) {
  const start = at.slice(0, 2);
  return start === "f:" || start === "b:"
    ? { phase: PHASES[start], name: at.slice(2) }
    : { phase: null, name: at };
}

/**
 * @param {string} name
 * @param {Known} known
 * @returns {?Named} null where it mentions what there is not
 */
export function readName(name, { parameters, quantities }) {
  const found = [...name.matchAll(MENTION)].map(([whole, own, index]) => ({
    whole,
    own,
    index: index?.split(",").map(Number) ?? [],
  }));
  const isKnown = found.every(({ own }) => parameters.has(own) || (quantities?.has(own) ?? true));
  if (!found.length || !isKnown) return null;
  const timed = found.filter(({ own, index }) => index.length && !parameters.has(own));
  const steps = timed.map(({ index }) => index[0]);
  const [{ whole, own, index }] = found;
  const said = { quantity: null, t: null, parameter: null, index: [], reads: null, steps };
  if (whole === name && parameters.has(own)) return { ...said, parameter: own, index };
  if (whole === name) return { ...said, quantity: own, t: steps[0] ?? null, index: index.slice(1) };
  if (found.length === 2 && timed.length === 1 && parameters.has(own)) {
    return { ...said, parameter: own, index, reads: [timed[0].own, steps[0]] };
  }
  return said;
}
