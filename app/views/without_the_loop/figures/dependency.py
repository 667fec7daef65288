"""Dependency graphs: what waits for what, with the longest chain drawn thick."""

from collections.abc import Sequence
from math import ceil

import networkx as nx

from app.figures.axes import INTEGERS, layout
from app.figures.types import Chart, Dict, view
from app.figures.words import counted, plotly_symbol
from rnn_core import Cost, critical_path

KINDS = {
    "input": ("input u_t", "square", 6),
    "state": ("state h_t", "circle", 0),
    "power": ("matrix power", "diamond", 3),
    "linearise": ("tangent", "hexagon2", 4),
    "combine": ("combine", "triangle-right", 2),
    "solve": ("solve", "x", 1),
}
QUIET = 6
ROW = 17  # pixels of a step
LETTERS = 14  # pixels that its number takes
LEAST = 5  # pixels across, of a node


def chart(
    key: str,
    title: str,
    graph: "nx.DiGraph[str]",
    sentence: str,
    *notes: str,
    stages: int | None = None,
    chunk: int | None = None,
    top: float = 1,
    room: int | None = None,
) -> Chart:
    """Return the drawing of one graph; `stages` and `top` give several drawings one scale.

    With `chunk` a dashed line parts every so many steps. With `room` all rows share so many pixels.
    """
    return {
        "id": f"dependency_{key}",
        "title": title,
        "phase": "",
        "views": [view("", figure(graph, stages, chunk, top, room), sentence, *notes)],
        "tables": [],
    }


def sentence(cost: Cost, waiting: int) -> str:
    """Say work and depth, and how much of what is drawn is on the longest chain, in percent."""
    return (
        f"Work {counted(cost.work)} multiply-adds, depth {counted(cost.depth)}; "
        f"the longest chain carries {waiting} % of the work drawn."
    )


def extent(graph: "nx.DiGraph[str]") -> int:
    """Return the last stage of a graph."""
    return int(max(nx.get_node_attributes(graph, "stage").values()))


def top_row(graph: "nx.DiGraph[str]") -> float:
    """Return where the topmost node stands: step 1, or above it where there are powers."""
    return min(row for _, row in _places(graph).values())


def figure(
    graph: "nx.DiGraph[str]",
    stages: int | None = None,
    chunk: int | None = None,
    top: float = 1,
    room: int | None = None,
) -> Dict:
    """Return the nodes by stage (across) and step (down), with all edges and the longest chain."""
    places = _places(graph)
    path = critical_path(graph)
    rows = [top, *(row for _, row in places.values())]
    count = int(max(rows) - min(rows) + 1)
    each = ROW if room is None else min(ROW, room / count)
    data = [_edges(graph, places), _chain(path, places, each)]
    for kind, (name, symbol, role) in KINDS.items():
        nodes = [node for node in graph if graph.nodes[node]["kind"] == kind]
        if nodes:
            data.append(_nodes(graph, nodes, places, name, symbol, role, each))
    last = max(extent(graph), stages or 0)
    return {
        "data": data,
        "layout": layout(
            max(110 + (room or ROW * count), 90 + 19 * (len(data) - 1)),
            showlegend=True,
            xaxis={
                "title": {"text": "operations one after the other", "standoff": 6},
                "range": [0.4, last + 0.6],
                "showgrid": False,
                "zeroline": False,
                **INTEGERS,
                "nticks": 14,
                **({"tick0": 1, "dtick": 1} if last <= 14 else {}),
            },
            yaxis=_step_axis(graph, rows, each),
            shapes=_bounds(graph, chunk),
        ),
    }


def _bounds(graph: "nx.DiGraph[str]", chunk: int | None) -> list[Dict]:
    """Return a dashed line below the last step of each chunk but the last."""
    steps = max(t for _, t in graph.nodes(data="t"))
    if chunk is None:
        return []
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": t + 0.5,
            "y1": t + 0.5,
            "line": {"width": 1.5, "dash": "dash", "color": "rgba(127,127,127,0.8)"},
        }
        for t in range(chunk, steps, chunk)
    ]


def _places(graph: "nx.DiGraph[str]") -> dict[str, tuple[float, float]]:
    """Return stage and step of each node; powers, which belong to no step, stand above step 1."""
    places: dict[str, tuple[float, float]] = {}
    above: dict[int, int] = {}
    for node, about in graph.nodes.items():
        stage, t = about["stage"], about["t"]
        if t == 0:
            above[stage] = above.get(stage, 0) + 1
            t = 1 - above[stage]
        places[node] = (stage, t)
    return places


def _step_axis(graph: "nx.DiGraph[str]", rows: Sequence[float], each: float) -> Dict:
    last = max(about["t"] for about in graph.nodes.values())
    return {
        "title": {"text": "step t", "standoff": 4},
        "range": [max(rows) + 0.7, min(rows) - 0.7],
        "tickvals": list(range(1, last + 1, ceil(LETTERS / each))),
        "showgrid": False,
        "zeroline": False,
    }


def _edges(graph: "nx.DiGraph[str]", places: dict[str, tuple[float, float]]) -> Dict:
    across: list[float | None] = []
    down: list[float | None] = []
    for start, end in graph.edges:
        for points, axis in ((across, 0), (down, 1)):
            points += [places[start][axis], places[end][axis], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": down,
        "line": {"width": 1},
        "opacity": 0.45,
        "meta": {"series": QUIET},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _chain(path: list[str], places: dict[str, tuple[float, float]], each: float) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [places[node][0] for node in path],
        "y": [places[node][1] for node in path],
        "name": "longest chain",
        "line": {"width": 4 * each / ROW},
        "marker": {"size": 15 * each / ROW, "symbol": "circle-open", "line": {"width": 2.5}},
        "cliponaxis": False,  # rings reach over the edge
        "meta": {"accent": True},
        "hoverinfo": "skip",
    }


def _nodes(
    graph: "nx.DiGraph[str]",
    nodes: list[str],
    places: dict[str, tuple[float, float]],
    name: str,
    symbol: str,
    role: int,
    each: float,
) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [places[node][0] for node in nodes],
        "y": [places[node][1] for node in nodes],
        "name": plotly_symbol(name),
        "text": [f"{node}: work {counted(graph.nodes[node]['work'])}" for node in nodes],
        "marker": {"size": max(LEAST, 8 * each / ROW), "symbol": symbol},
        "meta": {"series": role},
        "hovertemplate": "%{text}<extra></extra>",
    }
