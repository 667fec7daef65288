/** Says where the nodes of graphs stand, with boxes of given sizes, as the page arranges them. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { arrange, setApart } = await import(`${graph}/arrange.js`);
const { shapeOf } = await import(`${graph}/topology.js`);

const results = [];
for await (const line of lines) {
  const { topology, boxes } = JSON.parse(line);
  const { nodes, level, aside } = shapeOf(topology);
  const placed = nodes.map((node) => ({ ...node, box: boxes[node.id] }));
  if (level === "rolled") setApart(placed);
  else arrange(placed, { aside });
  results.push(Object.fromEntries(placed.map(({ id, x, y }) => [id, [x, y]])));
}
process.stdout.write(JSON.stringify(results));
