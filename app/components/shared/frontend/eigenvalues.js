/**
 * Eigenvalues of a real matrix, by balancing, Hessenberg form and shifted QR steps: the routines
 * balanc, orthes and hqr of EISPACK (public domain), as NumPy's LAPACK does it.
 */

const PRECISION = 2 ** -52;
const MOST_STEPS = 100; // for one eigenvalue; a handful are usual

/** @typedef {number[][]} Matrix */

/**
 * The largest absolute eigenvalue; NaN where numbers are not finite, or it is not found.
 * @param {Matrix} matrix
 */
export function spectralRadius(matrix) {
  const found = eigenvalues(matrix);
  return found ? found.reduce((most, each) => Math.max(most, Math.hypot(...each)), 0) : NaN;
}

/**
 * @param {Matrix} matrix
 * @returns {?[re: number, im: number][]} null where numbers are not finite, or they are not found
 */
export function eigenvalues(matrix) {
  const largest = matrix.flat().reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (!Number.isFinite(largest)) return null;
  const unit = largest && 2 ** Math.floor(Math.log2(largest)); // so that no product overflows
  const a = matrix.map((row) => row.map((each) => (unit ? each / unit : each)));
  balance(a);
  reduce(a);
  return ofHessenberg(a)?.map(([re, im]) => [re * unit, im * unit]) ?? null;
}

/** Scale rows and columns by powers of two, until they are alike in length. @param {Matrix} a */
function balance(a) {
  const n = a.length;
  for (let done = false; !done;) {
    done = true;
    for (let i = 0; i < n; i += 1) {
      let [row, column] = [0, 0];
      for (let j = 0; j < n; j += 1) {
        if (j === i) continue;
        row += Math.abs(a[i][j]);
        column += Math.abs(a[j][i]);
      }
      if (row === 0 || column === 0) continue;
      const scale = 2 ** Math.round(Math.log2(row / column) / 2);
      if (column * scale + row / scale >= 0.95 * (row + column)) continue;
      done = false;
      for (let j = 0; j < n; j += 1) a[i][j] /= scale;
      for (let j = 0; j < n; j += 1) a[j][i] *= scale;
    }
  }
}

/** Make all below the first subdiagonal 0, by Householder's reflections. @param {Matrix} a */
function reduce(a) {
  const n = a.length;
  for (let m = 1; m < n - 1; m += 1) {
    let scale = 0;
    for (let i = m; i < n; i += 1) scale += Math.abs(a[i][m - 1]);
    if (scale === 0) continue;
    const v = a.map((row, i) => (i < m ? 0 : row[m - 1] / scale));
    const length = Math.sqrt(v.reduce((sum, each) => sum + each * each, 0));
    const g = v[m] > 0 ? -length : length;
    const h = length * length - v[m] * g;
    v[m] -= g;
    for (let j = m; j < n; j += 1) {
      let f = 0;
      for (let i = m; i < n; i += 1) f += v[i] * a[i][j];
      for (let i = m; i < n; i += 1) a[i][j] -= (f / h) * v[i];
    }
    for (let i = 0; i < n; i += 1) {
      let f = 0;
      for (let j = m; j < n; j += 1) f += v[j] * a[i][j];
      for (let j = m; j < n; j += 1) a[i][j] -= (f / h) * v[j];
    }
    a[m][m - 1] = scale * g;
    for (let i = m + 1; i < n; i += 1) a[i][m - 1] = 0;
  }
}

/** Eigenvalues of a matrix in Hessenberg form, which is overwritten. @param {Matrix} a */
function ofHessenberg(a) {
  /** @type {[number, number][]} */
  const found = [];
  const norm = a.flat().reduce((sum, each) => sum + Math.abs(each), 0);
  let shifted = 0;
  let steps = 0;
  let n = a.length - 1;
  while (n >= 0) {
    const l = smallAbove(a, n, norm);
    if (l === n) {
      found.push([a[n][n] + shifted, 0]);
      n -= 1;
      steps = 0;
    } else if (l === n - 1) {
      found.push(...pair(a, n, shifted));
      n -= 2;
      steps = 0;
    } else {
      let [x, y, w] = [a[n][n], a[n - 1][n - 1], a[n][n - 1] * a[n - 1][n]];
      if (steps === MOST_STEPS) return null;
      if (steps % 10 === 9) {
        // A shift of another kind, where the usual ones go in circles.
        shifted += x;
        for (let i = 0; i <= n; i += 1) a[i][i] -= x;
        const s = Math.abs(a[n][n - 1]) + Math.abs(a[n - 1][n - 2]);
        x = y = 0.75 * s;
        w = -0.4375 * s * s;
      }
      steps += 1;
      sweep(a, l, n, [x, y, w]);
    }
  }
  return found;
}

