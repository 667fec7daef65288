"""Places for a cell of any kind: a row for each depth of the computation, gates side by side.

A node stands one row above the highest of what it is computed from in its own step. Terms of states
of the step before have a row of their own, half a place to the side, so that no line from below
runs through them.
"""

from collections import defaultdict

import networkx as nx

from app.components.graph_view.spacing import BESIDE, COLUMN, ROW

Place = tuple[float, float]
OF_INPUT, OF_STATE = 1, 2  # rows of the products with x_t and with h_{t-1}
PARAMETERS_WIDE = 4  # side by side in a rolled network
ALONE = ("L", "rest", "rest of L")


def by_depth(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the place of each node in pixels, y growing downwards as on a screen."""
    level = graph.graph["level"]
    if level == "rolled":
        return _rolled(graph)
    depths = _depths(graph)
    if level == "scalar":
        _spread_products(graph, depths)
    rows: dict[tuple[int | None, float], list[str]] = defaultdict(list)
    for name in graph:
        if name not in ALONE:
            rows[graph.nodes[name]["t"], depths[name]].append(name)
    first, last = graph.graph["steps"]
    width = max((len(names) for (t, _), names in rows.items() if t is not None), default=1)
    column = max(COLUMN, (width + 1) * BESIDE)
    placed: dict[str, Place] = {}
    for (t, row), names in rows.items():
        if t is None:
            middle = (first - 1) * column - (len(names) + 1) * BESIDE / 2
        else:
            aside = BESIDE / 2 if level == "operation" and row == OF_STATE else 0.0
            middle = t * column + aside
        for place, name in enumerate(names):
            placed[name] = (middle + (place - (len(names) - 1) / 2) * BESIDE, -row * ROW)
    top = max(depths.values()) + 1
    if "L" in graph:
        readouts = [placed[name][0] for name in graph.predecessors("L") if name in placed]
        middle = sum(readouts) / len(readouts) if readouts else (last + 1) * column
        placed["L"] = (middle, -top * ROW)
    for number, name in enumerate(ALONE[1:], start=1):
        if name in graph:
            placed[name] = ((last + number) * column, -top * ROW)
    return placed


def _depths(graph: "nx.DiGraph[str]") -> dict[str, float]:
    """Return the row of each node, from the bottom."""
    depths: dict[str, float] = {}
    later: dict[str, float] = {}  # of a quantity, in the steps that compute it
    outside: list[str] = []
    for name in graph:
        node = graph.nodes[name]
        if name in ALONE or node["kind"] == "parameter" or _is_given_state(graph, name):
            outside.append(name)
            continue
        below = [
            depths[source]
            for source in graph.pred[name]
            if source in depths and graph.nodes[source]["t"] == node["t"]
        ]
        if node["kind"] == "target":
            depths[name] = max((depths[p] for p in _beside(graph, node["t"])), default=0.0)
        elif below:
            depths[name] = max(below) + 1
        else:
            depths[name] = 0.0 if node["kind"] == "input" else float(OF_STATE)
        later[node["quantity"] or name] = depths[name]
    for name in outside:
        node = graph.nodes[name]
        if node["kind"] == "parameter":
            users = [depths[sink] for sink in graph[name] if sink in depths]
            depths[name] = min(users, default=0.0)
        elif name not in ALONE:
            depths[name] = later.get(node["quantity"], 0.0)
    return depths


def _beside(graph: "nx.DiGraph[str]", t: int) -> list[str]:
    """Return the predictions of a step, beside which its targets stand."""
    return [
        name
        for name, node in graph.nodes(data=True)
        if node["kind"] == "probability" and node["t"] == t
    ]


def _is_given_state(graph: "nx.DiGraph[str]", name: str) -> bool:
    return graph.nodes[name]["kind"] == "state" and graph.nodes[name]["op"] is None


def _spread_products(graph: "nx.DiGraph[str]", depths: dict[str, float]) -> None:
    """Give the products of each unit a row of their own, the first unit on top."""
    for name, node in graph.nodes(data=True):
        if node["kind"] != "product" or node["index"] is None or len(node["index"]) < 2:
            continue
        unit = node["index"][0]
        room = 2.0 if depths[name] <= OF_STATE else 1.0
        base = OF_INPUT if depths[name] <= OF_STATE else depths[name]
        depths[name] = base + room * (1 - unit / (unit + 1))


def _rolled(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return places for one step that stands for all: parameters to the left."""
    order = [name for name in graph if graph.nodes[name]["kind"] != "parameter"]
    rows = {name: 1.4 * place for place, name in enumerate(order)}
    placed = {name: (0.0, -row * ROW) for name, row in rows.items()}
    for beside, name in ((1, "y"),):
        if name in placed and "p" in placed:
            placed[name] = (beside * BESIDE, placed["p"][1])
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
