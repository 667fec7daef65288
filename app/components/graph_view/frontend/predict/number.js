/** A number as a reader writes it: −0.25, 0,25, 1/3, 2·10^-3. */

const FORM = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:e([+-]?\d{1,3})|(?:\*|·|×)10\^?([+-]?\d{1,3}))?$/;
const LONGEST = 40;

/** What is said of a text that is none. */
export const UNREAD = "expected a number such as −0.25, 1/3 or 2e-3";

/**
 * @param {string} text
 * @returns {?number} null for none
 */
export function numberIn(text) {
  const plain = text.trim().replace(/\s+/g, "").replaceAll("\u2212", "-").toLowerCase();
  if (!plain || plain.length > LONGEST) return null;
  const parts = plain.split("/");
  if (parts.length > 2) return null;
  const [upper, lower = 1] = parts.map(decimal);
  if (upper === null || lower === null || lower === 0) return null;
  return upper / lower;
}

/**
 * What somebody has written, in LaTeX: the digits, comma and fraction are theirs.
 * @param {string} text that is a number
 */
export function asWritten(text) {
  const plain = text.trim().replace(/\s+/g, "").replaceAll("\u2212", "-").toLowerCase();
  const sign = /^[+-]/.exec(plain)?.[0] ?? "";
  const [upper, lower] = plain.slice(sign.length).split("/").map(powers);
  return `${sign === "-" ? sign : ""}${lower ? `\\tfrac{${upper}}{${lower}}` : upper}`;
}

/** @param {string} text */
const powers = (text) =>
  text
    .replace(",", "{,}")
    .replace(/(?:e|(?:\*|·|×)10\^?)\+?(-?\d+)$/, (_, power) => ` \\cdot 10^{${power}}`);

/** @param {string} text @returns {?number} */
function decimal(text) {
  const found = FORM.exec(/^[^.,]*,[^.,]*$/.test(text) ? text.replace(",", ".") : text);
  return found && Number(`${found[1]}e${found[2] ?? found[3] ?? 0}`);
}
