"""Walking the paths of a graph."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest

from rnn_core import (
    READOUTS,
    Parameters,
    backward,
    computational_graph,
    forward,
    paths,
)
from tests.core.test_graph import ACTIVATIONS, run


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", READOUTS)
def test_the_products_of_all_paths_sum_to_the_gradient(activation, readout):
    trace, grads = run(0, activation, "softmax_cross_entropy", readout, 1)
    graph = computational_graph(trace, grads, level="scalar", steps=None)
    for source in ("h[2,1]", "W_hh[2,1]", "x[3,2]", "W_hy[1,1]", "b_h[3]", "y[4,1]"):
        found = paths(graph, source, "L", limit=100_000)
        assert not found.truncated
        assert abs(sum(path.product for path in found) - graph.nodes[source]["grad"]) < 1e-12
        for path in list(found)[:3]:
            locals_ = [
                graph.edges[edge]["local"] for edge in zip(path.nodes, path.nodes[1:], strict=False)
            ]
            assert math.isclose(math.prod(locals_), path.product, rel_tol=1e-12)


def all_paths(graph, source, sink):
    """Every path and its product, largest first, found without our search."""
    found = []
    for nodes in nx.all_simple_paths(graph, source, sink):
        edges = itertools.pairwise(nodes)
        found.append((tuple(nodes), math.prod(graph.edges[edge]["local"] for edge in edges)))
    return sorted(found, key=lambda path: -abs(path[1]))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("source", ["W_hh[2,1]", "x[1,1]", "b_h[3]", "y[4,1]"])
def test_the_largest_paths_come_first_and_all_are_counted(activation, readout, source):
    trace, grads = run(2, activation, "softmax_cross_entropy", readout, 2)
    graph = computational_graph(trace, grads, level="scalar")
    expected = all_paths(graph, source, "L")
    for limit in (1, 7, 50, len(expected), len(expected) + 1):
        found = paths(graph, source, "L", limit=limit)
        assert found.total == len(expected)
        assert found.truncated == (limit < len(expected))
        products = [product for _, product in expected[:limit]]
        np.testing.assert_allclose(
            np.abs([path.product for path in found]), np.abs(products), rtol=1e-12
        )
        assert len({path.nodes for path in found}) == len(found)
        listed = dict(expected)
        for path in found:
            assert math.isclose(path.product, listed[path.nodes], rel_tol=1e-12)


def test_the_search_does_not_follow_what_it_does_not_list():
    """4 units over 60 steps have more paths than could be listed, also where all products are 0."""
    params = Parameters.random(1, 4, seed=1)
    trace = forward(params, np.ones((60, 1)), np.ones(1))
    graph = computational_graph(trace, backward(trace), level="scalar")
    assert paths(graph, "h[1,1]", "L", limit=20).total == 4**59
    products = [abs(path.product) for path in paths(graph, "h[1,1]", "L", limit=20)]
    assert products == sorted(products, reverse=True)
    for edge in graph.in_edges("L"):
        graph.edges[edge]["local"] = 0.0
    assert [path.product for path in paths(graph, "h[1,1]", "L", limit=20)] == [0.0] * 20


def test_products_that_are_not_numbers_come_first():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    graph.edges["z[2,1]", "h[2,1]"]["local"] = math.nan
    found = paths(graph, "W_xh[1,1]", "L", limit=3)
    assert all(math.isnan(path.product) for path in found)
    assert found.truncated


def test_paths_stop_at_their_limit_and_say_so():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    everything = paths(graph, "W_hh[1,1]", "L")
    some = paths(graph, "W_hh[1,1]", "L", limit=5)
    assert (len(some), some.truncated) == (5, True)
    assert [path.nodes for path in some] == [path.nodes for path in list(everything)[:5]]
    exactly = paths(graph, "W_hh[1,1]", "L", limit=len(everything))
    assert not exactly.truncated
    assert len(paths(graph, "L", "x[1,1]")) == paths(graph, "L", "x[1,1]").total == 0
    assert [path.product for path in paths(graph, "L", "L")] == [1.0]


@pytest.mark.parametrize(
    ("arguments", "limit", "message"),
    [
        (("nothing", "L"), 10, "expected a node"),
        (("x[1,1]", "nothing"), 10, "expected a node"),
        (("x[1,1]", "L"), 0, "limit: expected a whole number of at least 1"),
        (("x[1,1]", "L"), 2.5, "limit: expected a whole number of at least 1"),
    ],
)
def test_paths_refuse_in_a_sentence(arguments, limit, message):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    with pytest.raises(ValueError, match=message):
        paths(computational_graph(trace, grads, level="scalar"), *arguments, limit=limit)
    with pytest.raises(ValueError, match='level "scalar"'):
        paths(computational_graph(trace, grads), "h[1]", "L")