/** The row, up from n, left of which the subdiagonal is 0. @param {Matrix} a @param {number} n @param {number} norm */
function smallAbove(a, n, norm) {
  for (let l = n; l > 0; l -= 1) {
    const s = Math.abs(a[l - 1][l - 1]) + Math.abs(a[l][l]) || norm;
    if (Math.abs(a[l][l - 1]) <= PRECISION * s) {
      a[l][l - 1] = 0;
      return l;
    }
  }
  return 0;
}

/**
 * Both eigenvalues of the block that ends at n: real ones, or a complex pair.
 * @param {Matrix} a
 * @param {number} n
 * @param {number} shifted
 * @returns {[number, number][]}
 */
function pair(a, n, shifted) {
  const [x, w] = [a[n][n] + shifted, a[n][n - 1] * a[n - 1][n]];
  const p = (a[n - 1][n - 1] - a[n][n]) / 2;
  const q = p * p + w;
  const root = Math.sqrt(Math.abs(q));
  if (q < 0) {
    return [
      [x + p, root],
      [x + p, -root],
    ];
  }
  const z = p + (p < 0 ? -root : root);
  return [
    [x + z, 0],
    [z === 0 ? x : x - w / z, 0],
  ];
}

/**
 * Where a double step can begin, and the first column of what it multiplies with.
 * @param {Matrix} a
 * @param {number} l
 * @param {number} n
 * @param {[number, number, number]} shifts
 */
function beginning(a, l, n, [shift, y, w]) {
  for (let m = n - 2; ; m -= 1) {
    const z = a[m][m];
    const p = ((shift - z) * (y - z) - w) / a[m + 1][m] + a[m][m + 1];
    const q = a[m + 1][m + 1] - z - (shift - z) - (y - z);
    const r = a[m + 2][m + 1];
    const s = Math.abs(p) + Math.abs(q) + Math.abs(r);
    const column = { m, p: p / s, q: q / s, r: r / s };
    if (m === l) return column;
    const left = (Math.abs(a[m][m - 1]) * (Math.abs(q) + Math.abs(r))) / s;
    const around = Math.abs(a[m - 1][m - 1]) + Math.abs(z) + Math.abs(a[m + 1][m + 1]);
    if (left <= PRECISION * Math.abs(column.p) * around) return column;
  }
}

/**
 * One double step of QR between the rows l and n.
 * @param {Matrix} a
 * @param {number} l
 * @param {number} n
 * @param {[number, number, number]} shifts
 */
function sweep(a, l, n, shifts) {
  const first = beginning(a, l, n, shifts);
  const { m } = first;
  let { p, q, r } = first;
  for (let i = m + 2; i <= n; i += 1) {
    a[i][i - 2] = 0;
    if (i > m + 2) a[i][i - 3] = 0;
  }
  for (let k = m; k < n; k += 1) {
    const isLast = k === n - 1;
    let x = 1;
    if (k !== m) {
      [p, q, r] = [a[k][k - 1], a[k + 1][k - 1], isLast ? 0 : a[k + 2][k - 1]];
      x = Math.abs(p) + Math.abs(q) + Math.abs(r);
      if (x === 0) continue;
      [p, q, r] = [p / x, q / x, r / x];
    }
    const length = Math.sqrt(p * p + q * q + r * r);
    const s = p < 0 ? -length : length;
    if (s === 0) continue;
    if (k !== m) a[k][k - 1] = -s * x;
    else if (l !== m) a[k][k - 1] = -a[k][k - 1];
    p += s;
    const [u, v, z] = [p / s, q / s, r / s];
    q /= p;
    r /= p;
    for (let j = k; j <= n; j += 1) {
      const f = a[k][j] + q * a[k + 1][j] + (isLast ? 0 : r * a[k + 2][j]);
      if (!isLast) a[k + 2][j] -= f * z;
      a[k + 1][j] -= f * v;
      a[k][j] -= f * u;
    }
    for (let i = l; i <= Math.min(n, k + 3); i += 1) {
      const f = u * a[i][k] + v * a[i][k + 1] + (isLast ? 0 : z * a[i][k + 2]);
      if (!isLast) a[i][k + 2] -= f * r;
      a[i][k + 1] -= f * q;
      a[i][k] -= f;
    }
  }
}
