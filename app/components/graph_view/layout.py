"""Where each node is drawn: time from left to right, layers from the bottom up, always the same."""

import re
from collections import defaultdict
from typing import Any

import networkx as nx

from app.components.graph_view.depth import by_depth
from app.components.graph_view.spacing import BESIDE, COLUMN, ROW
from rnn_core.cells import ELMAN

Place = tuple[float, float]

# Rows from the bottom; recurrent products have a row of their own, on the way from state to sum.
ROWS = {"x": 0, "W_xh": 1, "W_hh": 2, "z": 3, "h": 4, "W_hy": 5, "a": 6, "p": 7, "y": 7, "l": 8}
TOP = 9  # the loss
PARAMETER_ROWS = {"W_xh": 1, "W_hh": 2, "b_h": 3, "W_hy": 5, "b_y": 6}
ORDER_IN_ROW = {"p": -1, "y": 1}  # share a row: the prediction left, the target right
BETWEEN_STEPS = 0.45  # of a column: how far a recurrent product stands towards the step before

ROLLED = {
    "x": (0, 0), "h": (0, 2), "a": (0, 4), "p": (-1, 5), "y": (1, 5), "L": (0, 6),
    "W_xh": (-1, 1), "b_h": (1, 1), "W_hh": (-1, 2), "W_hy": (-1, 3), "b_y": (1, 3),
}  # fmt: skip


def positions(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the place of each node in pixels, y growing downwards as on a screen.

    The same graph always gives the same places, and a longer sequence only adds to the right.
    """
    if graph.graph["shown"].trace.cell is not ELMAN:
        return by_depth(graph)
    if graph.graph["level"] == "rolled":
        return {name: (x * BESIDE, -y * ROW) for name, (x, y) in ROLLED.items() if name in graph}
    rows = _rows(graph)
    width = max((len(names) for (t, _), names in rows.items() if t is not None), default=1)
    column = max(COLUMN, (width + 0.4) * BESIDE)
    first, last = graph.graph["steps"]
    placed: dict[str, Place] = {}
    for (t, row), names in rows.items():
        middle = (first - 2) * column - (len(names) - 1) * BESIDE / 2 if t is None else t * column
        if names[0].startswith("W_hh ") and t is not None:
            middle -= BETWEEN_STEPS * column
        for k, name in enumerate(names):
            placed[name] = (middle + (k - (len(names) - 1) / 2) * BESIDE, -row * ROW)
    if "rest" in graph:
        placed["rest"] = ((last + 1) * column, -TOP * ROW)
    if "L" in graph:
        readouts = [placed[name][0] for name in graph.predecessors("L") if name != "rest"]
        middle = sum(readouts) / len(readouts) if readouts else (last + 1) * column
        placed["L"] = (middle, -TOP * ROW)
    return placed


def _rows(graph: "nx.DiGraph[str]") -> dict[tuple[int | None, float], list[str]]:
    """Group the nodes by step and row, in the order of their units."""
    rows: dict[tuple[int | None, float], list[str]] = defaultdict(list)
    for name, node in graph.nodes(data=True):
        if name not in ("L", "rest"):
            rows[node["t"], _row(name, node)].append(name)
    for names in rows.values():
        names.sort(key=lambda name: ORDER_IN_ROW.get(_stem(name), 0))  # stable: units keep order
    return rows


def _row(name: str, node: dict[str, Any]) -> float:
    stem = _stem(name)
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


def _stem(name: str) -> str:
    return re.split(r"[\[ ]", name, maxsplit=1)[0]
