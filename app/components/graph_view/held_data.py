"""What the graph component receives of the run in which numbers are held."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.components.graph_view.topology import in_order
from app.components.shared.packing import packed_numbers
from app.experiment.held_run import HeldRun
from rnn_core.graph import names


def base_of(level: str) -> str:
    """Return the level whose graph is run again for a level."""
    return "scalar" if level == "scalar" else "operation"


def held_data(
    graph: "nx.DiGraph[str]", edges: Sequence[tuple[str, str]], run: HeldRun
) -> dict[str, Any]:
    """Return the numbers of the nodes in the run with holds, NaN for what it does not have.

    `edges` are those whose local derivatives are sent.
    """
    again = run.graph
    at = [] if again is None else [*_places(again, run)]
    order = in_order(graph)
    data: dict[str, Any] = {"kind": "held", "at": at, "said": run.said, "loss": run.loss}
    data |= dict.fromkeys(("value", "grad", "local"))
    if again is None or not at:
        return data
    data["value"] = packed_numbers(_numbers(graph, name, run.values) for name in order)
    if run.grads:
        data["grad"] = packed_numbers(_numbers(graph, name, run.grads) for name in order)
    if edges:
        data["local"] = packed_numbers(
            (again if again.has_edge(*edge) and edge[1] != "rest" else graph).edges[edge]["local"]
            for edge in edges
        )
    return data


def with_held_numbers(graph: "nx.DiGraph[str]", run: HeldRun) -> "nx.DiGraph[str]":
    """Return a graph, of any level, with the numbers of the run with holds.

    What that run does not know, as what is beyond a window, is None. Nodes that are held say so.
    """
    made: nx.DiGraph[str] = graph.copy()
    again = run.graph
    if again is None:
        return made
    for name, node in made.nodes(data=True):
        node["value"] = _known(_numbers(graph, name, run.values))
        if node["grad"] is not None:
            node["grad"] = _known(_numbers(graph, name, run.grads))
        if name in again and again.nodes[name].get("held"):
            node["held"] = True
    for source, sink, edge in made.edges(data=True):
        if edge["local"] is not None and again.has_edge(source, sink):
            edge["local"] = again.edges[source, sink]["local"]
    return made


def _known(numbers: NDArray[np.float64]) -> Any:
    if np.isnan(numbers).all():
        return None
    return numbers if numbers.ndim else float(numbers)


def _places(graph: "nx.DiGraph[str]", run: HeldRun) -> Iterator[dict[str, Any]]:
    """Yield what is held: the node, which of its numbers, and the step and line it belongs to."""
    for hold, (name, entry) in run.at.items():
        yield {
            "place": hold.place,
            "value": hold.value,
            "id": name,
            "entry": entry or 0,
            **_in_program(graph.nodes[name], entry),
            "t": graph.nodes[name]["t"] or 0,
            "line": graph.nodes[name]["line"],
        }


def _in_program(node: Mapping[str, Any], entry: int | None) -> dict[str, Any]:
    """Return the array of the program that a number is of, and which of its terms it is, if any."""
    index: tuple[int, ...] = node["index"] or ()
    if entry is None and index:
        entry = index[0] - 1
    term = index[1] - 1 if len(index) == 2 else None
    return {"variable": node["variable"], "unit": entry or 0, "term": term}


def _numbers(
    graph: "nx.DiGraph[str]", name: str, found: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return a node's numbers of another run of it; rolled nodes hold those of all their steps."""
    node = graph.nodes[name]
    shape = np.shape(node["value"])
    called = [name]
    if node.get("times"):
        steps = graph.graph["shown"].trace.steps
        at = range(steps - shape[0] + 1, steps + 1)
        called = [names.node(node["quantity"], t) for t in at]
    parts = [found[part] for part in called if part in found and node["kind"] != "rest"]
    again = np.stack(parts) if len(parts) == len(called) else np.empty(0)
    again = again if node.get("times") or not parts else again[0]
    if again.shape == shape:
        return again
    return np.full(shape, np.nan)
