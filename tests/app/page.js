/**
 * What stands in for the page where the app's modules run without one: import this before them.
 * The first line of the input is what Python tells the page; `lines` are the others.
 */

import { createInterface } from "node:readline";
import { tell } from "../../app/components/shared/frontend/common.js";

// Where nodes stand depends on how wide their symbols are, which a canvas would measure.
const context = { measureText: ({ length }) => ({ width: 8 * length }) };
const documentElement = { style: { setProperty: () => {} } };
globalThis.document = { documentElement, createElement: () => ({ getContext: () => context }) };

export const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
tell(JSON.parse((await lines.next()).value));
