"""Fit the layout to boxes of known size, for pictures that stand alone.

`layout` gives rows, columns and their order. Here, as `arrange.js` does on a page, rows are set as
close as their tallest boxes allow and columns as close as the widest neighbours allow; parameters
stand in blocks on the left, each laid out as the matrix it is.
"""

from collections import defaultdict
from collections.abc import Container, Mapping
from itertools import pairwise

import networkx as nx

from app.components.graph_view.joined import aside
from app.components.graph_view.layout import Place, positions
from app.figures.spacing import GAPS, LEAST_SHRINK

Box = tuple[float, float]

ENTRY_GAP = 8.0  # between two entries of one parameter
BLOCK_GAP = 30.0


def fitted_places(graph: "nx.DiGraph[str]", boxes: Mapping[str, Box]) -> dict[str, Place]:
    """Return a place for the middle of each box, y growing downwards; no two boxes overlap."""
    places = positions(graph)
    if graph.graph["level"] == "rolled":
        return _rolled(graph, places, boxes)
    shared = [name for name, node in graph.nodes(data=True) if node["kind"] == "parameter"]
    timed = {name: place for name, place in places.items() if name not in set(shared)}
    beside = aside(graph)
    found = _spread_columns(_spread_rows(graph, timed, boxes), boxes, beside)
    for name, other in beside.items():
        apart = (boxes[name][0] + boxes[other][0]) / 2 + GAPS["column"]
        found[name] = (found[other][0] - apart, found[name][1])
    edge = min(x - boxes[name][0] / 2 for name, (x, _) in found.items()) - GAPS["parameters"]
    bottom = max(y + boxes[name][1] / 2 for name, (_, y) in found.items())
    for block in reversed(_blocks(graph, shared).values()):
        found.update(_matrix(graph, block, boxes, edge, bottom))
        bottom = min(found[name][1] - boxes[name][1] / 2 for name in block) - BLOCK_GAP
    return _lifted(found, shared)


def _rolled(
    graph: "nx.DiGraph[str]", places: Mapping[str, Place], boxes: Mapping[str, Box]
) -> dict[str, Place]:
    """Return places of the rolled network, with what stands in no row of the rest in its middle."""
    rows = {places[name][1] for name, node in graph.nodes(data=True) if node["kind"] != "parameter"}
    beside = {name: place for name, place in places.items() if place[1] in rows}
    block = {name: place for name, place in places.items() if place[1] not in rows}
    found = _spread_rows(graph, beside, boxes)
    if block:
        found = _lifted(found | _spread_rows(graph, block, boxes), list(block))
    return _spread_columns(found, boxes)


def _lifted(found: dict[str, Place], block: list[str]) -> dict[str, Place]:
    """Set the block in the middle of the height of the rest."""

    def middle(names: list[str]) -> float:
        heights = [found[name][1] for name in names]
        return (min(heights) + max(heights)) / 2

    by = middle([name for name in found if name not in set(block)]) - middle(block)
    return found | {name: (found[name][0], found[name][1] + by) for name in block}


def _spread_rows(
    graph: "nx.DiGraph[str]", places: Mapping[str, Place], boxes: Mapping[str, Box]
) -> dict[str, Place]:
    rows: dict[float, list[str]] = defaultdict(list)
    for name, (_, y) in places.items():
        rows[y].append(name)
    tallest = {y: max(boxes[name][1] for name in names) for y, names in rows.items()}
    products = {y: all(graph.nodes[name]["op"] == "mul" for name in rows[y]) for y in rows}
    now = {min(rows): 0.0}
    for above, below in pairwise(sorted(rows)):
        gap = GAPS["product" if products[above] and products[below] else "row"]
        now[below] = now[above] + (tallest[above] + tallest[below]) / 2 + gap
    return {name: (x, now[y]) for name, (x, y) in places.items()}


def _spread_columns(
    places: Mapping[str, Place], boxes: Mapping[str, Box], beside: Container[str] = ()
) -> dict[str, Place]:
    """Stretch the time axis so that the tightest neighbours have room; `beside` takes none."""
    rows: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for name, (x, y) in places.items():
        if name not in beside:
            rows[y].append((x, boxes[name][0]))
    factor = 0.0
    for row in rows.values():
        row.sort()
        for (left, wide), (right, wider) in pairwise(row):
            needed = (wide + wider) / 2 + GAPS["column"]
            factor = max(factor, needed / (right - left))
    factor = max(LEAST_SHRINK, factor) if factor else 1.0
    return {name: (x * factor, y) for name, (x, y) in places.items()}


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
