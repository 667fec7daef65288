/** Factors of a formula in a row: of row vectors, those around a matrix are turned. */

/**
 * A part of a formula, as it is written anew, and what it is in a product. `slope` is ∂L/∂h, and
 * `jacobian` ∂h_t/∂h_{t−1}, which stands behind one as it is.
 * @typedef {"separator"|"space"|"scalar"|"factor"|"matrix"|"slope"|"jacobian"} Kind
 * @typedef {{kind: Kind, text: string}} Atom
 */

/** @type {Set<Kind>} */
const FACTORS = new Set(["factor", "matrix", "slope", "jacobian"]);
/** @type {Set<Kind>} */
const MATRICES = new Set(["matrix", "jacobian"]);
/** @type {Atom} */
const END = { kind: "separator", text: "" };

/**
 * Atoms in a row, and whether one of its sums is a product of matrices alone.
 * @param {Atom[]} atoms
 * @param {boolean} rows  whether vectors are: then the factors around a matrix are turned
 */
export function joined(atoms, rows) {
  let text = "";
  let ofMatrices = false;
  /** @type {Atom[]} */
  let run = [];
  for (const atom of [...atoms, END]) {
    if (atom.kind !== "separator") {
      run.push(atom);
      continue;
    }
    const kinds = run.map(({ kind }) => kind).filter((kind) => FACTORS.has(kind));
    ofMatrices ||= kinds.length > 0 && kinds.every((kind) => MATRICES.has(kind));
    const isAround =
      kinds.includes("matrix") || (kinds.includes("jacobian") && !kinds.includes("slope"));
    text += (rows && isAround ? turned(run) : run.map((each) => each.text).join("")) + atom.text;
    run = [];
  }
  return { text, ofMatrices };
}

/** Factors the other way round, numbers and spaces in their places. @param {Atom[]} run */
function turned(run) {
  const backwards = run.filter(({ kind }) => FACTORS.has(kind)).reverse();
  return run.map((each) => (FACTORS.has(each.kind) ? backwards.shift() : each)?.text).join("");
}
