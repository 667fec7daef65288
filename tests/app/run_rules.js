/** Says what the page's rules give for operations: line 1 the programs, line 2 the cases. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { EXACT, sum } = await import(`${graph}/expression.js`);
const { entriesOf } = await import(`${graph}/program.js`);
const { rulesOf } = await import(`${graph}/rules.js`);

const [{ programs, wholes }, cases] = [await lines.next(), await lines.next()].map(({ value }) =>
  JSON.parse(value),
);
/** As it is printed, and what it comes to. */
const found = (tree) => [tree.text(17), String(tree.run(EXACT))];
const ruleOf = rulesOf(Object.assign({}, ...programs.map(entriesOf), wholes));
const results = cases.map(({ op, operands, output, places }) => {
  const rule = ruleOf(op);
  const derivative = (read, i, k) => {
    const unit = output.map((_, j) => (i === j ? 1 : 0));
    return found(sum(read.map((slot) => rule.back(slot, k, operands, output, unit))));
  };
  return {
    values: output.map((_, k) => found(rule.value(k, operands))),
    locals: places.map((read) =>
      output.map((_, i) => operands[read[0]].map((__, k) => derivative(read, i, k))),
    ),
  };
});
process.stdout.write(JSON.stringify(results));
