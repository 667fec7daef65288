"""Places for a cell of any kind: a row for each layer of the computation, gates side by side.

Terms of states of the step before have a row of their own, to the side, between what stands
below, so that no line from there runs through them.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import networkx as nx

from app.figures.spacing import BESIDE, COLUMN, ROW
from rnn_core.cells.cell import INPUT

Place = tuple[float, float]
OF_INPUT, OF_STATE = 1, 2  # rows of the products with x_t and with h_{t-1}
PARAMETERS_WIDE = 4  # side by side in a rolled network


def by_depth(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the place of each node in pixels, y growing downwards as on a screen."""
    level = graph.graph["level"]
    if level == "rolled":
        return _rolled(graph)
    rows: dict[tuple[int | None, float], list[str]] = defaultdict(list)
    for name, node in graph.nodes(data=True):
        if not is_of_all(node):
            users = [graph.nodes[sink] for sink in graph[name] if not is_of_all(graph.nodes[sink])]
            shared = node["kind"] == "parameter" and users
            rows[node["t"], min(map(_row, users)) if shared else _spread(node)].append(name)
    first, _ = graph.graph["steps"]
    width = max((len(names) for (t, _), names in rows.items() if t is not None), default=1)
    column = max(COLUMN, (width + 1) * BESIDE)
    placed: dict[str, Place] = {}
    for (t, row), names in rows.items():
        if t is None:
            middle = (first - 1) * column - (len(names) + 1) * BESIDE / 2
        else:
            middle = t * column
            if level == "operation" and row == OF_STATE:
                below = len(rows.get((t, float(OF_INPUT)), names))
                middle += -BESIDE if (len(names) - below) % 2 else BESIDE / 2
        for place, name in enumerate(names):
            placed[name] = (middle + (place - (len(names) - 1) / 2) * BESIDE, -row * ROW)
    return placed | of_all(graph, placed, column, max(row for _, row in rows) + 1)


def of_all(
    graph: "nx.DiGraph[str]", placed: Mapping[str, Place], column: float, row: float
) -> dict[str, Place]:
    """Return the places of what stands beside all steps: L over what it sums, the rest after it."""
    last = graph.graph["steps"][1]
    found: dict[str, Place] = {}
    for name in filter(lambda each: is_of_all(graph.nodes[each]), graph):
        terms = [placed[term][0] for term in graph.predecessors(name) if term in placed]
        middle = (last + 1 + len(found)) * column
        if graph.nodes[name]["kind"] != "rest" and terms:
            middle = sum(terms) / len(terms)
        found[name] = (middle, -row * ROW)
    return found


def is_of_all(node: Mapping[str, Any]) -> bool:
    """Whether a node stands beside all steps: the loss L, and what is not shown."""
    return bool(node["kind"] == "rest" or node["quantity"] == "L")


def _row(node: Mapping[str, Any]) -> float:
    """Return the row of a node's layer, from the bottom."""
    layer = node["layer"]
    below = layer < OF_INPUT or (layer == OF_INPUT and _reads_input(node))
    return float(layer if below else layer + 1)


def _spread(node: Mapping[str, Any]) -> float:
    """Return the row of a node: products of numbers have one for each unit, the first on top."""
    row, index = _row(node), node["index"]
    if node["kind"] != "product" or index is None or len(index) < 2:
        return row
    room, base = (2.0, float(OF_INPUT)) if row <= OF_STATE else (1.0, row)
    return base + room / (int(index[0]) + 1)


def _reads_input(node: Mapping[str, Any]) -> bool:
    return node["reads"] is not None and bool(node["reads"][0] == INPUT)


def _rolled(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return places for one step that stands for all: parameters to the left."""
    order = [name for name in graph if graph.nodes[name]["kind"] != "parameter"]
    placed = {name: (0.0, -1.4 * place * ROW) for place, name in enumerate(order)}
    heights = {graph.nodes[name]["kind"]: y for name, (_, y) in placed.items()}
    for name in order:
        if graph.nodes[name]["kind"] == "target":
            placed[name] = (BESIDE, heights["probability"])
    own = [name for name in graph if graph.nodes[name]["kind"] == "parameter"]
    lines = -(-len(own) // PARAMETERS_WIDE)
    middle = (len(order) - 1) * 1.4 / 2
    for place, name in enumerate(own):
        row, across = divmod(place, PARAMETERS_WIDE)
        placed[name] = (
            (across - PARAMETERS_WIDE - 0.6) * BESIDE,
            -(middle + (lines - 1) / 2 - row) * ROW,
        )
    return placed
