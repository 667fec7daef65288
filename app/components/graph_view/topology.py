"""The graph's shape as text, which changes only with sizes and names.

Nodes are sent as columns: of their names as lists, of every other field as the values that it takes
and, for each node, which of them it has. So each field costs two or three bytes a node.
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from app.components.graph_view import network
from app.components.graph_view.joined import aside
from app.figures.symbols import line_words
from app.work.caching import STORE
from rnn_core import Gradients, Trace, computation_order
from rnn_core.graph.described import whole_steps
from rnn_core.graph.rules import slots_of

NAMES = ("id", "symbol", "latex")
"""Fields that differ at each node."""

FIELDS = (
    *("kind", "title", "op", "quantity", "t", "unit", "index", "parameter", "reads", "line"),
    *("layer", "variable", "shape", "times", "at_step", "numbers", "x", "y"),
)
"""Fields that few nodes have alone."""


@dataclass(frozen=True)
class Topology:
    """A level's nodes in computation order and its edges, as sent and as names to gather by."""

    text: str
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    sized: tuple[tuple[str, str], ...]  # edges whose local derivative is sent


def in_order(graph: "nx.DiGraph[str]") -> list[str]:
    """Return the nodes in computation order; the rolled network has them so, and cycles besides."""
    return list(graph.nodes) if graph.graph["level"] == "rolled" else computation_order(graph)


def topology_of(
    graph: "nx.DiGraph[str]",
    trace: Trace,
    grads: Gradients | None,
    window: tuple[int, int] | None,
) -> Topology:
    """Return the topology of a graph of the steps in the window, None for all of them."""
    key = (
        *kind_of(graph.graph["level"], trace, grads, window),
        tuple(graph.pred["rest"]) if "rest" in graph else None,  # only what differs from zero
    )
    return STORE.get((_described, key), lambda: _described(graph, trace, "|".join(map(str, key))))


def kind_of(
    level: str, trace: Trace, grads: Gradients | None, window: tuple[int, int] | None
) -> tuple[Hashable, ...]:
    """Return what the topology of a run depends on, but for what its rest reads."""
    params = trace.params
    return (
        level,
        window,
        trace.steps,
        len(trace.logits),
        (params.input_size, params.hidden_size, params.output_size),
        (trace.cell.name, trace.activation, trace.loss_name, trace.readout),
        trace.target is None,
        grads is None,
    )


def _described(graph: "nx.DiGraph[str]", trace: Trace, key: str) -> Topology:
    return describe(graph, trace, key)[1]


def describe(graph: "nx.DiGraph[str]", trace: Trace, key: str) -> tuple[dict[str, Any], Topology]:
    """Turn pyvis' nodes and edges into the component's, in computation order: as data and text."""
    places = {node["id"]: node for node in network.build(graph).nodes}
    order = in_order(graph)
    numbered = {name: i for i, name in enumerate(order)}
    nodes = [_fields(graph, trace, name, places[name]) for name in order]
    ends: tuple[list[int], list[int]] = [], []
    slots, sizes, sized = [], [], []
    for source, sink, attributes in graph.edges(data=True):
        local = attributes.get("local")
        sends = graph.graph["level"] == "scalar" or graph.nodes[sink]["op"] == "total"
        size = int(np.size(local)) if sends and local is not None else 0
        ends[0].append(numbered[source])
        ends[1].append(numbered[sink])
        slots.append(slots_of(attributes))
        sizes.append(size)
        if size:
            sized.append((source, sink))
    first, last = graph.graph["steps"]
    read_out = () if trace.target is None else ("y", "l", "L")
    about = {
        "key": key,
        "level": graph.graph["level"],
        "first": first,
        "last": last,
        "T": trace.steps,
        "states": list(trace.cell.states),
        "recurrent": list(trace.cell.recurrent),
        "quantities": ["x", *trace.cell.line, "a", "p", *read_out],
        "names": {name: [node[name] for node in nodes] for name in NAMES},
        "fields": {name: _column([node[name] for node in nodes]) for name in FIELDS},
        "edges": {
            "from": ends[0],
            "to": ends[1],
            "slots": _column(slots),
            "size": _column(sizes),
        },
        "aside": [[numbered[name], numbered[other]] for name, other in aside(graph).items()],
        "wholes": whole_steps(graph),
    }
    text = json.dumps(about, separators=(",", ":"), ensure_ascii=False)
    return about, Topology(text, tuple(order), tuple(graph.edges), tuple(sized))


def _fields(
    graph: "nx.DiGraph[str]", trace: Trace, name: str, place: Mapping[str, Any]
) -> dict[str, Any]:
    node = graph.nodes[name]
    shape = np.shape(node["value"])
    times = shape[0] if node.get("times") else 0  # of the rolled network
    own = {
        "id": name,
        "title": _title(trace, node),
        "shape": shape[1:] if times else shape,
        "times": times,
        "x": round(place["x"], 1),
        "y": round(place["y"], 1),
    }
    return {field: node.get(field) for field in (*NAMES, *FIELDS)} | own


def _column(values: Sequence[Any]) -> list[Any]:
    """Return the different values, and which of them stands at each place."""
    found: dict[Any, int] = {}
    at = [found.setdefault(value, len(found)) for value in values]
    return [list(found), at]


def _title(trace: Trace, node: Mapping[str, Any]) -> str:
    """Return what a node is called in words, where the cell says more than its kind."""
    name = node["quantity"]
    line = trace.cell.line.get(name)
    if line is not None and node["op"] is not None:
        return str(line.title) if name in trace.cell.sums else line_words(trace.cell, name)
    return "activation" if node["kind"] == "activation" else ""
