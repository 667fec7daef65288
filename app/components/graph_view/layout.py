"""Where each node is drawn: time from left to right, layers from the bottom up, always the same."""

from collections import defaultdict
from typing import Any

import networkx as nx

from app.components.graph_view.depth import by_depth, is_of_all, of_all
from app.components.graph_view.joined import joined, stem_of
from app.figures.spacing import BESIDE, COLUMN, ROW
from rnn_core.cells import ELMAN

Place = tuple[float, float]

# Rows from the bottom; recurrent products are on the way from state to sum, as high as those of x.
ROWS = {"x": 0, "W_xh": 1, "W_hh": 2, "z": 3, "h": 4, "W_hy": 5, "a": 6, "p": 7, "y": 7, "l": 8}
TOP = 9  # the loss
PARAMETER_ROWS = {"W_xh": 1, "W_hh": 2, "b_h": 3, "W_hy": 5, "b_y": 6}
ORDER_IN_ROW = {"p": -1, "y": 1}  # share a row: the prediction left, the target right
BETWEEN_STEPS = 0.45  # of a column: how far a recurrent product stands towards the step before

ROLLED = {
    "W_xh": (-1, 0), "x": (0, 0), "b_h": (1, 0),
    "W_hh": (-1, 1), "h": (0, 1),
    "W_hy": (-1, 2), "a": (0, 2), "b_y": (1, 2),
    "p": (-1, 3), "L": (0, 3), "y": (1, 3),
}  # fmt: skip


def positions(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the place of each node in pixels, y growing downwards as on a screen.

    The same graph always gives the same places, and a longer sequence only adds to the right.
    """
    rolled = graph.graph["level"] == "rolled"
    if graph.graph["shown"].trace.cell is not ELMAN:
        places = by_depth(graph)
    else:
        places = _rolled(graph) if rolled else _unrolled(graph)
    return places if rolled else joined(graph, places)


def _rolled(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    places = {name: ROLLED[stem_of(node)] for name, node in graph.nodes(data=True)}
    return {name: (x * BESIDE, -y * ROW) for name, (x, y) in places.items()}


def _unrolled(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    rows = _rows(graph)
    width = max((len(names) for (t, _), names in rows.items() if t is not None), default=1)
    column = max(COLUMN, (width + 0.4) * BESIDE)
    first, _ = graph.graph["steps"]
    placed: dict[str, Place] = {}
    for (t, row), names in rows.items():
        middle = (first - 2) * column - (len(names) - 1) * BESIDE / 2 if t is None else t * column
        before = _reads_before(graph.nodes[names[0]])
        if before:
            middle -= BETWEEN_STEPS * column
        height = -ROW * (ROWS["W_xh"] if before else row)
        for k, name in enumerate(names):
            placed[name] = (middle + (k - (len(names) - 1) / 2) * BESIDE, height)
    return placed | of_all(graph, placed, column, TOP)


def _rows(graph: "nx.DiGraph[str]") -> dict[tuple[int | None, float], list[str]]:
    """Group the nodes by step and row, in the order of their units."""
    rows: dict[tuple[int | None, float], list[str]] = defaultdict(list)
    for name, node in graph.nodes(data=True):
        if not is_of_all(node):
            rows[node["t"], _row(node)].append(name)
    for names in rows.values():
        # The sort is stable: units keep their order.
        names.sort(key=lambda name: ORDER_IN_ROW.get(stem_of(graph.nodes[name]), 0))
    return rows


def _row(node: dict[str, Any]) -> float:
    stem = stem_of(node)
    if node["kind"] == "parameter":
        return PARAMETER_ROWS[stem]
    if node["kind"] == "product" and node["index"] is not None:
        return _product_row(stem, node["index"][0])
    return ROWS[stem]


def _product_row(stem: str, unit: int) -> float:
    """Give the products of each unit a row of their own: all that add up to one sum.

    Input and recurrent products of a unit stand side by side, the first unit on top.
    """
    if stem == "W_hy":
        return ROWS["W_hy"] + 1 - unit / (unit + 1)
    return ROWS["W_xh"] + 2 - 2 * unit / (unit + 1)


def _reads_before(node: dict[str, Any]) -> bool:
    """Whether a node is the product with a state of the step before, of vectors."""
    return node["index"] is None and node["reads"] is not None and node["reads"][1] < node["t"]
