"""The dependency graph of a way as far as it is drawn, and what is left out of the drawing."""

from dataclasses import dataclass, replace

import networkx as nx

from app.views.without_the_loop.compute.ways import WayResult, chunk_length
from rnn_core import Cost, Sizes, critical_path, dependency_graph

MOST_STEPS = 16
MOST_ROUNDS = 3
"""Iterations drawn of a method whose every iteration is a scan of its own."""
MOST_PLAIN = 8
SOLVERS = ("newton", "quasi_newton", "elk", "quasi_elk")


@dataclass(frozen=True, eq=False)
class Drawn:
    """A graph for the screen; `left_out` is a sentence, empty where all is drawn."""

    graph: "nx.DiGraph[str]"
    cost: Cost  # of the whole run
    waiting: int  # work on the longest chain of the graph drawn, over all its work, in percent
    left_out: str
    chunk: int | None  # steps between dashed lines


def drawn_of(result: WayResult) -> Drawn | None:
    """Return the graph of a way, with the steps and iterations that fit on the screen."""
    name, sizes = result.way.cost, result.sizes
    if sizes is None or result.cost is None:
        return None
    shown = _shown(name, sizes)
    graph = dependency_graph(name, shown)
    path = critical_path(graph)
    total = sum(work for _, work in graph.nodes(data="work"))
    on_path = sum(graph.nodes[node]["work"] for node in path)
    return Drawn(
        graph=graph,
        cost=result.cost,
        waiting=round(100 * on_path / total) if total else 0,
        left_out=_left_out(sizes, shown),
        chunk=_chunk(result, shown),
    )


def _chunk(result: WayResult, shown: Sizes) -> int | None:
    if result.way.cost == "chunked_jacobi":
        return shown.chunk
    return chunk_length(shown.steps) if result.way.name == "chunks" else None


def _shown(name: str, sizes: Sizes) -> Sizes:
    steps = min(sizes.steps, MOST_STEPS)
    rounds = MOST_ROUNDS if name in SOLVERS else MOST_PLAIN
    chunk = sizes.chunk if steps == sizes.steps else min(sizes.chunk, chunk_length(steps))
    iterations = min(sizes.iterations, rounds, steps)
    return replace(sizes, steps=steps, iterations=iterations, chunk=chunk)


def _left_out(sizes: Sizes, shown: Sizes) -> str:
    parts = []
    if shown.steps < sizes.steps:
        parts.append(f"the first {shown.steps} of {sizes.steps} steps")
    if shown.iterations < sizes.iterations:
        parts.append(f"{shown.iterations} of {sizes.iterations} iterations")
    if shown.chunk != sizes.chunk:
        parts.append(f"chunks of {shown.chunk} steps in place of {sizes.chunk}")
    return f"Drawn: {', '.join(parts)}." if parts else ""
