/** Writes numbers as the page does, with so many digits, rewritten, or rounded to each format. */

import { lines } from "./page.js";

const { formatOf } = await import("../../app/components/graph_view/frontend/float_formats.js");
const numbers = await import("../../app/components/shared/frontend/numbers.js");

const ways = {
  written: ({ given, digits }) =>
    given.map(Number).map((value) => [numbers.inFull(value, digits), numbers.plain(value, digits)]),
  summary: ({ given, shape }) => numbers.summary(given, undefined, shape),
  rewritten: ({ given }) => given.map(numbers.rewritten),
  rounded: ({ given, format }) =>
    given.map((value) => String(formatOf(format).round(Number(value)))),
};
const results = [];
for await (const line of lines) {
  const asked = JSON.parse(line);
  results.push(ways[asked.way](asked));
}
process.stdout.write(JSON.stringify(results));
