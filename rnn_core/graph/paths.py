"""Gradients as sums over paths: each path is the product of its local derivatives."""

import heapq
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import networkx as nx

from rnn_core._checks import of, takes, text, whole
from rnn_core._short import Shown
from rnn_core.graph.order import computation_order

Steps = tuple[str, "Steps | None"]  # the last node, and what came before it


@dataclass(frozen=True)
class Path(Shown):
    """A way through the graph, and the product of the local derivatives along it."""

    nodes: tuple[str, ...]
    product: float


@dataclass(frozen=True)
class Paths(Shown):
    """The paths found, the largest |product| first, of `total` in the graph.

    `truncated` says that there are more than the limit.
    """

    paths: tuple[Path, ...]
    truncated: bool
    total: int

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


@takes(graph=of(nx.DiGraph), source=text, sink=text, limit=whole(1))
def paths(graph: "nx.DiGraph[str]", source: str, sink: str, *, limit: int = 1000) -> Paths:
    """List the paths from `source` to `sink` of a scalar graph, those of largest |product| first.

    Where none is left out, the products sum to ∂sink/∂source (Bauer's formula; Bauer, 1974). At
    most `limit` are listed. They are found best first: a beginning is worth its |product| times the
    largest |product| from its last node to the sink, which one pass back over the graph gives for
    all nodes. No bound is too small, so what reaches the sink first is largest, and none but the
    beginnings of listed paths are followed. The number of all paths is counted in the same pass. A
    product that is not a number counts as the largest. One with a factor of 0 is 0.

    Raises
    ------
    ValueError
        A node is not in the graph, the limit is not positive, the graph has cycles, or its local
        derivatives are not numbers (a level above "scalar").
    """
    for name in (source, sink):
        if name not in graph:
            raise ValueError(f"paths: expected a node of the graph, got {name!r:.60}")
    if graph.graph.get("level") != "scalar":
        raise ValueError(
            f'paths: expected a graph of level "scalar", got {graph.graph.get("level")!r}'
        )
    largest, counts = _to_the_sink(graph, source, sink)
    found = list(itertools.islice(_best_first(graph, source, sink, largest), limit))
    found.sort(key=lambda path: -_size(path.product))  # bounds and products differ in rounding
    total = counts.get(source, 0)
    return Paths(tuple(found), truncated=len(found) < total, total=total)


def _to_the_sink(
    graph: "nx.DiGraph[str]", source: str, sink: str
) -> tuple[dict[str, float], dict[str, int]]:
    """Return the largest |product| and the number of paths to the sink, by the node they leave."""
    largest, counts = {sink: 1.0}, {sink: 1}
    order = computation_order(graph)
    between = order[order.index(source) : order.index(sink)] if source != sink else []
    for name in reversed(between):
        edges = [(m, edge["local"]) for m, edge in graph[name].items() if m in counts]
        if edges:
            largest[name] = max(_size(_times(local, largest[m])) for m, local in edges)
            counts[name] = sum(counts[m] for m, _ in edges)
    return largest, counts


def _best_first(
    graph: "nx.DiGraph[str]", source: str, sink: str, largest: Mapping[str, float]
) -> Iterator[Path]:
    if source not in largest:
        return
    ties = itertools.count()  # of equal bounds the longest beginning, then the first edge
    waiting: list[tuple[float, int, int, float, Steps]] = [
        (0.0, 0, next(ties), 1.0, (source, None))
    ]
    while waiting:
        _, depth, _, product, steps = heapq.heappop(waiting)
        last = steps[0]
        if last == sink:
            yield Path(_names(steps), product)
            continue
        for m, edge in graph[last].items():
            if m in largest:
                longer = _times(product, edge["local"])
                bound = _size(_times(longer, largest[m]))
                heapq.heappush(waiting, (-bound, depth - 1, next(ties), longer, (m, steps)))


def _names(steps: Steps | None) -> tuple[str, ...]:
    names = []
    while steps is not None:
        names.append(steps[0])
        steps = steps[1]
    return tuple(reversed(names))


def _times(one: float, other: float) -> float:
    """Return the product, 0 where a factor is: nothing goes on from there, also to infinity."""
    return one * other if one and other else 0.0


def _size(product: float) -> float:
    return math.inf if math.isnan(product) else abs(product)
