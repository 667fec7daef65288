/** What a lecture hall sees, by `first_look.js`, `mentioned.js` and `sight.js`, of the cases that come as lines of JSON. */

import { createInterface } from "node:readline";
import { calm, carried, nearest, within } from "../../app/components/graph_view/frontend/sight.js";
import { mentionedNodes } from "../../app/components/graph_view/frontend/mentioned.js";

// Its modules take a canvas that measures letters, which nothing here asks for.
const document = { createElement: () => ({ getContext: () => ({}) }) };
Object.assign(globalThis, { document, innerWidth: 1024 });
const { firstLook } = await import("../../app/components/graph_view/frontend/first_look.js");

const { areTooSmall } = await import("../../app/components/graph_view/frontend/afar.js");
const { lectureHallCamera, walkedCamera } =
  await import("../../app/components/graph_view/frontend/lecture_hall.js");

const found = [];
for await (const line of createInterface({ input: process.stdin })) {
  const {
    nodes,
    mentions,
    level,
    room,
    boxes,
    most,
    middle,
    wanted,
    size,
    spoken,
    timed,
    camera,
    bounds,
    scale,
    walked,
  } = JSON.parse(line);
  if (scale) found.push(areTooSmall(scale));
  else if (walked) found.push(walkedCamera(boxes, timed, walked, size, 0, camera));
  else if (camera) found.push(carried(camera, ...bounds));
  else if (timed) found.push(lectureHallCamera(boxes, spoken, size, 0, { timed }).position.x);
  else if (spoken) found.push(lectureHallCamera(boxes, spoken, size, 0).scale);
  else if (size) {
    const model = { level: "operation", tall: false, room: room && { begins: () => false } };
    const state = { atEnd: false, node: nodes[0] };
    const visible = nodes;
    const rest = { mentions: [], isPart: false, isScene: true, large: true, covered: 0 };
    const shown = { ...rest, model, state, visible, size, placeOf: (/** @type {any} */ at) => at };
    found.push(firstLook(shown).camera.scale);
  } else if (middle) found.push(calm(middle, wanted, boxes, most));
  else if (boxes) found.push(nearest(boxes[0] instanceof Array ? boxes : [boxes], most));
  else if (room) found.push(within(...room));
  else found.push(mentionedNodes({ level }, nodes, mentions).map(({ id }) => id));
}
process.stdout.write(JSON.stringify(found));
