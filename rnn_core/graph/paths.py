"""Gradients as sums over paths: each path is the product of its local derivatives."""

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx


@dataclass(frozen=True)
class Path:
    """A way through the graph, and the product of the local derivatives along it."""

    nodes: tuple[str, ...]
    product: float


@dataclass(frozen=True)
class Paths:
    """The paths found; `truncated` says that there are more than the limit."""

    paths: tuple[Path, ...]
    truncated: bool

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def paths(graph: "nx.DiGraph[str]", source: str, sink: str, *, limit: int = 1000) -> Paths:
    """List the paths from `source` to `sink` of a scalar graph, at most `limit` of them.

    Where none is left out, the products sum to ∂sink/∂source (Bauer's formula; Bauer, 1974).

    Raises
    ------
    ValueError
        A node is not in the graph, the limit is not positive, the graph has cycles, or its local
        derivatives are not numbers (a level above "scalar").
    """
    for name in (source, sink):
        if name not in graph:
            raise ValueError(f"paths: expected a node of the graph, got {name!r:.60}")
    if not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit: expected a positive integer, got {limit!r:.40}")
    if graph.graph.get("level") != "scalar":
        raise ValueError(
            f'paths: expected a graph of level "scalar", got {graph.graph.get("level")!r}'
        )
    leading = nx.ancestors(graph, sink) | {sink}
    found: list[Path] = []
    waiting: list[tuple[tuple[str, ...], float]] = [((source,), 1.0)] if source in leading else []
    while waiting:
        nodes, product = waiting.pop()
        if nodes[-1] == sink:
            if len(found) == limit:
                return Paths(tuple(found), truncated=True)
            found.append(Path(nodes, product))
            continue
        following = [(m, edge) for m, edge in graph[nodes[-1]].items() if m in leading]
        waiting += [((*nodes, m), product * edge["local"]) for m, edge in reversed(following)]
    return Paths(tuple(found), truncated=False)
