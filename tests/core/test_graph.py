"""The graph is the computation: its values, its local derivatives, its sums over edges."""

import itertools

import networkx as nx
import numpy as np
import pytest

from rnn_core import (
    LOSSES,
    READOUTS,
    Gradients,
    Parameters,
    Trace,
    backward,
    computation_order,
    computational_graph,
    forward,
)
from tests.core.oracle import problem

LEVELS = ("step", "operation", "scalar")
ACTIVATIONS = ("tanh", "relu", "identity")
SETTINGS = list(itertools.product(ACTIVATIONS, LOSSES, READOUTS, (1, 3)))


def run(seed, activation, loss, readout, batch, *, upstream=False, truncate=None, dtype="float64"):
    outputs = 3 if loss == "softmax_cross_entropy" else 1 + seed % 2
    given = problem(seed, 4, batch, 2, 3, outputs, activation, loss, readout, dtype)
    trace = forward(given.params, given.x, given.target, h0=given.h0, **given.settings)
    outside = np.random.default_rng(seed).normal(size=trace.z.shape).astype(dtype)
    grads = backward(trace, upstream=outside if upstream else None, truncate=truncate)
    return trace, grads


def broken_rules(graph: "nx.DiGraph[str]", tolerance: float = 1e-12) -> list[str]:
    """Return the nodes whose gradient is not the sum over edges of local · gradient."""
    found = []
    for name, node in graph.nodes(data=True):
        edges = list(graph[name].items())
        if not edges:
            continue
        felt = [graph.nodes[sink]["grad"] for sink, _ in edges]
        parts = [
            np.tensordot(grad, edge["local"], np.ndim(grad))
            for grad, (_, edge) in zip(felt, edges, strict=True)
        ]
        size = max(1.0, *(float(np.abs(part).max()) for part in parts))
        if not np.abs(sum(parts) - node["grad"]).max() <= tolerance * size:
            found.append(name)
    return found


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("activation", "loss", "readout", "batch"), SETTINGS)
def test_a_gradient_is_the_sum_over_edges(level, activation, loss, readout, batch):
    trace, grads = run(len(loss) + batch, activation, loss, readout, batch)
    for sample in range(batch):
        graph = computational_graph(trace, grads, level=level, sample=sample)
        assert broken_rules(graph) == []
        assert graph.nodes["L"]["grad"] == 1


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("options", [{}, {"truncate": 2}, {"upstream": True}])
@pytest.mark.parametrize("steps", [None, (1, 2), (2, 3), (3, 4), (4, 4)])
def test_the_sum_holds_in_windows_with_truncation_and_gradients_from_outside(
    level, readout, batch, options, steps
):
    trace, grads = run(1, "tanh", "squared_error", readout, batch, **options)
    graph = computational_graph(trace, grads, level=level, sample=batch - 1, steps=steps)
    assert broken_rules(graph) == []


def test_the_sum_holds_for_upstream_without_a_target():
    params = Parameters.random(2, 3, seed=0)
    trace = forward(params, np.ones((3, 2)))
    grads = backward(trace, upstream=np.ones((3, 3)))
    for level in LEVELS:
        graph = computational_graph(trace, grads, level=level)
        assert broken_rules(graph) == []
        assert "L" not in graph


@pytest.mark.parametrize("level", LEVELS)
def test_the_sum_holds_in_single_precision(level):
    trace, grads = run(2, "tanh", "binary_cross_entropy", "every", 2, dtype="float32")
    assert broken_rules(computational_graph(trace, grads, level=level), 1e-5) == []


@pytest.mark.parametrize("planted", ["h[2,1]", "W_hh[2,1]", "z[1,3]", "x[3,2]"])
def test_the_check_of_the_sum_finds_a_planted_error(planted):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    graph.nodes[planted]["grad"] += 1e-9
    assert planted in broken_rules(graph)


def test_the_check_of_the_sum_finds_a_wrong_local_derivative():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    graph.edges["z[2,1]", "h[2,1]"]["local"] += 1e-6
    assert broken_rules(graph) == ["z[2,1]"]


def shown_arrays(trace: Trace, grads: Gradients, sample: int):
    """Yield (id at level operation, value, gradient) of all that trace and gradients hold."""
    for name, array in trace.params.items():
        yield name, array, getattr(grads.parameters, name)
    for t in range(trace.steps + 1):
        yield f"h[{t}]", trace.h[t, sample], grads.h[t, sample]
    for t in range(1, trace.steps + 1):
        yield f"x[{t}]", trace.x[t - 1, sample], grads.x[t - 1, sample]
        yield f"z[{t}]", trace.z[t - 1, sample], grads.z[t - 1, sample]
    for s, t in enumerate(trace.readout_steps):
        yield f"a[{t}]", trace.logits[s, sample], grads.logits[s, sample]
        yield f"p[{t}]", trace.prediction[s, sample], np.zeros_like(trace.logits[s, sample])


