/** The floating-point formats that a run can be computed in: how a result is rounded to each. */

const HALF = { bits: 10, least: -14, largest: 65504 }; // of float16: mantissa, exponent, number

/**
 * To the nearest float16; of two that are equally near, to the even one.
 * @param {number} value
 */
function half(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), HALF.least);
  const unit = 2 ** (exponent - HALF.bits);
  const whole = Math.floor(value / unit);
  const over = value / unit - whole;
  const up = over > 0.5 || (over === 0.5 && whole % 2 !== 0);
  const near = (whole + (up ? 1 : 0)) * unit;
  if (Math.abs(near) > HALF.largest) return Math.sign(value) * Infinity;
  return near === 0 ? 0 * Math.sign(value) : near;
}

/**
 * `round` takes a number to the format, `digits` is how many tell each number of it from all others.
 *
 * @typedef {{round: (value: number) => number, digits: number}} Format
 * @type {Record<string, Format>}
 */
export const FORMATS = {
  float16: { round: half, digits: 5 },
  float32: { round: Math.fround, digits: 9 },
  float64: { round: (value) => value, digits: 17 },
};
