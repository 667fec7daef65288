"""Where the gradient is cut, and what is lost by it."""

from collections.abc import Sequence

import networkx as nx
import numpy as np

from app.figures import palette, plain
from app.figures.axes import INTEGERS, chosen_at, layout
from app.figures.types import Chart, Dict, Floats, view
from app.figures.words import plural, short
from rnn_core import PARAMETER_NAMES, Cut
from rnn_core.truncation import WHOLE

MOST_STEPS = 16
READING = "Below, the states run to the right; above, the gradient runs back to the left."

Point = tuple[float, float]
Edge = tuple[Point, Point]


def flow(graph: "nx.DiGraph[str]", steps: int, sentence: str) -> Chart:
    """Return the forward chain below and the gradient's way back above it, with the cuts."""
    first = max(0, steps - MOST_STEPS)
    shown = graph.subgraph([node for node, t in graph.nodes(data="t") if t >= first])
    left_out = f"The last {MOST_STEPS} of {steps} steps are drawn." if first else ""
    figure = {
        "data": _traces(shown, first, steps),
        "layout": layout(
            280,
            showlegend=True,
            xaxis={
                "title": {"text": "step t", "standoff": 6},
                "range": [first - 0.6, steps + 0.6],
                "dtick": 1,
                "tick0": 0,
                **INTEGERS,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis={
                "range": [-0.55, 2.5],
                "tickvals": [0, 1, 2],
                "ticktext": ["h<sub>t</sub>", "∂L/∂h<sub>t</sub>", "L"],
                "showgrid": False,
                "zeroline": False,
            },
        ),
    }
    return {
        "id": "wl_flow",
        "title": "The way of the gradient, with the cut edges",
        "phase": "",
        "views": [view("", figure, sentence, READING, left_out)],
        "tables": [],
    }


def _traces(graph: "nx.DiGraph[str]", first: int, steps: int) -> list[Dict]:
    forward = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(first, steps + 1)),
        "y": [0] * (steps - first + 1),
        "name": "state",
        "line": {"width": 2},
        "marker": {"size": 9},
        "meta": {"series": palette.STATE},
        "hovertemplate": "h<sub>%{x}</sub><extra></extra>",
    }
    whole: list[Edge] = []
    cut: list[Edge] = []
    idle: list[Edge] = []
    for start, end, is_cut in graph.edges(data="cut"):
        kind = cut if is_cut else whole if graph.nodes[start]["reached"] else idle
        kind.append((_place(graph, start), _place(graph, end)))
    data = [
        forward,
        _lines(whole, "gradient", palette.GRADIENT, "solid", 3),
        _lines(idle, "no gradient", palette.REFERENCE, "solid", 1),
        _lines(cut, "cut", 1, "dash", 3),
    ]
    if cut:
        data.append(_labels(cut))
    for reached, name, symbol in (
        (True, "reached", "circle"),
        (False, "not reached", "circle-open"),
    ):
        nodes = [node for node, yes in graph.nodes(data="reached") if yes is reached]
        if nodes:
            data.append(_dots(graph, nodes, name, symbol))
    return data


def _place(graph: "nx.DiGraph[str]", node: str) -> Point:
    return (graph.nodes[node]["t"], 2.0 if node.startswith("L") else 1.0)


def _lines(
    edges: Sequence[Edge],
    name: str,
    role: int,
    dash: str,
    width: float,
) -> Dict:
    across: list[float | None] = []
    up: list[float | None] = []
    for (x0, y0), (x1, y1) in edges:
        across += [x0, x1, None]
        up += [y0, y1, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": up,
        "name": name,
        "line": {"width": width, "dash": dash},
        "meta": {"series": role},
        "hoverinfo": "skip",
        "showlegend": bool(edges),
    }


def _labels(cut: Sequence[Edge]) -> Dict:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [(start[0] + end[0]) / 2 for start, end in cut],
        "y": [start[1] - 0.28 for start, _ in cut],
        "text": ["cut"] * len(cut),
        "meta": {"series": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _dots(graph: "nx.DiGraph[str]", nodes: Sequence[str], name: str, symbol: str) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [_place(graph, node)[0] for node in nodes],
        "y": [_place(graph, node)[1] for node in nodes],
        "name": name,
        "text": nodes,
        "marker": {"size": 11, "symbol": symbol},
        "meta": {"series": palette.GRADIENT if symbol == "circle" else palette.REFERENCE},
        "hovertemplate": f"%{{text}}: {name}<extra></extra>",
    }


def loss(cuts: Sequence[Cut], chosen: Cut) -> Chart:
    """Return cosine and ratio of norms of each parameter's gradient over the cut length."""
    names = [*PARAMETER_NAMES[:3], WHOLE]
    lengths = [cut.length for cut in cuts]
    views, made = [], []
    for title, key, unit in (
        ("Cosine", "cosine", "cosine to the full gradient"),
        ("Ratio of norms", "ratio", "‖cut‖ / ‖full‖"),
    ):
        rows = np.array([[getattr(cut, key)[name] for name in names] for cut in cuts])
        figure = plain.figure(lengths, rows, names, "steps between cuts", unit)
        figure["data"][-1]["meta"]["series"] = palette.WHOLE
        figure["layout"]["shapes"] = [chosen_at(chosen.length)]
        figure["layout"]["xaxis"] |= _length_axis(lengths)
        views.append(view(title, figure, _said(chosen, key, title, names), _gap(rows)))
        made.append(plain.table("length", [str(n) for n in lengths], rows, names))
    return {
        "id": "wl_lost",
        "title": "What the cut gradient is worth",
        "phase": "",
        "views": views,
        "tables": made,
    }


def _length_axis(lengths: Sequence[int]) -> Dict:
    if lengths[-1] <= 24:
        return {"tick0": 1, "dtick": 1, "range": [0.5, lengths[-1] + 0.5]}
    ticks = [n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if n <= lengths[-1]]
    return {
        "type": "log",
        "tickvals": ticks,
        "ticktext": [str(n) for n in ticks],
        "range": [-0.08, float(np.log10(lengths[-1])) + 0.05],
    }


def _said(cut: Cut, key: str, title: str, names: Sequence[str]) -> str:
    numbers = getattr(cut, key)
    parts = ", ".join(
        f"{'all together' if name == WHOLE else name} {_number(numbers[name])}" for name in names
    )
    what = "the direction" if key == "cosine" else "the length"
    return f"Cut every {plural(cut.length, 'step')}, {title.lower()} ({what}): {parts}."


def _number(value: float) -> str:
    return "undefined" if np.isnan(value) else short(value, 3)


def _gap(rows: Floats) -> str:
    return (
        "Where a gradient is zero or not finite there is no cosine or ratio."
        if np.isnan(rows).any()
        else ""
    )
