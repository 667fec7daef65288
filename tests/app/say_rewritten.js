/** Writes formulas and texts in a notation, as the page does. */

import { readFileSync } from "node:fs";
import {
  askNotation,
  writtenLatex,
  writtenText,
} from "../../app/components/shared/frontend/notation/notation.js";

const said = readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const { notation, formulas, texts } = JSON.parse(line);
    askNotation(notation);
    return [formulas.map(writtenLatex), texts.map(writtenText)];
  });
process.stdout.write(JSON.stringify(said));
