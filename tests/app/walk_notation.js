/** What the graph, its inspector, its player and its table say of every node in a notation. */

import { lines } from "./page.js";

const frontend = "../../app/components";
const graph = `${frontend}/graph_view/frontend`;
const { askNotation, writtenLatex, writtenText } = await import(
  `${frontend}/shared/frontend/notation/notation.js`
);
const { componentName, placeOf } = await import(`${graph}/array_text.js`);
const { formulaOf } = await import(`${graph}/chain.js`);
const { localLatex } = await import(`${graph}/chain_rule.js`);
const { numberIn } = await import(`${graph}/boxes.js`);
const { equationOf } = await import(`${graph}/equations.js`);
const { framesOf } = await import(`${graph}/frames.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { gradientName, pullbackOf } = await import(`${graph}/pullback.js`);
const { runsOf, spoken } = await import(`${graph}/symbol.js`);
const { sentenceOf, textOf } = await import(`${graph}/words.js`);

function saidOf(model) {
  const formulas = [];
  const texts = [];
  const sums = [];
  const frames = framesOf(model, "along");
  const captions = new Map(
    frames.list.map(({ node, phase }, k) => [
      `${phase} ${node.id}`,
      textOf(sentenceOf(model, frames, k + 1)),
    ]),
  );
  for (const node of model.nodes) {
    const equation = equationOf(model, node);
    if (equation) {
      formulas.push(equation.latex, equation.numeric, equation.stable);
      texts.push(...equation.lines.map(({ label }) => label));
      sums.push({
        symbols: writtenLatex(equation.latex),
        numbers: equation.numeric,
        lines: equation.lines.map(({ expression, value }) => [expression, value]),
        caption: captions.get(`forward ${node.id}`) ?? "",
      });
    }
    formulas.push(gradientName(model, node), formulaOf(node));
    if (node.back.length) {
      const { left, symbols, numeric, result } = pullbackOf(model, node) ?? {};
      formulas.push(left, symbols, numeric, result);
    }
    for (const edge of node.back) formulas.push(localLatex(model, edge));
    for (let k = 0; k < node.size; k += 1) texts.push(componentName(node, k));
    texts.push(spoken(node.latex), writtenText(node.symbol));
  }
  for (let at = 0; at <= frames.end; at += 1) texts.push(textOf(sentenceOf(model, frames, at)));
  const grids = model.nodes
    .filter(({ shape }) => shape.length === 2)
    .map(({ id, box, shape }) => {
      const { rows, columns } = box;
      const cells = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (each, column) => numberIn(box, row, column)),
      );
      return { id, cells, places: cells.flat().map((k) => placeOf(shape, k)) };
    });
  const letters = model.nodes.map(({ latex }) =>
    runsOf(latex)
      .map(({ text }) => text)
      .join(""),
  );
  return {
    formulas: formulas.filter((latex) => typeof latex === "string").map(writtenLatex),
    texts: [...texts, ...letters],
    grids,
    sums,
  };
}

const results = [];
for await (const line of lines) {
  const { sent, notation } = JSON.parse(line);
  askNotation(notation);
  results.push(
    Object.entries(sent.levels).map(([level, data]) => ({
      level,
      ...saidOf(modelOf(data, aboutOf(sent))),
    })),
  );
}
process.stdout.write(JSON.stringify(results));
