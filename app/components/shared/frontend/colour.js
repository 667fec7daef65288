/**
 * The diverging scale: negative blue, positive orange, zero the page's own background.
 *
 * Blue and orange keep apart in the common forms of colour blindness; the sign is always written
 * in the number as well.
 */

const NEGATIVE = { light: [33, 102, 172], dark: [104, 172, 230] };
const POSITIVE = { light: [201, 97, 10], dark: [242, 153, 74] };
const ZERO = { light: [255, 255, 255], dark: [38, 42, 52] };
// Gradients span orders of magnitude: a root keeps small ones apart from zero.
const ROOT = 0.5;
const STEPS = 64;
// The luminance on which both inks have the same contrast, by the formula of WCAG.
const EQUAL_CONTRAST = 0.19;

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
  const theme = dark ? "dark" : "light";
  /** @type {string[]} */
  const fills = [];
  /** @type {string[]} */
  const inks = [];
  for (let step = -STEPS; step <= STEPS; step += 1) {
    const end = step < 0 ? NEGATIVE[theme] : POSITIVE[theme];
    const share = Math.abs(step) / STEPS;
    const mixed = ZERO[theme].map((zero, i) => Math.round(zero + (end[i] - zero) * share));
    fills.push(`rgb(${mixed.join(",")})`);
    inks.push(luminance(mixed) > EQUAL_CONTRAST ? "#10131a" : "#ffffff");
  }
  /** @param {number} value */
  const index = (value) => {
    if (!Number.isFinite(value) || !(largest > 0)) return STEPS;
    const share = Math.min(1, Math.abs(value) / largest) ** ROOT;
    return STEPS + Math.round(Math.sign(value) * share * STEPS);
  };
  return { largest, fill: (value) => fills[index(value)], ink: (value) => inks[index(value)] };
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
