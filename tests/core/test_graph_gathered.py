"""The numbers gathered without a graph are those of the graph, digit by digit."""

import numpy as np
import pytest

from rnn_core import CELLS, LOSSES, Parameters, backward, computational_graph, forward
from rnn_core.graph import LEVELS
from rnn_core.graph.gathered import Run, places_of, shows_all
from rnn_core.types import Gradients, Trace


def trace_of(
    seed: int,
    *,
    cell: str = "elman",
    loss: str = "squared_error",
    readout: str = "every",
    target: bool = True,
    dtype: str = "float64",
    sizes: tuple[int, int, int, int] = (4, 2, 3, 2),
) -> Trace:
    steps, inputs, hidden, outputs = sizes
    chance = np.random.default_rng(seed)
    params = Parameters.random(inputs, hidden, outputs, seed=seed, cell=cell)
    params = params.replace(**{name: array.astype(dtype) for name, array in params.items()})
    x = chance.normal(size=(steps, 1, inputs)).astype(dtype)
    rows = steps if readout == "every" else 1
    wanted = np.zeros((rows, 1, outputs), dtype)
    wanted[..., seed % outputs] = 1.0
    return forward(params, x, wanted if target else None, loss=loss, readout=readout)


def pair(trace: Trace) -> tuple[Trace, Gradients | None]:
    return trace, None if trace.target is None else backward(trace)


CASES = {
    **{f"{cell}": {"cell": cell} for cell in CELLS},
    **{f"{cell} read at the end": {"cell": cell, "readout": "last"} for cell in CELLS},
    **{f"{loss}": {"loss": loss} for loss in LOSSES},
    "one of everything": {"sizes": (1, 1, 1, 1), "loss": "binary_cross_entropy"},
    "without a target": {"target": False, "cell": "lstm"},
    "float32": {"dtype": "float32"},
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_what_is_gathered_is_what_the_graph_holds(case: str, level: str) -> None:
    first, second = (pair(trace_of(seed, **CASES[case])) for seed in (1, 2))
    assert shows_all(*first, 0)
    graph = computational_graph(*first, level=level, jacobians=False)
    edges = [
        (source, sink)
        for source, sink, edge in graph.edges(data=True)
        if level == "scalar" and edge["local"] is not None
    ]
    places = places_of(graph, list(graph), edges, Run(*first, 0))
    assert places is not None
    read = places.read(Run(*second, 0))
    again = computational_graph(*second, level=level, jacobians=False)
    held = [again.nodes[name] for name in graph]
    for found, wanted in (
        (read.values, [node["value"] for node in held]),
        (read.grads, [node["grad"] for node in held]),
        (read.locals, [again.edges[edge]["local"] for edge in edges]),
    ):
        if found is None:
            assert second[1] is None
            continue
        expected = np.concatenate([np.ravel(np.float64(array)) for array in wanted] or [[]])
        np.testing.assert_array_equal(found, expected)


def test_a_graph_with_numbers_of_its_own_has_no_places() -> None:
    trace, grads = pair(trace_of(1))
    graph = computational_graph(trace, grads, level="scalar", jacobians=False)
    run = Run(trace, grads, 0)
    assert places_of(graph, list(graph), [], run) is not None
    graph.nodes["h[2,1]"]["value"] = np.nextafter(graph.nodes["h[2,1]"]["value"], 2.0)
    assert places_of(graph, list(graph), [], run) is None
    graph.nodes["h[2,1]"]["variable"] = "unheard of"
    assert places_of(graph, list(graph), [], run) is None


def test_a_run_with_a_rest_is_not_whole() -> None:
    trace = trace_of(1)
    assert not shows_all(trace, backward(trace, truncate=1), 0)
    both = forward(trace.params, np.repeat(trace.x, 2, axis=1))
    assert not shows_all(both, None, 0)
    outside = backward(trace, upstream=np.ones_like(trace.h[1:]))
    assert not shows_all(trace, outside, 0)
