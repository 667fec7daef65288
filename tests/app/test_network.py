"""The pyvis network of a graph: the same nodes and edges, at fixed places, in plain types."""

import json

import numpy as np
import pytest

from app.components.graph_view import layout, network
from rnn_core import Parameters, backward, computational_graph, forward

LEVELS = ("rolled", "step", "operation", "scalar")


def graph_of(level, steps=3, dtype="float64"):
    params = Parameters.random(1, 2, 1, seed=0).astype(dtype)
    trace = forward(params, np.zeros((steps, 1), dtype), 1)
    return computational_graph(trace, backward(trace), level=level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_network_has_the_graphs_nodes_and_edges_in_plain_types(level, dtype):
    graph = graph_of(level, dtype=dtype)
    before = {name: dict(node) for name, node in graph.nodes(data=True)}
    drawn = network.build(graph)
    assert [node["id"] for node in drawn.nodes] == list(graph)
    assert [(edge["from"], edge["to"]) for edge in drawn.edges] == list(graph.edges)
    json.dumps([drawn.nodes, drawn.edges], allow_nan=False)
    assert all(node["shape"] == "box" and node["fixed"] for node in drawn.nodes)
    assert set(before) == set(graph)
    assert all(before[name].keys() == graph.nodes[name].keys() for name in graph)


def test_a_value_of_zero_is_written():
    drawn = network.build(graph_of("scalar"))
    labels = {node["id"]: node["label"] for node in drawn.nodes}
    assert labels["x[1,1]"] == "x_1,1\n0"
    assert network.label("h", -0.0) == "h\n0"
    assert network.label("rest", None) == "rest"
    assert network.label("W", np.zeros((3, 2))) == "W\n3 × 2"


def test_physics_is_off():
    options = json.loads(network.OPTIONS)
    assert options["physics"] == {"enabled": False}


@pytest.mark.parametrize("level", LEVELS)
def test_each_node_has_a_place_of_its_own(level):
    graph = graph_of(level)
    places = layout.positions(graph)
    assert set(places) == set(graph)
    assert len(set(places.values())) == len(graph)
    assert places == layout.positions(graph_of(level))


@pytest.mark.parametrize("level", ["step", "operation", "scalar"])
def test_a_longer_sequence_keeps_the_places_of_its_steps(level):
    short, long = (layout.positions(graph_of(level, steps)) for steps in (3, 5))
    kept = [name for name in short if name in long and name != "L"]
    assert {name: short[name] for name in kept} == {name: long[name] for name in kept}
