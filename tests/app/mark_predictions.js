/** Marks predicted numbers as the browser does: single ones, or all of a run, rounded. */

import { lines } from "./page.js";

const graph = "../../app/components/graph_view/frontend";
const { framesOf } = await import(`${graph}/frames.js`);
const { aboutOf, modelOf } = await import(`${graph}/model.js`);
const { markChoice, markNumber } = await import(`${graph}/predict/marking.js`);
const { keyAt, numbersOf, ownRun } = await import(`${graph}/predict/own.js`);
const { questionOf, rightOf } = await import(`${graph}/predict/question.js`);
const { isPlain } = await import(`${graph}/predict/terms.js`);

const DIGITS = 3;
const rounded = (number) => Number(number.toPrecision(DIGITS));

function shownBy({ data, level }) {
  const model = modelOf(data.levels[level], aboutOf(data));
  return { model, frames: framesOf(model, false) };
}

/** Each number of a run, rounded; with `on` from the rounded ones before it, as by hand. */
function all({ told, on, kinds, ...sent }) {
  const { model, frames } = shownBy(sent);
  const written = new Map();
  const found = [];
  frames.list.forEach((frame, place) => {
    const question = questionOf(model, frame, place, "value");
    const numbers = on ? ownRun(model, written).formula(frame) : numbersOf(model, frame);
    const entries = new Map();
    for (let k = 0; k < numbers.length; k += 1) {
      const number = rounded(numbers[k]);
      const mark = markNumber(model, question, k, number, written, told);
      found.push({ frame: keyAt(frame), k, number, truth: numbersOf(model, frame)[k], ...mark });
      entries.set(k, number);
    }
    written.set(keyAt(frame), entries);
    for (const kind of kinds) {
      const other = questionOf(model, frame, place, kind);
      if (!other.options.length) continue;
      for (const key of rightOf(model, other, numbersOf(model, frame))) {
        const mark = markChoice(model, other, key, new Map());
        found.push({ frame: keyAt(frame), kind, key, ...mark });
      }
    }
  });
  return found;
}

/** Some numbers, each with what was written before. */
function some({ told, numbers, ...sent }) {
  const { model, frames } = shownBy(sent);
  return numbers.map(({ frame: name, k, number, before }) => {
    const place = frames.list.findIndex((each) => keyAt(each) === name);
    if (place < 0) throw new Error(`no frame ${name}`);
    const written = new Map();
    for (const [frame, at, each] of before) {
      written.set(frame, new Map(written.get(frame)).set(at, each));
    }
    const question = questionOf(model, frames.list[place], place, "value");
    return markNumber(model, question, k, number, written, told);
  });
}

/** What is asked of each frame, by kind. */
function asked({ kinds, ...sent }) {
  const { model, frames } = shownBy(sent);
  return frames.list.map((frame, place) => ({
    frame: keyAt(frame),
    plain: isPlain(model, frame),
    asked: kinds.map((kind) => questionOf(model, frame, place, kind).asked),
    right: kinds.map((kind) => {
      const question = questionOf(model, frame, place, kind);
      return question.options.length
        ? rightOf(model, question, numbersOf(model, frame)).map(
            (key) => question.options.find((option) => option.key === key).latex || key,
          )
        : null;
    }),
  }));
}

const results = [];
for await (const line of lines) {
  const { do: what, ...given } = JSON.parse(line);
  results.push({ all, some, asked }[what](given));
}
process.stdout.write(JSON.stringify(results));
