/** The axes of a figure by name: `xaxis`, `yaxis2`, as traces (`x`, `y2`) and layouts call them. */

/** @import { Axis, Layout } from "./figure.d.ts" */

const AXIS = /^[xy]axis\d*$/;

/**
 * @param {Layout} layout
 * @returns {[name: string, axis: Axis][]}
 */
export const axesOf = (layout) => Object.entries(layout).filter(([name]) => AXIS.test(name));

/**
 * The axis that a trace is drawn along.
 * @param {Layout} layout
 * @param {string} reference `x`, `y2`
 */
export function axisOf(layout, reference) {
  const name = `${reference[0]}axis${reference.slice(1)}`;
  const found = axesOf(layout).find(([other]) => other === name);
  if (!found) throw new Error(`The figure has no ${name}.`);
  return found[1];
}
