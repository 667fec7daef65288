/** How far two models of a graph, of the same nodes, are apart. */

/**
 * The largest difference of any array, of all its steps, over its largest number.
 * @returns {{by: number, what: string}}
 */
export function differing(model, wanted) {
  const arrays = new Map();
  const note = (array, found, own, what) => {
    const known = arrays.get(array) ?? { apart: 0, size: 0, what };
    found.forEach((number, i) => {
      known.size = Math.max(known.size, Math.abs(own[i]));
      const apart = Object.is(number, own[i]) ? 0 : Math.abs(number - own[i]);
      if (!(apart <= known.apart)) Object.assign(known, { apart, what });
    });
    arrays.set(array, known);
  };
  model.nodes.forEach((node, i) => {
    const other = wanted.nodes[i];
    if (node.id !== other.id) throw new Error(`other nodes: ${node.id}, ${other.id}`);
    // The rest is what is left of the loss; the gradient by all parameters is one vector.
    const array = node.kind === "rest" ? "L" : node.variable;
    note(array, model.allOf(node), wanted.allOf(other), node.id);
    if (!model.grad) return;
    const gradients = `gradient of ${node.kind === "parameter" ? "parameters" : array}`;
    const { at, size, times } = node;
    const [found, own] = [model, wanted].map(({ grad }) =>
      grad.subarray(at, at + size * Math.max(1, times)),
    );
    note(gradients, found, own, `gradient of ${node.id}`);
  });
  for (const edge of model.edges) {
    const other = wanted.edgeById.get(edge.id);
    const own = other && edge.to.kind !== "rest" && wanted.localOf(other);
    if (!own) continue;
    const array = `${edge.from.variable} → ${edge.to.variable} ${edge.places}`;
    note(array, model.localOf(edge), own, `derivative on ${edge.id}`);
  }
  let worst = { by: 0, what: "" };
  for (const { apart, size, what } of arrays.values()) {
    const by = apart === 0 ? 0 : apart / size;
    if (!(by <= worst.by)) worst = { by, what };
  }
  return worst;
}
