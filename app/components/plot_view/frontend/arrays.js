/** Arrays as Python packed them: base64 of little-endian numbers, with a shape. */

/** @import { Packed, SentTrace } from "./data.d.ts" */
/** @import { Trace } from "./figure.d.ts" */

const KINDS = { f8: Float64Array, i4: Int32Array };

/**
 * @param {Packed} spec
 * @returns {Float64Array|Int32Array} all numbers, row after row
 */
export function unpack({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  return new KINDS[dtype](bytes.buffer);
}

/** @param {Packed} spec @returns {Matrix} */
export function matrix(spec) {
  const flat = unpack(spec);
  const [rows, columns] = spec.shape ? spec.shape.split(",").map(Number) : [flat.length, 1];
  return { rows, columns, at: (row, column) => flat[row * columns + column] };
}

/** @param {unknown} value @returns {value is Packed} */
const isSpec = (value) => typeof value === "object" && value !== null && "bdata" in value;

/** @typedef {{at: (row: number, column: number) => number, rows: number, columns: number}} Matrix */

/**
 * A trace with its packed arrays unpacked, and nothing shared with the original.
 * @param {SentTrace} trace
 */
export const unpacked = (trace) => /** @type {Trace} */ (unpackedFields(trace));

/** @param {object} trace or a part of one */
function unpackedFields(trace) {
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const [name, value] of Object.entries(trace)) {
    if (name === "marker" || name === "line") copy[name] = unpackedFields(value);
    else if (!isSpec(value)) copy[name] = value;
    else if (value.shape) copy[name] = rowsOf(value);
    else copy[name] = unpack(value);
  }
  return /** @type {unknown} */ (copy);
}

/** @param {Packed} spec */
function rowsOf(spec) {
  const flat = unpack(spec);
  const { rows, columns } = matrix(spec);
  return Array.from({ length: rows }, (_, row) =>
    flat.subarray(row * columns, (row + 1) * columns),
  );
}
