"""In float32, where the order of a sum shows, a sequence has the numbers of that sequence twice."""

import numpy as np
import pytest

from rnn_core import ACTIVATIONS, CELLS, Parameters, forward

SIZES = (1, 2, 3, 4, 5, 8, 12, 16, 17, 33, 64, 130)
LOSSES = ("binary_cross_entropy", "squared_error", "mean_squared_error", "softmax_cross_entropy")


def network(cell, seed):
    """Return a network, and one sequence for it as the arguments of `forward`."""
    rng = np.random.default_rng(seed)
    steps, inputs = int(rng.choice((1, 2, 7, 65, 130))), int(rng.integers(1, 9))
    outputs = int(rng.choice((2, 3, 10)))
    params = Parameters.random(inputs, int(rng.choice(SIZES)), outputs, seed=rng, cell=cell)
    readout = ("last", "every")[seed % 2]
    rows = steps if readout == "every" else 1
    target = rng.dirichlet(np.ones(outputs), (rows, 1))
    return params.astype("float32"), {
        "x": rng.normal(size=(steps, 1, inputs)),
        "target": target.astype("float32"),
        "readout": readout,
        "loss": LOSSES[seed % 4],
        "activation": [*ACTIVATIONS][seed % len(ACTIVATIONS)],
        "h0": rng.normal(size=params.hidden_size),
    }


@pytest.mark.parametrize("cell", CELLS)
def test_one_sequence_has_the_numbers_of_the_same_sequence_twice(cell):
    for seed in range(200):
        params, given = network(cell, seed)
        twice = {name: np.repeat(given[name], 2, axis=1) for name in ("x", "target")}
        once, both = forward(params, **given), forward(params, **{**given, **twice})
        named = {name: (once[name], both[name]) for name in params.cell.line}
        named["logits"] = once.logits, both.logits
        for name, (one, two) in named.items():
            assert np.array_equal(two, np.repeat(one, 2, axis=1), equal_nan=True), (seed, name)
        assert np.array_equal(once.loss, both.loss, equal_nan=True), seed


@pytest.mark.parametrize("cell", CELLS)
def test_what_stands_beside_a_sequence_leaves_no_trace(cell):
    params, given = network(cell, 7)
    first = forward(params, **given)
    other = {**given, "x": np.full_like(given["x"], 1e30)}
    forward(params, **other)  # the same room is used again
    again = forward(params, **given)
    assert all(np.array_equal(first[name], again[name]) for name in first.params.cell.line)
    assert len(first["h"]) == len(given["x"]) + 1
