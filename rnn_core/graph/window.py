"""A window of a run replayed: the whole run is, and the window shows its part of it again."""

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import numpy as np

from rnn_core.graph.build import computational_graph
from rnn_core.graph.readout import REST, RESTS, TOTAL
from rnn_core.graph.selection import Selection

Replay = Callable[["nx.DiGraph[str]", Mapping[str, Any]], "nx.DiGraph[str]"]
ROUNDING = 8  # units in the last place: less than this between two sums is no way through the rest


def replay_window(
    graph: "nx.DiGraph[str]", changed: Mapping[str, Any], replay: Replay
) -> "nx.DiGraph[str]":
    """Return the window's graph of the run with changed nodes.

    What the window does not show changes as well: the steps before it with a parameter, those after
    it with everything. So the graph of the whole run is replayed, and "rest" gets what it has
    beyond the window. A changed first state of a window is held, since the steps before it compute
    it. The whole replayed graph is kept, so that a replay of the result knows what is held there.

    Raises
    ------
    ValueError
        The graph of the whole run is over its budget, or its replay refuses.
    """
    shown: Selection = graph.graph["shown"]
    whole = graph.graph.get("whole")
    if whole is None:
        level, sample = graph.graph["level"], shown.sample
        whole = computational_graph(shown.trace, shown.grads, level=level, sample=sample)
    whole = replay(whole, changed)
    made: nx.DiGraph[str] = graph.copy()
    made.graph["whole"] = whole
    made.remove_edges_from(list(made.in_edges(REST)))
    for name, node in made.nodes(data=True):
        if name not in RESTS:
            again = whole.nodes[name]
            node.update(
                {key: again[key] for key in ("value", "grad", "held", "held_at") if key in again}
            )
    for source, sink, edge in made.edges(data=True):
        if source not in RESTS:
            edge["local"] = whole.edges[source, sink]["local"]
        elif sink in changed:  # the loss is held
            edge["local"] = 0.0
            if made.nodes[source]["grad"] is not None:
                made.nodes[source]["grad"] = 0.0
    with np.errstate(all="ignore"):
        _renew_rest(made, whole)
    return made


def _renew_rest(made: "nx.DiGraph[str]", whole: "nx.DiGraph[str]") -> None:
    """Let the rest stand for what the whole graph has beyond the window."""
    rest, states = made.nodes[REST], made.graph["shown"].trace.cell.states
    for of_loss in RESTS:
        if made.has_edge(of_loss, "L"):
            made.nodes[of_loss]["value"] = float(
                sum(
                    edge["local"] * whole.nodes[name]["value"]
                    for name, edge in whole.pred["L"].items()
                    if name in RESTS or name not in made
                )
            )
    slot = 0
    if rest["grad"] is not None:
        for name in list(made):
            node = made.nodes[name]
            if node["kind"] == "parameter" or node["quantity"] in states:
                beyond = _beyond(made, name)
                if np.any(beyond):
                    made.add_edge(name, REST, local=beyond, slot=slot)
                    slot += 1
    rest["op"] = TOTAL if slot else None


def _beyond(made: "nx.DiGraph[str]", name: str) -> Any:
    """Return the part of a node's gradient that comes by no edge of the window."""
    grad = made.nodes[name]["grad"]
    parts = [
        np.tensordot(
            made.nodes[sink]["grad"], edge["local"], axes=np.ndim(edge["local"]) - np.ndim(grad)
        )
        for sink, edge in made[name].items()
    ]
    left = grad - sum(parts)
    size = np.abs(grad) + sum(np.abs(part) for part in parts)
    left = np.where(
        np.abs(left) <= ROUNDING * np.finfo(np.asarray(grad).dtype).eps * size, 0.0, left
    )
    return left if np.ndim(left) else float(left)
