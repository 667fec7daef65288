/** A symbol of a notation in plain text, as `rnn_core/cells/notation.py` says it. */

const COMMANDS = /\\(?:boldsymbol|mathbf|text)\{((?:[^{}]|\{[^{}]*\})*)\}/g;
/** @type {[RegExp, string][]} */
const ACCENTS = [
  [/\\tilde\{(\p{L})\}/gu, "$1\u0303"],
  [/\\hat\{(\p{L})\}/gu, "$1\u0302"],
  [/\\bar\{(\p{L})\}/gu, "$1\u0304"],
];

/** @param {string} latex */
export function spokenOf(latex) {
  let text = latex;
  for (let inner = ""; inner !== text;) {
    inner = text;
    text = text.replace(COMMANDS, "$1");
  }
  for (const [accent, letter] of ACCENTS) text = text.replace(accent, letter);
  return text
    .replaceAll("\\delta", "δ")
    .replaceAll("^{\\prime }", "′")
    .replaceAll("^{\\prime", "′^{")
    .replaceAll("\\prime", "′")
    .replace(/[{}\\ ]/g, "")
    .replace(/\^?′\^?/g, "′")
    .replaceAll("+", " + ");
}
