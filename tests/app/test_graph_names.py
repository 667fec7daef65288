"""What is known of a node stands in its fields: its name is text that nobody takes apart."""

import json

import networkx as nx
import numpy as np
import pytest

from app.components.graph_view.export import graphml, json_text
from app.components.graph_view.fit import fitted_places
from app.components.graph_view.layout import positions
from rnn_core import CELLS, Parameters, backward, computational_graph, forward
from rnn_core.graph.names import Named, node, parameter, read

LEVELS = ("rolled", "step", "operation", "scalar")


def graph_of(cell: str, level: str) -> "nx.DiGraph[str]":
    params = Parameters.random(2, 2, 1, seed=0, cell=cell)
    x = np.random.default_rng(0).normal(size=(3, 2, 2))
    trace = forward(params, x, 1, readout="every")
    return computational_graph(trace, backward(trace), level=level)


def renamed(graph: "nx.DiGraph[str]") -> "nx.DiGraph[str]":
    return nx.relabel_nodes(graph, {name: f"n{k}" for k, name in enumerate(graph)})


@pytest.mark.parametrize("cell", sorted(CELLS))
@pytest.mark.parametrize("level", LEVELS)
def test_a_graph_whose_nodes_bear_other_names_is_drawn_the_same(cell: str, level: str) -> None:
    graph = graph_of(cell, level)
    other = renamed(graph)
    assert list(positions(graph).values()) == list(positions(other).values())
    boxes = [(80.0 + k % 7, 40.0 + k % 5) for k in range(len(graph))]
    found = [fitted_places(each, dict(zip(each, boxes, strict=True))) for each in (graph, other)]
    by_name = dict(zip(graph, other, strict=True))
    assert {by_name[name]: place for name, place in found[0].items()} == found[1]


@pytest.mark.parametrize("cell", ["elman", "lstm"])
@pytest.mark.parametrize("level", LEVELS)
def test_exports_carry_the_fields_of_every_node(cell: str, level: str) -> None:
    graph = graph_of(cell, level)
    for sent in json.loads(json_text(graph))["nodes"]:
        held = graph.nodes[sent["id"]]
        for name in ("quantity", "variable", "unit", "parameter", "line", "layer"):
            assert sent[name] == held[name]
        assert sent["reads"] == (None if held["reads"] is None else list(held["reads"]))
    back = nx.parse_graphml(graphml(graph).decode())
    for name, sent in back.nodes(data=True):
        for field in ("quantity", "variable", "unit", "parameter", "line", "layer"):
            assert sent.get(field) == graph.nodes[name][field]
        reads = graph.nodes[name]["reads"]
        assert sent.get("reads") == (None if reads is None else json.dumps(list(reads)))


@pytest.mark.parametrize("cell", sorted(CELLS))
@pytest.mark.parametrize("level", LEVELS)
def test_a_name_that_is_read_says_what_the_fields_of_its_node_say(cell: str, level: str) -> None:
    graph = graph_of(cell, level)
    names = graph.graph["shown"].trace.params.names
    for name, held in graph.nodes(data=True):
        said = read(name, names)
        if held["quantity"] is not None:
            t = held["t"] if name != "L" else None
            unit = () if held["unit"] is None else (held["unit"],)
            assert (said.quantity, said.t, said.index) == (held["quantity"], t, unit)
        elif held["kind"] == "parameter":
            assert said == Named(parameter=held["parameter"], index=held["index"] or ())
        elif held["reads"] is not None and said.parameter is not None:
            assert (said.parameter, said.reads) == (held["parameter"], held["reads"][:2])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (node("h", 3, 1), Named("h", 3, index=(1,), steps=(3,))),
        (node("z_i", 12), Named("z_i", 12, steps=(12,))),
        ("h", Named("h")),
        (parameter("U", 2, 1), Named(parameter="U", index=(2, 1))),
        ("U h[4]", Named(parameter="U", reads=("h", 4), steps=(4,))),
        ("U[2,1]·h[4,1]#2", Named(parameter="U", index=(2, 1), reads=("h", 4), steps=(4,))),
        ("(1−u[3])·n[3]", Named(steps=(3, 3))),
        ("0.5·h[3]", Named(steps=(3,))),
        ("", Named()),
        ("[[[", Named()),
        ("h[3", Named()),
    ],
)
def test_a_name_is_read_whatever_the_parameters_are_called(name: str, said: Named) -> None:
    assert read(name, {"U"}) == said
