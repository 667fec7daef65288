/** The network's program as the graph reads it: one entry for each operation. */

/** @import { Program } from "../../shared/frontend/interpreter/program.d.ts" */
/** @import { Entries } from "./data.d.ts" */

/** @type {{text: string, program: ?Program, entries: Entries}} */
let last = { text: "", program: null, entries: {} };

/** Read once for each network. @param {string} text as Python sends it */
function read(text) {
  if (last.text !== text) {
    /** @type {Program} */
    const program = JSON.parse(text);
    const { loss, ops } = program;
    last = {
      text,
      program,
      entries: {
        ...Object.fromEntries(
          Object.entries(ops).map(([name, about]) => [name, { kind: "activation", ...about }]),
        ),
        [loss.name]: { kind: "loss", ...loss },
      },
    };
  }
  return last;
}

/** The network that a hand runs. @param {string} text */
export const programOf = (text) => /** @type {Program} */ (read(text).program);

/** What its operations are, by name. @param {string} text empty for no network */
export const entriesOf = (text) => (text ? read(text).entries : {});
