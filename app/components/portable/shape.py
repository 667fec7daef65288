"""The graph of a level in few bytes: what repeats at every step is told once.

Names hold the number of their step: here it is written as a sign, so that all steps have the same
names. Numbers that rise from node to node are told by how much they rise. Whatever a name or a
number is, `frontend/shape.js` makes of it again what it was.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx
import numpy as np

from app.components.graph_view.topology import NAMES, Topology, describe, kind_of
from app.components.shared.packing import packed_numbers
from rnn_core import Gradients, Trace, computational_graph

SIGNS = {"\x01": 0, "\x02": -1}
"""What stands for a step in a name, and how far that step is from the node's own."""
NUMBER = re.compile(r"\d+")


def level_data(trace: Trace, grads: Gradients | None, sample: int, level: str) -> dict[str, Any]:
    """Return a level of the whole sequence without the numbers that the page computes itself.

    `value`, `grad` and `local` are the others: how many there are of all, the place of each as it
    rises, and the numbers.
    """
    graph = computational_graph(trace, grads, level=level, sample=sample, jacobians=False)
    about, shape = describe(graph, trace, "|".join(map(str, kind_of(level, trace, grads, None))))
    nodes = [graph.nodes[name] for name in shape.nodes]
    return {
        "shape": packed_shape(about),
        "value": _left((node["value"], node["variable"] is None) for node in nodes),
        "grad": None
        if grads is None
        else _left((node["grad"], node["variable"] is None) for node in nodes),
        "local": _left(_edges(graph, shape)) if shape.sized else None,
        "terms": len(trace.logits) * trace.batch,
    }


def packed_shape(about: dict[str, Any]) -> dict[str, Any]:
    """Return what `Topology.text` says of a level, in few bytes."""
    steps, at = about["fields"]["t"]
    own = [steps[place] for place in at]
    names = {
        name: _columned([_signed(*pair) for pair in zip(about["names"][name], own, strict=True)])
        for name in NAMES
    }
    ends = {end: rises(about["edges"][end]) for end in ("from", "to")}
    return {
        **about,
        "names": names,
        "fields": {**about["fields"], "t": [steps, rises(at)]},
        "edges": {**about["edges"], **ends},
    }


def rises(numbers: Sequence[int]) -> list[int]:
    """Return how much each number is above the one before it, the first above 0."""
    return [now - before for before, now in zip([0, *numbers], numbers, strict=False)]


def _signed(name: str, step: int | None) -> str:
    """Write a node's own step, and the one before, as signs, wherever their numbers stand."""
    if step is None:
        return name
    signs = {str(step + by): sign for sign, by in SIGNS.items()}
    return NUMBER.sub(lambda found: signs.get(found[0], found[0]), name)


def _columned(values: Sequence[str]) -> list[Any]:
    found: dict[str, int] = {}
    at = [found.setdefault(value, len(found)) for value in values]
    return [list(found), at]


def _edges(graph: "nx.DiGraph[str]", shape: Topology) -> Iterable[tuple[Any, bool]]:
    """Yield the derivatives of edges, and whether the page leaves them as they are."""
    for source, sink in shape.sized:
        node = graph.nodes[sink]
        left = node["op"] == "total" or node["variable"] == "L" or node["kind"] == "rest"
        yield graph.edges[source, sink]["local"], left


def _left(arrays: Iterable[tuple[Any, bool]]) -> dict[str, Any]:
    places: list[int] = []
    numbers: list[Any] = []
    count = 0
    for array, left in arrays:
        size = int(np.size(array))
        if left:
            places += range(count, count + size)
            numbers.append(array)
        count += size
    return {"size": count, "at": rises(places), "numbers": packed_numbers(numbers)}
