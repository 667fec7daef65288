"""Fit the layout to boxes of known size, for pictures that stand alone.

`layout` gives rows, columns and their order. Here rows are set as close as their tallest boxes
allow, columns as close as the widest neighbours allow, and parameters in blocks on the left, each
laid out as the matrix it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

import networkx as nx

from app.components.graph_view.layout import Place, positions

Box = tuple[float, float]

ROW_GAP = 30.0
COLUMN_GAP = 22.0
ENTRY_GAP = 8.0  # between two entries of one parameter
BLOCK_GAP = 30.0
PARAMETER_DISTANCE = 90.0


def fitted_places(graph: "nx.DiGraph[str]", boxes: Mapping[str, Box]) -> dict[str, Place]:
    """Return a place for the middle of each box, y growing downwards; no two boxes overlap."""
    places = positions(graph)
    rolled = graph.graph["level"] == "rolled"
    shared = [n for n, node in graph.nodes(data=True) if node["kind"] == "parameter" and not rolled]
    timed = {name: place for name, place in places.items() if name not in set(shared)}
    heights = _row_heights(timed, boxes)
    factor = _column_factor(timed, boxes)
    found = {name: (x * factor, heights[y]) for name, (x, y) in timed.items()}
    edge = min(x - boxes[name][0] / 2 for name, (x, _) in found.items()) - PARAMETER_DISTANCE
    bottom = max(y + boxes[name][1] / 2 for name, (_, y) in found.items())
    for block in reversed(_blocks(graph, shared).values()):
        found.update(_matrix(graph, block, boxes, edge, bottom))
        bottom = min(found[name][1] - boxes[name][1] / 2 for name in block) - BLOCK_GAP
    return found if rolled else _lifted(found, shared, timed)


def _lifted(
    found: dict[str, Place], shared: list[str], timed: Mapping[str, Place]
) -> dict[str, Place]:
    """Set the column of parameters in the middle of the height of the rest."""

    def middle(names: Mapping[str, Place] | list[str]) -> float:
        heights = [found[name][1] for name in names]
        return (min(heights) + max(heights)) / 2

    by = middle(timed) - middle(shared)
    return {name: (x, y + by if name not in timed else y) for name, (x, y) in found.items()}


def _row_heights(timed: Mapping[str, Place], boxes: Mapping[str, Box]) -> dict[float, float]:
    tallest: dict[float, float] = defaultdict(float)
    for name, (_, y) in timed.items():
        tallest[y] = max(tallest[y], boxes[name][1])
    rows = sorted(tallest)
    heights = {rows[0]: 0.0}
    for above, below in pairwise(rows):
        heights[below] = heights[above] + (tallest[above] + tallest[below]) / 2 + ROW_GAP
    return heights


def _column_factor(timed: Mapping[str, Place], boxes: Mapping[str, Box]) -> float:
    rows: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for name, (x, y) in timed.items():
        rows[y].append((x, boxes[name][0]))
    factor = 0.0
    for row in rows.values():
        row.sort()
        for (left, wide), (right, wider) in pairwise(row):
            needed = (wide + wider) / 2 + COLUMN_GAP
            factor = max(factor, needed / (right - left))
    return factor or 1.0


def _blocks(graph: "nx.DiGraph[str]", shared: list[str]) -> dict[str, list[str]]:
    """Group the entries of each parameter, the last one of the computation on top."""
    blocks: dict[str, list[str]] = {name: [] for name in graph.graph["shown"].trace.params.names}
    for name in shared:
        blocks[graph.nodes[name]["parameter"]].append(name)
    return {stem: names for stem, names in reversed(blocks.items()) if names}


def _matrix(
    graph: "nx.DiGraph[str]",
    block: list[str],
    boxes: Mapping[str, Box],
    edge: float,
    bottom: float,
) -> dict[str, Place]:
    """Place the entries of a parameter as a matrix whose last row ends at `bottom`."""
    index = {name: graph.nodes[name]["index"] or (1, 1) for name in block}
    width = max(boxes[name][0] for name in block)
    height = max(boxes[name][1] for name in block)
    rows = max(place[0] for place in index.values())
    columns = max(place[1] if len(place) > 1 else 1 for place in index.values())
    return {
        name: (
            edge
            - width / 2
            - (columns - (place[1] if len(place) > 1 else 1)) * (width + ENTRY_GAP),
            bottom - height / 2 - (rows - place[0]) * (height + ENTRY_GAP),
        )
        for name, place in index.items()
    }
