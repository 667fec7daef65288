/** A sheet, marked: each number by the answer, and by what follows from the writer's earlier ones. */

import { judgedNumber } from "../../shared/frontend/marks.js";
import { player } from "./tape.js";

/** @import { Mark } from "../../shared/frontend/marks.js" */
/** @import { MarkingData } from "./data.d.ts" */

/**
 * @param {MarkingData} data
 * @returns {{truth: number[], marks: (written: (?number)[]) => (?Mark)[]}} the answers, and the mark
 *   of each number that is written, null where none is
 */
export function markerOf({ tape, expected, granted, slips, ...rules }) {
  const play = player(tape, rules.digits);
  const untouched = play(expected.map(() => null));
  const truth = expected.map((place) => untouched[place]);
  return {
    truth,
    marks: (written) => {
      const results = play(written);
      return written.map((number, k) =>
        number === null
          ? null
          : judgedNumber(
              {
                written: number,
                truth: truth[k],
                expected: () => results[expected[k]],
                granted: () => results[granted[k]],
                slips: () => slips[k].map(([name, place]) => [name, results[place]]),
              },
              rules,
            ),
      );
    },
  };
}
