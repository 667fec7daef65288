/** Drags numbers of a graph as the browser does, and says how far it is from what Python sends. */

import { differing } from "./differing.js";
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

const results = [];
for await (const line of lines) {
  const { before, after, change, level } = JSON.parse(line);
  results.push(worstOf(before, after, change, level));
}
process.stdout.write(JSON.stringify(results));
