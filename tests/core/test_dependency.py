"""Work and depth: the formulas against the graphs, and the graphs against counting by hand."""

from itertools import pairwise, product

import networkx as nx
import pytest

from rnn_core.dependency import (
    FORWARD_WAYS,
    Cost,
    Sizes,
    critical_path,
    dependency_graph,
    forward_cost,
    measured,
)

STEPS = (1, 2, 3, 4, 5, 7, 8, 9, 16, 17)


@pytest.mark.parametrize("way", FORWARD_WAYS)
def test_formula_and_graph_agree(way):
    for steps, inputs, hidden, batch in product(STEPS, (1, 3), (1, 4), (1, 2)):
        for iterations, chunk in ((1, 1), (2, 3), (4, 2), (steps, 1)):
            sizes = Sizes(steps, inputs, hidden, batch, iterations, chunk)
            graph = dependency_graph(way, sizes)
            assert nx.is_directed_acyclic_graph(graph)
            assert measured(graph) == forward_cost(way, sizes), sizes
            stages = nx.get_node_attributes(graph, "stage")
            assert all(stages[earlier] < stages[later] for earlier, later in graph.edges)


@pytest.mark.parametrize("way", FORWARD_WAYS)
def test_a_missing_node_or_edge_is_noticed(way):
    sizes = Sizes(9, 2, 3, 1, iterations=2, chunk=3)
    graph = dependency_graph(way, sizes)
    lighter = graph.copy()
    lighter.remove_node(critical_path(graph)[-1])
    assert measured(lighter).work < forward_cost(way, sizes).work
    shallow = nx.create_empty_copy(graph)
    assert measured(shallow).depth == 1 < forward_cost(way, sizes).depth


def test_counted_by_hand():
    # T = 4, D = 1, H = 2. A step of the loop: 2 + 4 products and 2 of φ. The scan: 4·2 for the
    # inputs, A h_0 (4), A² once (8), and 3 + 2 products of 4 at its two levels.
    sizes = Sizes(steps=4, inputs=1, hidden=2)
    assert forward_cost("loop", sizes) == Cost(32, 4)
    assert forward_cost("hoisted", sizes) == Cost(32, 5)
    assert forward_cost("doubling", sizes) == Cost(8 + 4 + 8 + 5 * 4, 4)
    # A² and A³ (8 each), A h_0, and 1 + 2 + 3 blocks of 4.
    assert forward_cost("toeplitz", sizes) == Cost(8 + 16 + 4 + 24, 4 - 1)
    # Three iterations of 4 steps at 6; chunks of 2 need two sweeps of 4 steps.
    assert forward_cost("fixed_point", Sizes(4, 1, 2, iterations=3)) == Cost(8 + 72, 4)
    assert forward_cost("chunked_jacobi", Sizes(4, 1, 2, iterations=9, chunk=2)) == Cost(8 + 48, 5)
    # Each iteration: 4 linearisations of 4 + 2 + 2 + 4, and 5 combinations of 8 + 4.
    assert forward_cost("newton", Sizes(4, 1, 2, iterations=2)) == Cost(8 + 2 * (48 + 60), 7)
    assert forward_cost("quasi_newton", Sizes(4, 1, 2, iterations=2)) == Cost(8 + 2 * (40 + 20), 7)
    # One damped step: 48 again, JᵀJ and Jᵀr of 3 steps (8 + 4), 4 blocks eliminated (2 for the
    # factors, 4 for each of 5 right sides), 4 neighbours put in (8 + 8 + 4) and taken back (4).
    assert forward_cost("elk", Sizes(4, 1, 2)) == Cost(8 + 48 + 36 + 88 + 4 * 24, 1 + 9)
    # Of diagonals, for each of 2 units: 4·5 for the tangents, 3·2, 4·3, and 4·(3 + 1).
    assert forward_cost("quasi_elk", Sizes(4, 1, 2)) == Cost(8 + 4 * 10 + 2 * (6 + 12 + 16), 1 + 9)


def test_every_block_is_eliminated_once_and_the_depth_is_that_of_halving():
    graph = dependency_graph("elk", Sizes(11, 1, 3))
    solved = [graph.nodes[node]["t"] for node, kind in graph.nodes(data="kind") if kind == "solve"]
    assert sorted(solved) == list(range(1, 12))
    assert measured(graph).depth == 1 + 3 * (3 + 1)


def test_the_loop_is_a_chain_and_the_scan_a_tree():
    loop = dependency_graph("loop", Sizes(6, 1, 2))
    assert critical_path(loop) == [f"h[{t}]" for t in range(1, 7)]
    scan = dependency_graph("doubling", Sizes(8, 1, 2))
    assert nx.ancestors(scan, "h3[8]") >= {f"u[{t}]" for t in range(1, 9)}
    path = critical_path(scan)
    assert all(scan.has_edge(*pair) for pair in pairwise(path))
    assert path == ["u[1]", "b[1]", "h1[2]", "h2[4]", "h3[8]"]
    # A sum of levels is as long from any step on: shown is the one that goes through all of them.
    longer = dependency_graph("doubling", Sizes(26, 1, 2))
    assert critical_path(longer) == ["u[3]", "h1[4]", "h2[6]", "h3[10]", "h4[10]", "h5[26]"]


def test_what_is_hoisted_waits_for_nothing():
    graph = dependency_graph("hoisted", Sizes(5, 3, 2))
    assert all(graph.in_degree(f"u[{t}]") == 0 for t in range(1, 6))
    assert sum(graph.nodes[node]["work"] for node in critical_path(graph)) == 6 + 5 * 6
    loop = dependency_graph("loop", Sizes(5, 3, 2))
    assert sum(loop.nodes[node]["work"] for node in critical_path(loop)) == 5 * 12


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: forward_cost("magic", Sizes(1, 1, 1)), "way: expected one of loop, hoisted"),
        (
            lambda: forward_cost("loop", Sizes(0, 1, 1)),
            "steps: expected a whole number of at least 1, got 0",
        ),
        (
            lambda: dependency_graph("fixed_point", Sizes(5000, 1, 1, iterations=5000)),
            "dependency_graph: expected at most 20,000 nodes",
        ),
    ],
)
def test_refuses_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
