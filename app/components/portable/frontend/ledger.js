/** The ledger of a shared number, as `detail.py` writes it: a term for each step, and their sum. */

import { readName } from "../../shared/frontend/named.js";
import { rowOf } from "../../graph_view/frontend/live_edges.js";

/** @import { Ledger } from "../../graph_view/frontend/data.d.ts" */
/** @import { Run } from "../../graph_view/frontend/live_edges.js" */
/** @import { Model } from "../../graph_view/frontend/model.js" */
/** @import { PageData } from "./data.d.ts" */

const LOGITS = "a";

/**
 * @param {PageData["ledger"]} about
 * @param {Model} model
 * @param {Run} run
 * @param {string} selected
 * @returns {?Ledger} null of what is no parameter
 */
export function ledgerOf(about, model, run, selected) {
  const said = readName(selected, model.known);
  if (!said?.parameter || said.reads) return null;
  const { network } = run;
  const { line, vector, ...words } = about.of[said.parameter];
  const shape = network.program.parameters[said.parameter];
  const [i, j] = placeIn(shape, said.index);
  const upstream = network.of(line === LOGITS ? "readout" : line);
  const other = vector === null ? null : network.of(vector);
  const first = line === LOGITS ? network.readFrom + 1 : 1;
  const rows = [];
  for (let t = first; t <= network.steps; t += 1) {
    const row = rowOf(run, t);
    const isHeld = network.holds.holds(upstream, row, i); // what arrives there goes no further
    const arriving = isHeld ? 0 : upstream.grad[upstream.gradAt(row) + i];
    const factor = other && other.value[other.at(row) + j];
    const term = factor === null ? arriving : arriving === 0 ? 0 : arriving * factor;
    rows.push({ t, upstream: arriving, factor, term });
  }
  const total = network.of(said.parameter).grad[i * (shape[1] ?? 1) + j];
  const sum = (/** @type {{term: number}[]} */ list) =>
    list.reduce((all, { term }) => all + term, 0);
  const left = rows.slice(0, -about.rows);
  /** @param {string} text */
  const placed = (text) => text.replaceAll("⟦i⟧", `${i + 1}`).replaceAll("⟦j⟧", `${j + 1}`);
  return {
    name: placed(words.name),
    latex: placed(words.latex),
    upstream_name: placed(words.upstream_name),
    factor_name: placed(words.factor_name),
    rows: rows.slice(-about.rows),
    before: left.length ? sum(left) : null,
    others: network.batch > 1 ? total - sum(rows) : null,
    total,
  };
}

/**
 * Where the number stands that is meant, from 0: the first one where that does not fit.
 * @param {number[]} shape
 * @param {number[]} index from 1
 */
function placeIn(shape, index) {
  const fits =
    index.length === shape.length && index.every((each, k) => each >= 1 && each <= shape[k]);
  const [i, j = 1] = fits ? index : [1];
  return [i - 1, j - 1];
}
