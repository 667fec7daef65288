/** Runs networks by their programs, as the browser does, and says how far each is from NumPy's. */

import { readFileSync } from "node:fs";
import { Network } from "../../app/components/shared/frontend/interpreter/network.js";

const numbers = (text) => {
  const bytes = Buffer.from(text, "base64");
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8).slice();
};

const largest = (list) => list.reduce((most, number) => Math.max(most, Math.abs(number)), 0);

/** The largest difference over a size; equal infinities and NaN are no difference. */
function apart(found, wanted, size) {
  if (found.length !== wanted.length) return Infinity;
  const by = wanted.map((number, i) => (Object.is(number, found[i]) ? 0 : found[i] - number));
  if (!by.every(Number.isFinite)) return Infinity;
  return largest(by) === 0 ? 0 : largest(by) / size;
}

const results = readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const { program, steps, batch, given, truncate, value, grad } = JSON.parse(line);
    const network = new Network(program, { steps, batch, hasTarget: "y" in given });
    for (const [name, text] of Object.entries(given)) network.set(name, numbers(text));
    for (let again = 0; again < 2; again += 1) {
      network.forward(); // a second run must not remember the first
      network.backward(truncate);
    }
    let worst = { by: 0, what: "" };
    for (const [kind, wanted] of Object.entries({ value, grad })) {
      const expected = new Map(Object.entries(wanted).map(([name, text]) => [name, numbers(text)]));
      // The gradient by the parameters is one vector: a sum in it may cancel.
      const ofAll = Object.keys(program.parameters).map((name) => expected.get(name) ?? []);
      const size = largest(ofAll.map(largest));
      for (const [name, own] of expected) {
        const all = network.of(name)[kind];
        // Of what is read out at the last step alone, only that row counts.
        const found = all.subarray(all.length - own.length);
        const by = apart(
          found,
          own,
          kind === "grad" && name in program.parameters ? size : largest(own),
        );
        if (!(by <= worst.by)) worst = { by, what: `${kind} of ${name}` };
      }
    }
    return worst;
  });
process.stdout.write(JSON.stringify(results));
