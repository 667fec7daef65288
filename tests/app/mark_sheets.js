/** Marks sheets as the browser does: of each, some sets of numbers, null for what is not written. */

import { lines } from "./page.js";

const { markerOf } = await import("../../app/components/sheet_view/frontend/marking.js");

const found = [];
for await (const line of lines) {
  const { marking, entries } = JSON.parse(line);
  const { truth, marks } = markerOf(marking);
  found.push({ truth, marks: entries.map(marks) });
}
process.stdout.write(JSON.stringify(found));
