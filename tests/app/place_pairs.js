/** Says where the nodes of PyTorch's graph and of ours stand beside each other, as the page draws them. */

import { lines } from "./page.js";

const view = "../../app/components";
const { boxOf } = await import(`${view}/graph_view/frontend/boxes.js`);
const { setting } = await import(`${view}/autograd_view/frontend/setting.js`);

const results = [];
for await (const line of lines) {
  const { places, panes, aside } = JSON.parse(line);
  const nodes = panes.map((pane) =>
    pane.nodes.map((node) => ({ ...node, box: boxOf({ ...node, tall: false }) })),
  );
  const found = setting(places, nodes, aside);
  results.push(
    nodes.map((list, k) =>
      list.map(({ id, box }) => ({
        id,
        ...found[k].get(id),
        width: box.width,
        height: box.height,
      })),
    ),
  );
}
process.stdout.write(JSON.stringify(results));
