/**
 * The diverging scale: negative blue, positive orange, zero the page's own background.
 *
 * Blue and orange keep apart in the common forms of colour blindness; the sign is always written
 * in the number as well.
 */

import { coloursOf, common } from "./common.js";

const STEPS = 64;

/**
 * @typedef {object} Scale
 * @property {(value: number) => string} fill   CSS colour of a number
 * @property {(value: number) => string} ink    text colour that reads on that fill
 * @property {number} largest                   the magnitude at the ends
 */

/**
 * @param {number} largest magnitude that gets the full colour
 * @param {boolean} dark
 * @returns {Scale}
 */
export function diverging(largest, dark) {
  const { negative, positive, zero } = coloursOf({ dark });
  const { root } = common().colours;
  /** @type {string[]} */
  const fills = [];
  /** @type {string[]} */
  const inks = [];
  for (let step = -STEPS; step <= STEPS; step += 1) {
    const end = step < 0 ? negative : positive;
    const share = Math.abs(step) / STEPS;
    const mixed = zero.map((start, i) => Math.round(start + (end[i] - start) * share));
    fills.push(`rgb(${mixed.join(",")})`);
    inks.push(inkOn(mixed));
  }
  /** @param {number} value */
  const index = (value) => {
    if (!Number.isFinite(value) || !(largest > 0)) return STEPS;
    const share = Math.min(1, Math.abs(value) / largest) ** root;
    return STEPS + Math.round(Math.sign(value) * share * STEPS);
  };
  return { largest, fill: (value) => fills[index(value)], ink: (value) => inks[index(value)] };
}

/** What reads better on a colour, black or white. @param {number[]} rgb 0..255 */
export function inkOn(rgb) {
  const { even, inks } = common().colours;
  return luminance(rgb) > even ? inks.dark : inks.light;
}

/**
 * Relative luminance as in WCAG 2.
 * @param {number[]} rgb 0..255
 */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Largest finite magnitude in a list of numbers, 0 for none.
 * @param {Iterable<number>} numbers
 */
export function largestOf(numbers) {
  let largest = 0;
  for (const value of numbers) {
    const size = Math.abs(value);
    if (size > largest && Number.isFinite(size)) largest = size;
  }
  return largest;
}
