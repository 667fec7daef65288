/** What a lecture hall sees, by `mentioned.js` and `sight.js`, of the cases that come as lines of JSON. */

import { createInterface } from "node:readline";
import { calm, nearest, within } from "../../app/components/graph_view/frontend/sight.js";
import { mentionedNodes } from "../../app/components/graph_view/frontend/mentioned.js";

const found = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { nodes, mentions, level, room, boxes, most, middle, wanted } = JSON.parse(line);
  if (middle) found.push(calm(middle, wanted, boxes, most));
  else if (boxes) found.push(nearest(boxes[0] instanceof Array ? boxes : [boxes], most));
  else if (room) found.push(within(...room));
  else found.push(mentionedNodes({ level }, nodes, mentions).map(({ id }) => id));
}
process.stdout.write(JSON.stringify(found));
