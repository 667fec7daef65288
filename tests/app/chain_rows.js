/** Prints every chain rule of a graph as the inspector does, and what a weight's gradient adds up to. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { chainOf } = await import(`${graph}/chain_rule.js`);
const { equationOf } = await import(`${graph}/equations.js`);
const { printedChain } = await import(`${graph}/factors.js`);
const { termsOf, sumsOf } = await import(`${graph}/filling.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { pullbackOf } = await import(`${graph}/pullback.js`);
const { rolledChainOf } = await import(`${graph}/rolled.js`);

/** Every number of every node, at every step. */
function* chainsOf(model) {
  const isRolled = model.level === "rolled";
  for (const node of model.nodes) {
    if (!node.back.length) continue;
    const steps =
      isRolled && node.times ? Array.from({ length: node.times }, (_, k) => model.T - k) : [0];
    for (const step of steps) {
      if (step) model.shown.set(node, step);
      for (let k = 0; k < node.size; k += 1) {
        const chain = isRolled ? rolledChainOf(model, node, k) : chainOf(model, node, k);
        yield { name: `${node.id} ${step} ${k}`, chain };
      }
    }
  }
}

/** What the formulas and the filling of a level say, by node. */
function toldBy(model) {
  const nodes = model.nodes.filter((node) => node.back.length && model.level !== "rolled");
  const formulas = nodes.map((node) => {
    const found = pullbackOf(model, node);
    return [node.id, found && { ...found, symbols: `${found.left} ${found.symbols}` }];
  });
  const weights = model.nodes.filter(({ kind, back }) => kind === "parameter" && back.length);
  const fillings = weights.map((node) => {
    const terms = termsOf(model, node);
    const sums = sumsOf(model, node, terms);
    const steps = terms.map(({ step }) => step);
    return [node.id, { steps, sums, grad: Array.from(model.gradOf(node)) }];
  });
  const losses = model.nodes.filter(({ quantity }) => quantity === "l" || quantity === "L");
  const equations = losses.map((node) => [node.id, equationOf(model, node)]);
  return Object.fromEntries(
    Object.entries({ formulas, fillings, equations }).map(([name, list]) => [
      name,
      Object.fromEntries(list),
    ]),
  );
}

const results = [];
for await (const line of lines) {
  const sent = JSON.parse(line);
  const found = Object.entries(sent.levels).map(([level, data]) => {
    const model = modelOf(data, aboutOf(sent));
    const chains = [...chainsOf(model)].map(({ name, chain }) => {
      const { rows, total } = printedChain(chain);
      return { name, rows, total, others: chain.others };
    });
    return [level, { chains, ...toldBy(model) }];
  });
  results.push(Object.fromEntries(found));
}
process.stdout.write(JSON.stringify(results));
