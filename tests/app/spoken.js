/** What a lecture hall sees, by `spoken.js` and `sight.js`, of the cases that come as lines of JSON. */

import { createInterface } from "node:readline";
import { calm, nearest, within } from "../../app/components/graph_view/frontend/sight.js";
import { spokenOf } from "../../app/components/graph_view/frontend/spoken.js";

const found = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { nodes, names, level, room, boxes, most, middle, wanted } = JSON.parse(line);
  if (middle) found.push(calm(middle, wanted, boxes, most));
  else if (boxes) found.push(nearest(boxes, most));
  else if (room) found.push(within(...room));
  else found.push(spokenOf({ level }, nodes, names).map(({ id }) => id));
}
process.stdout.write(JSON.stringify(found));
