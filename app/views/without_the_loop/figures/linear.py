"""The linear network: how far off it is, and how it is solved without a loop."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.figures import axes, plain, tables
from app.figures.notation import has_rows, sided, turned_to_rows
from app.figures.palette import STATE
from app.figures.types import Chart, Dict, Floats, Steps, drawable, typed_array, view
from app.figures.words import not_finite, plural, short
from rnn_core import ScanTree

MOST_STEPS = 16
SOLVED = 320  # pixels, the least of what stands side by side
QUIET = 6
COMBINED = 2  # as in the dependency graphs


def states(true: Floats, linear: Floats, unit: int, sentence: str) -> Chart:
    """Return one unit of the network and of its linearisation over t; both (T + 1, H)."""
    steps = Steps(len(true) - 1)
    rows = np.stack([true[:, unit], linear[:, unit]], axis=1)
    figure = axes.lines(rows, 0, steps, ["network", "linear"], f"h, unit {unit + 1}", 280)
    return {
        "id": "wl_tangent",
        "title": "The network and its linearisation",
        "phase": "f",
        "views": [view("", figure, sentence, not_finite("A state", rows, 0))],
        "tables": [tables.over_time(rows, 0, steps, ["network", "linear"])],
    }


def error(scales: Sequence[float], rows: Floats, names: Sequence[str], sentence: str) -> Chart:
    """Return the largest error over the scale, one line for each tangent, on two log axes."""
    figure = plain.log_figure(scales, rows, names, "scale s", "largest |h − linear h|")
    plain.log_across(figure, scales, (0.01, 0.1, 1, 10))
    missing = "Where a tangent is missing or a state is not finite there is no point."
    zero = "A triangle on the lower edge is an exact 0."
    return {
        "id": "wl_error",
        "title": "Error of the linearisation over the size of what goes in",
        "phase": "",
        "views": [
            view(
                "",
                figure,
                sentence,
                missing if np.isnan(rows).any() else "",
                zero if (rows == 0).any() else "",
            )
        ],
        "tables": [plain.table("s", [short(scale) for scale in scales], rows, names)],
    }


def powers(norms: Floats, radius: float) -> Chart:
    """Return ‖A^k‖ over k: what is left of an input k steps later."""
    places = list(range(len(norms)))
    rows = norms[:, np.newaxis]
    figure = plain.log_figure(places, rows, ["‖Aᵏ‖"], "k, steps later", "‖Aᵏ‖", 220)
    figure["layout"]["xaxis"] |= {"range": [-0.5, len(norms) - 0.5], **axes.INTEGERS} | (
        {"tick0": 0, "dtick": 1} if len(norms) <= 20 else {}
    )
    last = short(float(norms[-1]))
    text = (
        f"h_t = Σ {sided('Aᵏ b', 'b Aᵏ')} with k from 0 to t − 1: an input counts for ‖Aᵏ‖ "
        f"after k steps, {last} after {len(norms) - 1}. The spectral radius of A = W_hh is "
        f"{short(radius)}."
    )
    return {
        "id": "wl_powers",
        "title": "Powers of A",
        "phase": "",
        "views": [view("", figure, text, not_finite("‖Aᵏ‖", rows, 0).replace("t =", "k ="))],
        "tables": [plain.table("k", [str(k) for k in places], rows, ["‖Aᵏ‖"])],
    }


def toeplitz(matrix: Floats, steps: int, hidden: int, left_out: str = "") -> Chart:
    """Return the matrix from all inputs to all states, block by block."""
    matrix = turned_to_rows(matrix)
    titles = [{"text": "b of step s"}, {"text": "h of step t"}]
    across, down = reversed(titles) if has_rows() else titles
    largest = float(np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0)) or 1.0
    size = len(matrix)
    ticks = [hidden * t + (hidden - 1) / 2 for t in range(steps)]
    labels = [str(t + 1) for t in range(steps)]
    axis: Dict = {
        "tickvals": ticks,
        "ticktext": labels,
        "showgrid": False,
        "zeroline": False,
    }
    lines = [
        {
            "type": "line",
            "x0": -0.5 if across else hidden * t - 0.5,
            "x1": size - 0.5 if across else hidden * t - 0.5,
            "y0": hidden * t - 0.5 if across else -0.5,
            "y1": hidden * t - 0.5 if across else size - 0.5,
            "line": {"width": 1, "color": "rgba(127,127,127,0.35)"},
        }
        for t in range(1, steps)
        for across in (True, False)
    ]
    figure: Dict = {
        "data": [
            {
                "type": "heatmap",
                "z": typed_array(drawable(matrix)),
                "zmin": -largest,
                "zmax": largest,
                "meta": {"scale": "diverging"},
                "hovertemplate": "row %{y}, column %{x}: "
                f"%{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
                "colorbar": axes.colour_bar(),
            }
        ],
        "layout": axes.layout(
            SOLVED,
            xaxis=axis | {"title": across, "range": [-0.5, size - 0.5]},
            yaxis=axis | {"title": down, "range": [size - 0.5, -0.5]},
            shapes=lines,
        ),
    }  # fmt: skip
    text = (
        f"Block {sided('(t, s)', '(s, t)')} is Aᵗ⁻ˢ, the same along each diagonal, and 0 "
        f"{sided('above', 'below')} it: {size} × {size} "
        f"numbers for {plural(steps, 'step')} of {plural(hidden, 'unit')}."
    )
    return {
        "id": "wl_toeplitz",
        "title": "Block-Toeplitz: all states by one product",
        "phase": "",
        "views": [view("", figure, text, left_out)],
        "tables": [],
    }


def scan(trees: dict[str, ScanTree], titles: dict[str, str]) -> Chart:
    """Return the combinations of each scan, level below level, as far as they fit."""
    views = []
    for kind, tree in trees.items():
        text = (
            f"{plural(tree.steps, 'step')}: {plural(tree.depth, 'level')}, "
            f"{plural(tree.combinations, 'combination')}; the loop has {tree.steps} in a row."
        )
        left_out = ""
        if tree.steps > MOST_STEPS:
            left_out = f"The first {MOST_STEPS} of {tree.steps} steps are drawn."
        views.append(view(titles[kind], _tree(tree), text, left_out))
    return {
        "id": "wl_scan",
        "title": "Prefix scan: who combines with whom",
        "phase": "",
        "views": views,
        "tables": [],
    }


def _tree(tree: ScanTree) -> Dict:
    shown = min(tree.steps, MOST_STEPS)
    carried: list[list[float | None]] = [[], []]
    combined: list[list[float | None]] = [[], []]
    dots: list[list[float]] = [[], []]
    for number, level in enumerate(tree.levels):
        pairs = [pair for pair in level.pairs if max(pair) <= shown]
        for source, target in pairs:
            _edge(combined, (source, number), (target, number + 1))
            dots[0].append(target)
            dots[1].append(number + 1)
    for t in range(1, shown + 1):
        _edge(carried, (t, 0), (t, tree.depth))
    steps = list(range(1, shown + 1))
    data: list[dict[str, Any]] = [
        _lines(carried, {"series": QUIET}, 1, "unchanged"),
        _lines(combined, {"series": COMBINED}, 2, "taken in"),
        _points(steps, [0] * shown, {"series": QUIET}, "square", "(A, b_t)"),
        _points(dots[0], dots[1], {"series": COMBINED}, "circle", "combined"),
        _points(steps, [tree.depth] * shown, {"series": STATE}, "diamond", "h_t"),
    ]
    return {
        "data": data,
        "layout": axes.layout(
            max(SOLVED, 120 + 34 * tree.depth),
            showlegend=True,
            xaxis={
                "title": {"text": "step t", "standoff": 6},
                "range": [0.4, shown + 0.6],
                "dtick": 1,
                "tick0": 1,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis={
                "title": {"text": "level", "standoff": 4},
                "range": [tree.depth + 0.4, -0.4],
                "dtick": 1,
                "tick0": 0,
                "showgrid": False,
                "zeroline": False,
            },
        ),
    }


def _edge(
    lists: list[list[float | None]], start: tuple[float, float], end: tuple[float, float]
) -> None:
    for axis in (0, 1):
        lists[axis] += [start[axis], end[axis], None]


def _lines(places: list[list[float | None]], meta: Dict, width: float, name: str) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": places[0],
        "y": places[1],
        "name": name,
        "line": {"width": width},
        "meta": meta,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _points(
    across: Sequence[float], down: Sequence[float], meta: Dict, symbol: str, name: str
) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(across),
        "y": list(down),
        "name": name.replace("b_t", "b<sub>t</sub>").replace("h_t", "h<sub>t</sub>"),
        "marker": {"size": 9, "symbol": symbol},
        "meta": meta,
        "hovertemplate": "t = %{x}, level %{y}<extra></extra>",
    }
