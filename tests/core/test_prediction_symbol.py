"""The prediction has one symbol: that of its loss, in the graph as in every formula of the loss."""

import re

import numpy as np
import pytest

from rnn_core import LOSSES, Parameters, computational_graph, forward


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
@pytest.mark.parametrize("name", list(LOSSES))
def test_nodes_of_the_prediction_are_written_as_the_loss_writes_it(name, level):
    loss = LOSSES[name]
    weights = {"W_xh": [[0.5]], "W_hh": [[0.25]], "b_h": [0.0], "W_hy": [[1.0], [2.0]]}
    params = Parameters(**weights, b_y=[0.0, 0.5])
    trace = forward(params, np.ones((2, 1, 1)), np.ones((1, 1, 2)) / 2, loss=name)
    graph = computational_graph(trace, None, level=level)
    found = [node for _, node in graph.nodes(data=True) if node["quantity"] == "p"]
    assert found
    for node in found:
        for written in (node["symbol"], node["latex"]):
            assert written.startswith(loss.prediction_symbol)


@pytest.mark.parametrize("name", list(LOSSES))
def test_formulas_of_a_loss_write_its_own_symbol(name):
    loss = LOSSES[name]
    for latex in (loss.written(loss.latex), loss.written(loss.by_logit)):
        has_p = bool(re.search(r"(?<![a-zA-Z\\])p(?![a-zA-Z])", latex))
        assert has_p == (loss.prediction_symbol == "p")
        assert r"\hat{y}" in latex or loss.prediction_symbol != "ŷ"
