"""What has to wait for what: work and depth of each way to compute the states.

A node is one product with a matrix together with what is done to its result entry by entry (adding
the input, φ), for all sequences of the batch. Its work is its multiply-adds, an evaluation of φ or
φ′ counting as one; additions alone are free. Depth is the number of nodes on the longest chain:
what is left when all that need not wait is done at once. The readout, the same for all, is left
out, and so are tests of convergence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import networkx as nx

from rnn_core._arrays import choose
from rnn_core._checks import of, takes, whole_number
from rnn_core._short import Shown
from rnn_core.dependency import costs, graphs
from rnn_core.dependency.sizes import Cost, Sizes

__all__ = [
    "FORWARD_WAYS",
    "Cost",
    "Sizes",
    "Way",
    "critical_path",
    "dependency_graph",
    "forward_cost",
    "measured",
]

MOST_NODES = 20_000


@dataclass(frozen=True)
class Way(Shown):
    """One way to compute the states: its graph, and what the graph adds up to by formula."""

    name: str
    graph: Callable[[Sizes], "nx.DiGraph[str]"]
    cost: Callable[[Sizes], Cost]


FORWARD_WAYS: Mapping[str, Way] = MappingProxyType(
    {
        name: Way(name, getattr(graphs, name), getattr(costs, name))
        for name in (
            "loop",
            "hoisted",
            "doubling",
            "toeplitz",
            "fixed_point",
            "chunked_jacobi",
            "newton",
            "quasi_newton",
            "elk",
            "quasi_elk",
        )
    }
)


@takes(sizes=of(Sizes))
def forward_cost(way: str, sizes: Sizes) -> Cost:
    """Return work and depth by the formula in the docstring of `costs`.

    Raises
    ------
    ValueError
        The way is unknown or a size is not positive.
    """
    return choose("way", FORWARD_WAYS, way).cost(_checked(sizes))


@takes(sizes=of(Sizes))
def dependency_graph(way: str, sizes: Sizes) -> "nx.DiGraph[str]":
    """Return the graph: an edge from each operation to those that wait for it.

    Nodes have `t` (the step they belong to, 0 for none), `work`, `stage` (when the method computes
    them, from 1) and `kind`: "input", "state", "power", "linearise", "combine" or "solve".

    Raises
    ------
    ValueError
        As `forward_cost`, or the graph would have more than 20 000 nodes.
    """
    entry = choose("way", FORWARD_WAYS, way)
    most = _checked(sizes).steps * (2 + (5 + sizes.levels) * sizes.iterations + sizes.levels)
    if most > MOST_NODES:
        raise ValueError(
            f"dependency_graph: expected at most {MOST_NODES:,} nodes, got sizes that may need "
            f"{most:,}"
        )
    return entry.graph(sizes)


@takes(graph=of(nx.DiGraph))
def critical_path(graph: "nx.DiGraph[str]") -> list[str]:
    """Return the longest chain of nodes.

    Of several it is one that ends at the last step they reach and comes from as far back as it can;
    of those, one with the most work.

    Raises
    ------
    ValueError
        It is no graph of `dependency_graph`.
    """
    if not all("work" in node for _, node in graph.nodes(data=True)):
        raise ValueError("graph: expected one of dependency_graph, got another")
    steps = nx.get_node_attributes(graph, "t")
    best: dict[str, tuple[int, int]] = {}
    before: dict[str, str | None] = {}
    for node in nx.topological_sort(graph):
        before_it = graph.predecessors(node)
        chosen = max(
            before_it, key=lambda one: (best[one][0], -steps[one], best[one][1]), default=None
        )
        count, work = best[chosen] if chosen is not None else (0, 0)
        best[node], before[node] = (count + 1, work + graph.nodes[node]["work"]), chosen
    at: str | None = max(
        best, key=lambda node: (best[node][0], steps[node], best[node][1]), default=None
    )
    path: list[str] = []
    while at is not None:
        path.append(at)
        at = before[at]
    return path[::-1]


def measured(graph: "nx.DiGraph[str]") -> Cost:
    """Return the work of all nodes and the length of the longest chain."""
    work = sum(graph.nodes[node]["work"] for node in graph)
    return Cost(work, len(critical_path(graph)))


def _checked(sizes: Sizes) -> Sizes:
    for name in ("steps", "inputs", "hidden", "batch", "iterations", "chunk"):
        whole_number(name, getattr(sizes, name), 1)
    return sizes
