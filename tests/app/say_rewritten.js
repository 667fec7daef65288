/** Writes formulas and texts in a notation, as the page does, and says what they mean in it. */

import { readFileSync } from "node:fs";
import { tell } from "../../app/components/shared/frontend/common.js";
import {
  askBeside,
  askNotation,
  writtenLatex,
  writtenText,
} from "../../app/components/shared/frontend/notation/notation.js";
import { meaningOf, tellSymbols } from "../../app/components/shared/frontend/symbols/meaning.js";

globalThis.document = { documentElement: { style: { setProperty: () => {} } } };
const NOWHERE = { t: Infinity, tells: true };
const meaning = (text) => {
  const found = meaningOf(text, NOWHERE);
  return found && [found.words, found.numbers];
};
const said = readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const {
      notation,
      beside = null,
      formulas = [],
      texts = [],
      common,
      symbols,
      numbers,
      names,
    } = JSON.parse(line);
    askBeside(beside);
    askNotation(notation);
    if (!names) return [formulas.map(writtenLatex), texts.map(writtenText)];
    tell(common);
    tellSymbols(symbols, numbers);
    const written = names.map(writtenText);
    const theirs = written.map(meaning);
    askNotation(null);
    return names.map((name, i) => ({
      name,
      written: written[i],
      ours: meaning(name),
      theirs: theirs[i],
    }));
  });
process.stdout.write(JSON.stringify(said));
