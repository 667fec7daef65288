"""The graph of an Elman network is the one it was: links and pictures depend on its names.

A prediction that is no probability has been written ŷ since, as its loss writes it.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from rnn_core import Parameters, backward, computational_graph, forward

EARLIER = json.loads((Path(__file__).parent / "cases" / "elman_graphs.json").read_text("utf-8"))
FIELDS = ("kind", "t", "symbol", "latex", "op")


def close(found, expected):
    if expected is None or found is None:
        return found is expected
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, 1e-13, 1e-15)


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
@pytest.mark.parametrize("case", EARLIER, ids=["whole", "classes", "window", "truncated"])
def test_nodes_and_edges_are_those_of_the_builder_for_elman_networks_alone(case, level):
    """The file holds the graphs that the builders before `Cell` made of four runs."""
    recipe = case["recipe"]
    trace = forward(
        Parameters(**recipe["params"]),
        recipe["x"],
        recipe["target"],
        activation=recipe["activation"],
        loss=recipe["loss"],
        readout=recipe["readout"],
    )
    graph = computational_graph(
        trace,
        backward(trace, truncate=recipe["truncate"]),
        level=level,
        sample=trace.batch - 1,
        steps=recipe["steps"],
    )
    nodes, edges = case["levels"][level]["nodes"], case["levels"][level]["edges"]
    assert list(graph) == [name for name, *_ in nodes]
    for name, *fields, index, value, grad in nodes:
        node = graph.nodes[name]
        assert [node[field] for field in FIELDS] == fields
        assert node["index"] == (None if index is None else tuple(index))
        assert close(node["value"], value), name
        assert close(node["grad"], grad), name
    assert list(graph.edges) == [(source, sink) for source, sink, *_ in edges]
    for source, sink, slot, local in edges:
        edge = graph.edges[source, sink]
        assert edge["slot"] == slot
        assert local is None or close(edge["local"], local), (source, sink)
