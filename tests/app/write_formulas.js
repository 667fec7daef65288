/** Reads formulas, a line of JSON each; prints those that KaTeX does not write. */

import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const KATEX = new URL("../../assets/vendor/katex/katex.min.js", import.meta.url);
runInThisContext(readFileSync(KATEX, "utf8")); // which leaves a global
const formulas = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const isRefused = (formula) => {
  try {
    globalThis.katex.renderToString(formula, { displayMode: true, strict: "ignore" });
    return false;
  } catch {
    return true;
  }
};
process.stdout.write(JSON.stringify(formulas.filter(isRefused)));
