/** Says what symbols mean at a position, as the page does. */

import { readFileSync } from "node:fs";
import { tell } from "../../app/components/shared/frontend/common.js";
import { meaningOf, tellSymbols } from "../../app/components/shared/frontend/symbols/meaning.js";

globalThis.document = { documentElement: { style: { setProperty: () => {} } } };
const said = readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const { common, symbols, numbers, asked } = JSON.parse(line);
    tell(common);
    tellSymbols(symbols, numbers);
    return asked.map(([text, t, tells]) => meaningOf(text, { t: t ?? Infinity, tells }));
  });
process.stdout.write(JSON.stringify(said));
