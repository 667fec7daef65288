/** Shows graphs as the page does, and what stands for a node at another level. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { chainOf } = await import(`${graph}/chain_rule.js`);
const { counterpartOf } = await import(`${graph}/counterpart.js`);
const { equationOf } = await import(`${graph}/equations.js`);
const { framesOf } = await import(`${graph}/frames.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { namesIn } = await import(`${graph}/operands.js`);
const { windowAround } = await import(`${graph}/window.js`);
const { sentenceOf } = await import(`${graph}/words.js`);

const CHOSEN = { component: 1, step: 2 };

function ofLevel(model) {
  const frames = framesOf(model);
  return {
    nodes: model.nodes.map(({ x, y, i }) => [x, y, i]),
    stride: model.stride,
    loss: model.loss.i,
    window: windowAround(model, 2, null),
    frames: frames.list.map(({ phase, node, step }) => [phase, node.i, step]),
    known: [...frames.known],
    felt: [...frames.felt],
    found: frames.list.map((_, k) => frames.locate(frames.nameAt(k + 1)) - 1),
    sentences: frames.list.map((_, k) => sentenceOf(model, frames, k + 1)),
    operands: frames.list.map(({ node, step }) => namesIn(node, step)),
    equations: model.nodes.map((node) => node.op && equationOf(model, node)?.latex),
    chains: model.nodes.map(
      (node) => model.level !== "rolled" && node.back.length && chainOf(model, node).total,
    ),
  };
}

function shown(sent) {
  const models = Object.values(sent.levels).map((level) => modelOf(level, aboutOf(sent)));
  const selections = models.flatMap((before) =>
    models.flatMap((model) =>
      before.nodes.map((node) => {
        if (model === before || model.byId.has(node.id)) return null;
        const found = counterpartOf(model, node.id, CHOSEN, before);
        return found && [model.byId.get(found.id).i, found.component];
      }),
    ),
  );
  return { levels: models.map(ofLevel), selections };
}

function standingFor(sent, asked) {
  const model = (name) => modelOf(sent.levels[name], aboutOf(sent));
  return asked.map(([from, id, to]) => {
    const before = model(from);
    if (!before.byId.has(id)) return [`there is no ${id}`];
    return counterpartOf(model(to), id, CHOSEN, before)?.id ?? null;
  });
}

const results = [];
for await (const line of lines) {
  const { sent, asked } = JSON.parse(line);
  results.push(asked ? standingFor(sent, asked) : shown(sent));
}
process.stdout.write(JSON.stringify(results));
