/** Computes what a page without a server shows, and says how far it is from what Python sends. */

import { differing } from "./differing.js";
import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { heldModel } = await import(`${graph}/held_model.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { experimentText } = await import("../../app/components/portable/frontend/changed.js");
const { PageRun } = await import("../../app/components/portable/frontend/run.js");
const { numbersOf } = await import("../../app/components/portable/frontend/symbols.js");

/** The largest difference of numbers of the same places, over the largest of them. */
function apart(found, wanted, what) {
  const [a, b] = [found, wanted].map((each) => flat(each));
  if (a.length !== b.length)
    {return { by: Infinity, what: `${what}: ${a.length}, ${b.length} of them` };}
  const size = Math.max(...b.map(Math.abs).filter(Number.isFinite), 0);
  const by = Math.max(
    0,
    ...a.map((each, i) => (Object.is(each, b[i]) ? 0 : Math.abs(each - b[i]) / (size || 1))),
  );
  return { by, what };
}

/** Every number in nested lists and objects, in order; words for what is none are numbers, too. */
function flat(value) {
  if (value === null || value === undefined) return [];
  if (typeof value === "object") return Object.values(value).flatMap(flat);
  const number = Number(value);
  return typeof value === "string" && !/^(NaN|-?Infinity|\d+)$/.test(value) ? [] : [number];
}

/** All texts in nested lists and objects, in order. */
const texts = (value) =>
  JSON.stringify(value, (_, each) => (typeof each === "number" ? 0 : (each ?? null)));

function worstOf({ page, changes, held, wanted, details, symbols }) {
  const run = new PageRun(page);
  run.changes = changes;
  run.held = held;
  run.compute();
  const data = run.data({ selected: null, level: page.view.level }, "");
  const about = aboutOf(data);
  const found = [
    apart(
      [data.overview.value, data.overview.grad],
      [wanted.overview.value, wanted.overview.grad].map(decoded),
      "strip",
    ),
  ];
  for (const [level, sent] of Object.entries(wanted.levels)) {
    const own = data.levels[level];
    const [shape, other] = [own, sent].map(({ topology }) => ({
      ...JSON.parse(topology),
      key: "",
    }));
    if (JSON.stringify(shape) !== JSON.stringify(other))
      {found.push({ by: Infinity, what: `shape of ${level}` });}
    const models = [
      modelOf(own, about),
      modelOf({ ...sent, topology: own.topology }, aboutOf(wanted)),
    ];
    found.push({ ...differing(...models), level });
    const rest = models[0].edges.filter(({ to, size }) => to.kind === "rest" && size);
    const [a, b] = models.map((model) =>
      rest.map(({ id }) => [...model.localOf(model.edgeById.get(id))]),
    );
    found.push(
      apart(
        [...(own.grad ?? []), ...a.flat()],
        [...(models[1].grad ?? []), ...b.flat()],
        "gradients with what is not shown",
      ),
    );
    if (!sent.held) continue;
    found.push(apart(own.held.loss, sent.held.loss, "held loss"));
    if (texts(own.held.at) !== texts(sent.held.at))
      {found.push({ by: Infinity, what: `${texts(own.held)} ${texts(sent.held.at)}` });}
    if (own.held.said !== sent.held.said) found.push({ by: Infinity, what: own.held.said });
    if (sent.held.value) found.push({ ...differing(...models.map(heldModel)), level, held: true });
  }
  for (const [level, selected, detail] of details) {
    const own = run.detail(selected, level);
    found.push(apart(withoutList(own), withoutList(detail), `detail of ${selected} at ${level}`));
    found.push(apart(...pathsIn(own, detail), `paths of ${selected}`));
    if (texts(inOrder(withoutList(own))) !== texts(inOrder(withoutList(detail))))
      {found.push({
        by: Infinity,
        what: `${texts(inOrder(own))} is not ${texts(inOrder(detail))}`.slice(0, 2000),
      });}
  }
  if (symbols) {
    const own = numbersOf(page, run.network);
    for (const name of ["values", "gradients"]) {
      if (JSON.stringify(own[name]) !== JSON.stringify(symbols[name]))
        {found.push({
          by: Infinity,
          what: `${name}: ${JSON.stringify(own[name])}, ${JSON.stringify(symbols[name])}`,
        });}
    }
    found.push(apart(own.value, decoded(symbols.value), "values by symbol"));
    found.push(apart(own.gradient, decoded(symbols.gradient), "gradients by symbol"));
  }
  return found.reduce((worst, each) => (each.by <= worst.by ? worst : each), { by: 0, what: "" });
}

/** The products of the paths that two details have in common: of equal products any may be left out. */
function pathsIn(own, other) {
  const [ours, theirs] = [own, other].map(
    (each) => new Map(each?.paths?.list.map(({ symbols, product }) => [symbols.join(), product])),
  );
  const both = [...ours.keys()].filter((path) => theirs.has(path));
  if (both.length < 0.5 * ours.size) return [[1], []];
  return [ours, theirs].map((each) => both.map((path) => each.get(path)));
}

/** Without the paths one by one, whose order is one of rounding where products are equal. */
function withoutList(detail) {
  return JSON.parse(JSON.stringify(detail, (name, each) => (name === "list" ? each.length : each)));
}

/** With the names of its fields in one order. */
function inOrder(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    {return Array.isArray(value) ? value.map(inOrder) : value;}
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, inOrder(value[name])]),
  );
}

function decoded(text) {
  return text === null
    ? null
    : new Float64Array(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer);
}

const results = [];
for await (const line of lines) {
  const asked = JSON.parse(line);
  const experiment = await experimentText(asked.page.experiment, asked.changes);
  results.push({ ...worstOf(asked), experiment });
}
process.stdout.write(JSON.stringify(results));
