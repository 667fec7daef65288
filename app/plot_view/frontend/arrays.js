/** Arrays as Python packed them: base64 of little-endian numbers, with a shape. */

const KINDS = { f8: Float64Array, i4: Int32Array };

/**
 * @param {{dtype: string, bdata: string, shape?: string}} spec
 * @returns {Float64Array|Int32Array} all numbers, row after row
 */
export function unpack({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  return new KINDS[dtype](bytes.buffer);
}

/** @returns {{at: (row: number, column: number) => number, rows: number, columns: number}} */
export function matrix(spec) {
  const flat = unpack(spec);
  const [rows, columns] = spec.shape ? spec.shape.split(",").map(Number) : [flat.length, 1];
  return { rows, columns, at: (row, column) => flat[row * columns + column] };
}

const isSpec = (value) => Boolean(value) && typeof value === "object" && "bdata" in value;

/** A trace with its packed arrays unpacked, and nothing shared with the original. */
export function unpacked(trace) {
  const copy = {};
  for (const [name, value] of Object.entries(trace)) {
    if (!isSpec(value)) copy[name] = name === "marker" || name === "line" ? unpacked(value) : value;
    else if (value.shape) copy[name] = rowsOf(value);
    else copy[name] = unpack(value);
  }
  return copy;
}

function rowsOf(spec) {
  const flat = unpack(spec);
  const [rows, columns] = spec.shape.split(",").map(Number);
  return Array.from({ length: rows }, (_, row) =>
    flat.subarray(row * columns, (row + 1) * columns),
  );
}
