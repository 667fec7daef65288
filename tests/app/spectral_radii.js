/** Of each matrix on a line of JSON, its eigenvalues and spectral radius. */

import { readFileSync } from "node:fs";
import { eigenvalues, spectralRadius } from "../../app/components/shared/frontend/eigenvalues.js";

const matrices = readFileSync(0, "utf8")
  .split("\n")
  .map((line) => JSON.parse(line).map((row) => row.map(Number)));
const answers = matrices.map((one) => [eigenvalues(one), spectralRadius(one)]);
process.stdout.write(JSON.stringify(answers));
