"""State space: the field of the recurrence, the path through it, and its fixed points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.figures import axes, tables
from app.figures.run import states
from app.figures.types import Chart, Dict, Floats, Table, drawable, typed_array, view
from app.figures.words import listed, not_finite, plural
from app.views.gradient_flow.figures import field
from rnn_core import FixedPoint, FixedPoints

KINDS = {
    "stable": ("circle", 2),
    "saddle": ("x", 3),
    "unstable": ("circle-open", 1),
    "marginal": ("square-open", 4),
    "slow": ("star", 5),
}
"""Marker and role of each kind: they differ in shape as well as in colour."""

PANEL = 368  # pixels, the height of the drawing
LEGEND_ROW = 19
FARTHEST = 6.0
"""Fixed points farther out than so many times the path's reach are not drawn."""

Pair = tuple[int, int]
Range = tuple[list[float], list[float]]


@dataclass(frozen=True, eq=False)
class Panel:
    """Two coordinates of states: those of the path (T + 1, 2) and of the points (N, 2)."""

    names: tuple[str, str]
    path: Floats
    points: Floats
    ranges: Range
    field: tuple[Floats, Floats] | None = None  # places and steps (N, 2)
    curve: tuple[Floats, Floats] | None = None  # of the map of one unit: h and F(h)


def points_of(found: FixedPoints) -> list[tuple[str, FixedPoint]]:
    """Return all points with what each is drawn as."""
    return [(point.kind, point) for point in found.fixed] + [("slow", p) for p in found.slow]


def coordinates(found: FixedPoints, hidden: int) -> Floats:
    """Return the states of all points, (N, H)."""
    return np.array([point.h for _, point in points_of(found)]).reshape(-1, hidden)


@np.errstate(all="ignore")
def ranges(path: Floats, points: Floats) -> Range:
    """Return ranges of one length that hold the path and the points that are not far away."""
    finite = path[np.isfinite(path).all(axis=1)]
    reach = FARTHEST * max(1.0, float(np.abs(finite).max(initial=0.0)))
    near = points[(np.abs(points) <= reach).all(axis=1)]
    shown = np.concatenate([finite, near])
    return states.square(shown[:, 0], shown[:, 1])


def chart(panels: Sequence[Panel], found: FixedPoints, h: Floats, text: str, *notes: str) -> Chart:
    """Return the path, the field and the points in one panel or more, side by side."""
    data: list[Dict] = []
    foot = 58 + LEGEND_ROW * -(-len(_traces(panels[0], found)) // (1 + len(panels)))
    layout = axes.layout(
        PANEL + 10 + foot,
        margin={"l": 64, "r": 16, "t": 10, "b": foot},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -46 / PANEL, "yanchor": "top"},
    )
    gap = 0.1
    width = (1 - gap * (len(panels) - 1)) / len(panels)
    for number, panel in enumerate(panels):
        suffix = "" if number == 0 else str(number + 1)
        start = number * (width + gap)
        place = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for trace in _traces(panel, found):
            data.append({"showlegend": False} | trace | place)
            if number:
                data[-1]["showlegend"] = False
        layout[f"xaxis{suffix}"] = states.plain_axis(panel.names[0], panel.ranges[0]) | {
            "domain": [start, start + width],
            "anchor": f"y{suffix}",
        }
        layout[f"yaxis{suffix}"] = states.plain_axis(panel.names[1], panel.ranges[1]) | {
            "anchor": f"x{suffix}"
        }
    return {
        "id": "space",
        "title": "State space",
        "phase": "",
        "views": [view("", {"data": data, "layout": layout}, text, *notes, not_finite("h", h, 0))],
        "tables": [table(found, h.shape[1])],
    }


def _traces(panel: Panel, found: FixedPoints) -> list[Dict]:
    made = []
    if panel.field is not None:
        made.append(field.arrows(*panel.field, panel.ranges[0][1] - panel.ranges[0][0]))
    if panel.curve is not None:
        made += field.scalar_map(*panel.curve)
    kept = states.kept_steps(panel.path)
    first = 0 if panel.curve is None else 1  # of the map of one unit, point 0 is step 1
    path = states.trajectory(panel.path, 0, 1, kept)
    path |= {
        "customdata": typed_array(kept + first),
        "name": "path",
        "showlegend": True,
        "hovertemplate": f"t = %{{customdata}}<br>{panel.names[0]}: %{{x:{axes.HOVER_NUMBER}}}"
        f"<br>{panel.names[1]}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }
    if first:
        path |= {"mode": "lines+markers", "text": []}  # near a fixed point they would overlap
    made.append(path)
    if not first:
        made.append(states.start_ring(panel.path, {"xaxis": "x", "yaxis": "y"}, (0, 1)))
    kinds = [kind for kind, _ in points_of(found)]
    for kind in KINDS:
        chosen = [i for i, one in enumerate(kinds) if one == kind]
        if chosen:
            made.append(_points(panel.points[chosen], kind))
    return made


def _points(places: Floats, kind: str) -> Dict:
    symbol, role = KINDS[kind]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(drawable(places[:, 0])),
        "y": typed_array(drawable(places[:, 1])),
        "name": f"{kind} point",
        "showlegend": True,
        "marker": {"symbol": symbol, "size": 13, "line": {"width": 2}},
        "meta": {"series": role},
        "hovertemplate": f"{kind} point<br>%{{x:{axes.HOVER_NUMBER}}}, "
        f"%{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def table(found: FixedPoints, hidden: int) -> Table:
    """Return all points with residual and largest eigenvalue."""
    shown = min(hidden, tables.MOST_COLUMNS - 3)
    points = points_of(found)
    cells = np.array(
        [[p.residual, abs(p.eigenvalues[0]), p.q, *p.h[:shown]] for _, p in points]
    ).reshape(-1, 3 + shown)
    return {
        "head": ["point", "‖F(h) − h‖", "largest |λ|", "q", *(f"h_{i + 1}" for i in range(shown))],
        "rows": [f"{number} ({kind})" for number, (kind, _) in enumerate(points, start=1)],
        "cells": typed_array(cells),
        "note": f"The first {shown} of {hidden} units are listed." if shown < hidden else "",
    }


def sentence(found: FixedPoints) -> str:
    """Say how many points of each kind were found."""
    counts = {kind: sum(one == kind for one, _ in points_of(found)) for kind in KINDS}
    parts = [plural(count, f"{kind} point") for kind, count in counts.items() if count]
    ended = f"{found.arrived} of {plural(found.starts, 'start')} ended at a fixed point"
    if not parts:
        return f"No fixed point was found from {plural(found.starts, 'start')}."
    more = " More were found: they form a continuum." if found.more else ""
    return f"Found: {listed(parts, len(parts))} ({ended}).{more}"
