/** Drags numbers of a graph as the browser does, and says how far it is from what Python sends. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { fill, fillHeld, holdsOf } = await import(`${graph}/live.js`);
const { heldModel } = await import(`${graph}/held_model.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { Runner } = await import(`${graph}/runner.js`);

const [runner, heldRunner] = [new Runner(), new Runner()];

/**
 * The largest difference of any array of the run, and of the one with what is held, of all its
 * steps, over its largest number.
 * @returns {{by: number, what: string}}
 */
function worstOf(before, after, change, level) {
  const { program, run } = before;
  const { sample } = run;
  const network = runner.run(program, run, [change]);
  const [model, wanted] = [before, after].map((sent) => modelOf(sent.levels[level], aboutOf(sent)));
  fill(model, { network, sample });
  const found = differing(model, wanted);
  if (!model.held) return found;
  const holds = holdsOf(model, { network, sample });
  if (!holds) throw new Error("nothing is held in the browser");
  fillHeld(model, { network: heldRunner.run(program, run, [change], holds), sample });
  const [again, other] = [model, wanted].map(heldModel);
  const loss = Math.abs(model.held.loss - wanted.held.loss) / Math.abs(wanted.held.loss);
  const held = differing(again, other);
  if (!(loss <= held.by)) Object.assign(held, { by: loss, what: "the loss" });
  return held.by > found.by ? { ...held, what: `${held.what} with the hold` } : found;
}

/** @returns {{by: number, what: string}} */
function differing(model, wanted) {
  const arrays = new Map();
  const note = (array, found, own, what) => {
    const known = arrays.get(array) ?? { apart: 0, size: 0, what };
    found.forEach((number, i) => {
      known.size = Math.max(known.size, Math.abs(own[i]));
      const apart = Object.is(number, own[i]) ? 0 : Math.abs(number - own[i]);
      if (!(apart <= known.apart)) Object.assign(known, { apart, what });
    });
    arrays.set(array, known);
  };
  model.nodes.forEach((node, i) => {
    const other = wanted.nodes[i];
    if (node.id !== other.id) throw new Error(`other nodes: ${node.id}, ${other.id}`);
    // The rest is what is left of the loss; the gradient by all parameters is one vector.
    const array = node.kind === "rest" ? "L" : node.variable;
    note(array, model.allOf(node), wanted.allOf(other), node.id);
    if (!model.grad) return;
    const gradients = `gradient of ${node.kind === "parameter" ? "parameters" : array}`;
    const { at, size, times } = node;
    const [found, own] = [model, wanted].map(({ grad }) =>
      grad.subarray(at, at + size * Math.max(1, times)),
    );
    note(gradients, found, own, `gradient of ${node.id}`);
  });
  for (const edge of model.edges) {
    const other = wanted.edgeById.get(edge.id);
    const own = other && edge.to.kind !== "rest" && wanted.localOf(other);
    if (!own) continue;
    const array = `${edge.from.variable} → ${edge.to.variable} ${edge.places}`;
    note(array, model.localOf(edge), own, `derivative on ${edge.id}`);
  }
  let worst = { by: 0, what: "" };
  for (const { apart, size, what } of arrays.values()) {
    const by = apart === 0 ? 0 : apart / size;
    if (!(by <= worst.by)) worst = { by, what };
  }
  return worst;
}

const results = [];
for await (const line of lines) {
  const { before, after, change, level } = JSON.parse(line);
  results.push(worstOf(before, after, change, level));
}
process.stdout.write(JSON.stringify(results));