@pytest.mark.parametrize("readout", READOUTS)
def test_nodes_hold_the_numbers_of_the_run(readout):
    trace, grads = run(3, "relu", "squared_error", readout, 2)
    operation = computational_graph(trace, grads, sample=1)
    scalar = computational_graph(trace, grads, level="scalar", sample=1)
    for name, value, grad in shown_arrays(trace, grads, 1):
        np.testing.assert_array_equal(operation.nodes[name]["value"], value)
        np.testing.assert_array_equal(operation.nodes[name]["grad"], grad)
        stem = name[:-1] + "," if name.endswith("]") else name + "["
        for index in np.ndindex(value.shape):
            node = scalar.nodes[stem + ",".join(str(i + 1) for i in index) + "]"]
            assert node["value"] == value[index]
            assert node["grad"] == grad[index]
            assert type(node["value"]) is type(node["grad"]) is float
    assert operation.nodes["L"]["value"] == scalar.nodes["L"]["value"] == trace.loss


def test_a_parameter_is_one_node_that_feeds_every_step():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads)
    assert list(graph["W_hh"]) == [f"W_hh h[{t}]" for t in range(4)]
    scalar = computational_graph(trace, grads, level="scalar")
    assert list(scalar["W_hh[2,1]"]) == [f"W_hh[2,1]·h[{t},1]" for t in range(4)]


@pytest.mark.parametrize("level", LEVELS)
def test_local_derivatives_have_the_shape_of_sink_and_source(level):
    trace, grads = run(1, "tanh", "squared_error", "every", 2)
    graph = computational_graph(trace, grads, level=level)
    for source, sink, edge in graph.edges(data=True):
        shapes = [np.shape(graph.nodes[name]["value"]) for name in (sink, source)]
        assert np.shape(edge["local"]) == shapes[0] + shapes[1]
    for name in graph:
        slots = sorted(edge["slot"] for _, _, edge in graph.in_edges(name, data=True))
        assert slots == list(range(len(slots)))


@pytest.mark.parametrize("level", LEVELS)
def test_names_and_order_do_not_depend_on_the_length(level):
    params = Parameters.random(1, 2, seed=0)
    graphs = []
    for steps in (3, 4):
        trace = forward(params, np.ones(steps), np.ones(steps), readout="every")
        graphs.append(computational_graph(trace, backward(trace), level=level))
    short, long = (computation_order(graph) for graph in graphs)
    assert short[:-1] == long[: len(short) - 1]
    place = {name: i for i, name in enumerate(long)}
    assert all(place[source] < place[sink] for source, sink in graphs[1].edges)


def test_an_order_is_found_for_a_changed_graph_and_refused_for_the_rolled_one():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads)
    reverse = nx.DiGraph()
    reverse.add_nodes_from(reversed(list(graph.nodes(data=True))))
    reverse.add_edges_from(graph.edges(data=True))
    place = {name: i for i, name in enumerate(computation_order(reverse))}
    assert all(place[source] < place[sink] for source, sink in reverse.edges)
    rolled = computational_graph(trace, grads, level="rolled")
    assert rolled.has_edge("h", "h")
    np.testing.assert_array_equal(rolled.nodes["h"]["value"], trace.h[1:, 0])
    with pytest.raises(ValueError, match="without cycles"):
        computation_order(rolled)


def test_without_gradients_the_values_are_there():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "every", 2)
    for level in ("rolled", *LEVELS):
        graph = computational_graph(trace, None, level=level)
        assert {str(node["grad"]) for _, node in graph.nodes(data=True)} == {"None"}
        assert set(graph) == set(computational_graph(trace, grads, level=level))


@pytest.mark.parametrize("level", ["rolled", *LEVELS])
def test_an_exploding_run_has_a_graph(level):
    params = Parameters([[1e200]], [[-1e200]], [0], [[1]], [0])
    trace = forward(params, [1, 1, 1], 1, activation="identity")
    graph = computational_graph(trace, backward(trace), level=level)
    assert any(not np.isfinite(node["value"]).all() for _, node in graph.nodes(data=True))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": "atom"}, "level: expected one of"),
        ({"sample": 3}, "sample: expected a whole number from 0 to 0"),
        ({"sample": "a"}, "sample: expected a whole number"),
        ({"steps": (0, 2)}, "steps: expected a first and a last step from 1 to 4"),
        ({"steps": (3, 2)}, "steps: expected"),
        ({"steps": ("a", "b")}, "steps: expected"),
        ({"steps": 3}, "steps: expected"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(options, message):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    with pytest.raises(ValueError, match=message):
        computational_graph(trace, grads, **options)


@pytest.mark.parametrize("level", ["scalar", "operation", "step"])
def test_a_graph_over_the_budget_is_refused_before_it_is_built(level):
    params = Parameters.random(1, 256, seed=0)
    trace = forward(params, np.ones(200), 1)
    with pytest.raises(ValueError, match="expected at most"):
        computational_graph(trace, backward(trace), level=level)
