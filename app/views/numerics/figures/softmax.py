"""Logits on a number line, as they are and shifted by the largest, with what exp can take."""

import numpy as np

from app.figures import axes
from app.figures.precision_words import place
from app.figures.types import Chart, Dict, Floats, typed_array, view
from app.figures.words import short

LOGITS = ("logits", "a", "a − m")
EXPONENTS = ("exponents", "0 and −a", "less m")
"""What the numbers are, and the names of the two rows."""
CLOSE = 0.03  # of the axis: logits nearer than this share one label


def number_line(
    logits: tuple[float, ...],
    limits: tuple[float, float],
    dtype: str,
    result: str,
    names: tuple[str, str, str] = LOGITS,
) -> Chart:
    """Return both rows of logits, joined, over the ranges where exp is 0 or ∞ in the format."""
    a = np.array(logits)
    top = float(a.max())
    with np.errstate(all="ignore"):
        shifted = a - top
    values = np.concatenate([a, shifted])
    low, high = limits
    ends = [min(float(values.min()), low), max(float(values.max()), high)]
    room = 0.08 * (ends[1] - ends[0])
    ends = [ends[0] - room, ends[1] + room]
    data = [
        _band([ends[0], low], f"exp is 0: a ≤ {place(low)}", 6),
        _band([high, ends[1]], f"exp is ∞: a ≥ {place(high)}", 1),
        _joints(a, shifted),
        _logits(a, 0, 3, ends, names),
        _logits(shifted, 1, 0, ends, names),
    ]
    layout = axes.layout(
        230,
        margin={"l": axes.LEFT, "r": 190, "t": 10, "b": 46},
        showlegend=True,
        xaxis={
            "range": ends,
            "title": {"text": "exponent", "standoff": 6},
            "zeroline": True,
            "nticks": 10,
        },
        yaxis={
            "range": [1.6, -0.6],
            "tickvals": [0, 1],
            "ticktext": list(names[1:]),
            "showgrid": False,
            "zeroline": False,
        },
    )
    over = int((a >= high).sum())
    text = (
        f"In {dtype} exp(a) is ∞ from a = {place(high)} and 0 up to a = {place(low)}: "
        f"{over} of {len(a)} {names[0]} overflow as they are, and none after the shift by "
        f"m = {short(top)}, since then all are at most 0. {result}"
    )
    return {
        "id": "numerics-shift",
        "title": f"The shift by the largest of the {names[0]}",
        "phase": "",
        "views": [
            view(
                "",
                {"data": data, "layout": layout},
                text,
                f"The numbers at the points count the {names[0]} in the order that they have.",
            )
        ],
        "tables": [
            {
                "head": ["number", *names[1:]],
                "rows": [str(k + 1) for k in range(len(a))],
                "cells": typed_array(np.stack([a, shifted], axis=1)),
                "note": "",
            }
        ],
    }


def _band(ends: list[float], name: str, role: int) -> Dict:
    """Return a range of the number line in both rows."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*ends, None, *ends],
        "y": [0, 0, None, 1, 1],
        "name": name,
        "line": {"width": 26},
        "opacity": 0.3,
        "meta": {"series": role},
        "hovertemplate": f"{name}<extra></extra>",
    }


def _joints(a: Floats, shifted: Floats) -> Dict:
    x: list[float | None] = []
    y: list[float | None] = []
    for start, end in zip(a.tolist(), shifted.tolist(), strict=True):
        x += [start, end, None]
        y += [0, 1, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"width": 1, "dash": "dot"},
        "meta": {"series": 6},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _logits(
    values: Floats, row: int, role: int, ends: list[float], names: tuple[str, str, str]
) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": typed_array(values),
        "y": [row] * len(values),
        "text": _labels(values, CLOSE * (ends[1] - ends[0])),
        "customdata": [k + 1 for k in range(len(values))],
        "textposition": "top center" if row == 0 else "bottom center",
        "name": names[row + 1],
        "marker": {"size": 12, "symbol": "circle", "line": {"width": 1}},
        "meta": {"series": role},
        "hovertemplate": f"number %{{customdata}}: %{{x:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def _labels(values: Floats, close: float) -> list[str]:
    """Return the number of each class; those of logits that nearly coincide stand at the first."""
    labels = [""] * len(values)
    first = None
    for k in np.argsort(values, kind="stable").tolist():
        if first is None or values[k] - values[first] > close:
            first = k
            labels[k] = f"{k + 1}"
        else:
            labels[first] += f", {k + 1}"
    return labels
