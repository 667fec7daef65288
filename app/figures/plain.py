"""Lines over something that is not time: a cut length, a batch size, a scale, an iteration."""

from collections.abc import Sequence

import numpy as np

from app.figures.axes import HOVER_NUMBER, layout, number_axis
from app.figures.palette import DASHES
from app.figures.types import Dict, Floats, Table, drawable, typed_array
from app.figures.words import plotly_symbol, short

LEAST_DECADES = 3
"""Orders of magnitude shown at least: a flat line should look flat."""


def figure(
    x: Sequence[float], rows: Floats, names: Sequence[str], across: str, up: str, height: int = 280
) -> Dict:
    """Return one line for each column of rows (len(x), n)."""
    data = [line(x, rows[:, i], name, i) for i, name in enumerate(names)]
    return {
        "data": data,
        "layout": layout(
            max(height, 90 + 19 * len(data)),
            xaxis={"title": {"text": across, "standoff": 6}, "zeroline": False, "showgrid": False},
            yaxis=number_axis(up),
            showlegend=len(data) > 1,
        ),
    }


def line(x: Sequence[float], y: Floats, name: str, role: int, **parts: object) -> Dict:
    """Return one line; `role` chooses colour and dash."""
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(x) <= 60 else "lines",
        "x": typed_array(np.asarray(x, float)),
        "y": typed_array(drawable(np.asarray(y, float))),
        "name": plotly_symbol(name),
        "line": {"dash": DASHES[role % len(DASHES)], "width": 2},
        "marker": {"size": 6},
        "meta": {"series": role},
        "hovertemplate": f"%{{x:{HOVER_NUMBER}}}: %{{y:{HOVER_NUMBER}}}"
        f"<extra>{plotly_symbol(name)}</extra>",
        **parts,
    }


def log_figure(
    x: Sequence[float], rows: Floats, names: Sequence[str], across: str, up: str, height: int = 280
) -> Dict:
    """Return the lines on a logarithmic axis, exact zeros as triangles on its lower edge."""
    shown = np.where(np.isfinite(rows) & (rows > 0), rows, np.nan)
    made = figure(x, shown, names, across, up, height)
    positive = shown[np.isfinite(shown)]
    low, high = (
        (np.log10(positive.min()), np.log10(positive.max())) if positive.size else (-1.0, 0.0)
    )
    missing = max(0.0, LEAST_DECADES - float(high - low)) / 2
    low, high = float(low) - missing, float(high) + missing
    floor = low - 0.12 * (high - low)
    for role, name in enumerate(names):
        zero = np.flatnonzero(rows[:, role] == 0)
        if zero.size:
            made["data"].append(_zeros(np.asarray(x, float)[zero], floor, name, role))
    made["layout"]["yaxis"] |= {
        "range": [floor - 0.06 * (high - low), high + 0.06 * (high - low)],
        "type": "log",
        "zeroline": False,
        "dtick": max(1, round((high - floor) / 6)),
    }
    return made


def _zeros(x: Floats, floor: float, name: str, role: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(x),
        "y": typed_array(np.full(len(x), max(10.0**floor, 1e-300))),
        "showlegend": False,
        "marker": {"size": 9, "symbol": "triangle-down"},
        "meta": {"series": role},
        "hovertemplate": f"%{{x:{HOVER_NUMBER}}}: exactly 0<extra>{plotly_symbol(name)}</extra>",
    }


def log_across(made: Dict, x: Sequence[float], shown: Sequence[float]) -> Dict:
    """Return the figure with a logarithmic axis across, with ticks at the numbers given."""
    low, high = np.log10(min(x)), np.log10(max(x))
    pad = 0.04 * (high - low) or 0.3
    made["layout"]["xaxis"] |= {
        "type": "log",
        "range": [float(low - pad), float(high + pad)],
        "tickvals": list(shown),
        "ticktext": [short(value) for value in shown],
    }
    return made


def table(head: str, x: Sequence[str], rows: Floats, names: Sequence[str], note: str = "") -> Table:
    """Return the numbers of the lines, one row for each x."""
    return {
        "head": [head, *names],
        "rows": list(x),
        "cells": typed_array(np.asarray(rows, float)),
        "note": note,
    }
