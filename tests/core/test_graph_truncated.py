"""Gradients of a graph with truncation, against those of the truncated backward pass."""

import numpy as np
import pytest

from rnn_core import (
    CELLS,
    Parameters,
    backward,
    computational_graph,
    forward,
    truncated_gradients,
)

STEPS = 4


@pytest.mark.parametrize("level", ["step", "operation", "scalar"])
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_of_the_graph_are_those_of_the_truncated_backward_pass(
    cell: str, readout: str, level: str
) -> None:
    rng = np.random.default_rng(5)
    params = Parameters.random(2, 2, 1, seed=1, cell=cell)
    x = rng.normal(size=(STEPS, 2))
    target = np.ones((STEPS if readout == "every" else 1, 1))
    trace = forward(params, x, target, readout=readout)
    graph = computational_graph(trace, backward(trace), level=level)
    for horizon in range(1, STEPS + 2):
        cut = backward(trace, truncate=horizon)
        expected = computational_graph(trace, cut, level=level, jacobians=level == "scalar")
        found = truncated_gradients(graph, horizon)
        for name in graph:
            difference = np.subtract(found[name], expected.nodes[name]["grad"])
            assert np.abs(difference).max() < 1e-14, (horizon, name)
