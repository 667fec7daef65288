/**
 * What stands at another level for a selected node: a vector for its numbers, a number of it for a
 * vector, and in the rolled network the quantity itself.
 */

const TIMED = /^([a-z])\[(\d+)(?:,(\d+))?\]$/; // h[3], h[3,1]
const ROLLED = /^[xhapy]$/;
const PRODUCT = /^(W_\w\w) ([xh])\[(\d+)\]$/; // W_hh h[2]
const SCALAR_PRODUCT = /^(W_\w\w)\[(\d+),(\d+)\]·([xh])\[(\d+),\d+\]$/; // W_hh[2,1]·h[2,1]
const PARAMETER = /^(W_xh|W_hh|b_h|W_hy|b_y)$/;

/**
 * @param {import("./model.js").Model} model of the level that is shown
 * @param {?string} id what is selected
 * @param {{component: number, step: number}} chosen which number of the vector, and the time step
 * @returns {?{id: string, component: number}} null where the node is shown itself, or nothing is
 */
export function counterpartOf(model, id, chosen) {
  if (!id || model.byId.has(id)) return null;
  const found = candidates(id, chosen).find((each) => model.byId.has(each.id));
  return found ?? null;
}

/**
 * @param {string} id
 * @param {{component: number, step: number}} chosen
 * @returns {{id: string, component: number}[]}
 */
function candidates(id, { component, step }) {
  const k = component + 1;
  let match = TIMED.exec(id);
  if (match) {
    const [, letter, t, unit] = match;
    const own = unit ? Number(unit) - 1 : component;
    return [
      { id: `${letter}[${t},${own + 1}]`, component: 0 },
      { id: `${letter}[${t},1]`, component: 0 },
      { id: `${letter}[${t}]`, component: own },
      { id: letter, component: own },
    ];
  }
  if (ROLLED.test(id)) {
    return [
      { id: `${id}[${step}]`, component },
      { id: `${id}[${step},${k}]`, component: 0 },
    ];
  }
  match = PRODUCT.exec(id);
  if (match) return [{ id: `${match[1]}[${k},1]·${match[2]}[${match[3]},1]`, component: 0 }];
  match = SCALAR_PRODUCT.exec(id);
  if (match) {
    const [, matrix, row, , letter, t] = match;
    return [{ id: `${matrix} ${letter}[${t}]`, component: Number(row) - 1 }];
  }
  if (PARAMETER.test(id)) {
    return [
      { id: `${id}[1,1]`, component: 0 },
      { id: `${id}[1]`, component: 0 },
    ];
  }
  return [];
}
