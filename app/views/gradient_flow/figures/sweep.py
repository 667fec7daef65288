"""The chart of a sweep: how much of a gradient arrives, by spectral radius and length."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes
from app.figures.palette import DASHES
from app.figures.tables import MOST_COLUMNS
from app.figures.types import Chart, Dict, Floats, Table, drawable, typed_array, view
from app.views.gradient_flow.figures.sweep_words import (
    NAME,
    number,
    odd_cells,
    sweep_in_words,
    written_logarithm,
)
from rnn_core import SweepMap

WRITTEN = 14
"""A map of at most so many rows and columns has its numbers written in."""

FARTHEST = 20.0
"""Powers of ten at which the colours end at the latest: near 1 is where the question is."""

LINES = 6
TICKS = 16


def chart(found: SweepMap) -> Chart:
    """Return the chart of a sweep, which may still be filling in."""
    text = sweep_in_words(found)
    notes = (_colours(found), *odd_cells(found))
    return {
        "id": "sweep",
        "title": "Length of the end-to-end gradient",
        "phase": "",
        "views": [
            view("Map", _map(found), text, *notes),
            view("Against T", _lines(found), text, "A straight line is an exponential."),
        ],
        "tables": [_table(found)],
    }


def _colours(found: SweepMap) -> str:
    reach = _reach(found)
    note = f"Colour is log₁₀ {NAME}: orange grows, blue vanishes, and 10⁰ = 1 is neither."
    if _finite(found).max(initial=0) > reach:
        note += f" The colours end at 10 to the ±{reach:.0f}; the numbers do not."
    return note


def _finite(found: SweepMap) -> Floats:
    sizes = np.abs(found.log10_norm)
    return sizes[np.isfinite(sizes)]


def _reach(found: SweepMap) -> float:
    return float(np.clip(_finite(found).max(initial=1.0), 1.0, FARTHEST))


def _map(found: SweepMap) -> Dict:
    radii, lengths, reach = found.radii, found.lengths, _reach(found)
    step = radii[1] - radii[0] if len(radii) > 1 else 0.1
    columns = len(lengths)
    heat: Dict = {
        "type": "heatmap",
        "z": typed_array(drawable(found.log10_norm)),
        "x": list(range(columns)),
        "y": list(radii),
        "customdata": [list(lengths)] * len(radii),
        "zmin": -reach,
        "zmax": reach,
        "meta": {"scale": "diverging"},
        "hoverongaps": False,
        "hovertemplate": f"T = %{{customdata}}<br>spectral radius %{{y:{axes.HOVER_NUMBER}}}<br>"
        f"log₁₀ = %{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
        "colorbar": _key(reach),
    }
    every = -(-columns // TICKS)
    places = sorted({*range(0, columns - every // 2, every), columns - 1})
    data = [heat, *_cells(found, reach)]
    if radii[0] < 1 < radii[-1] and max(len(radii), columns) > WRITTEN:
        data.append(_radius_one(columns))  # where it crosses no numbers
    return {
        "data": data,
        "layout": axes.layout(
            86 + int(np.clip(28 * len(radii), 120, 420)),
            xaxis={
                "range": [-0.5, columns - 0.5],
                "tickvals": places,
                "ticktext": [str(lengths[place]) for place in places],
                "tickangle": 0,
                "title": {"text": "length T, from the last step to the first", "standoff": 6},
                "zeroline": False,
                "showgrid": False,
            },
            yaxis=axes.number_axis(
                "spectral radius",
                range=[radii[0] - step / 2, radii[-1] + step / 2],
                zeroline=False,
                showgrid=False,
                nticks=10,
            ),
        ),
    }


def _key(reach: float) -> Dict:
    """Return the key of the colours, in powers of ten."""
    ends = np.linspace(-reach, reach, 5).tolist()
    names = [f"10<sup>{written_logarithm(end).removesuffix('.0')}</sup>" for end in ends]
    return axes.colour_bar() | {"tickvals": ends, "ticktext": names}


def _cells(found: SweepMap, reach: float) -> list[Dict]:
    """Return the numbers written in the cells of a small map; of a large one, the names only."""
    shape = found.log10_norm.shape
    known = np.repeat(np.array(found.known)[:, np.newaxis], shape[1], axis=1)
    shown = known if max(shape) <= WRITTEN else known & ~np.isfinite(found.log10_norm)
    rows, columns = np.nonzero(shown)
    if not rows.size:
        return []
    values = found.log10_norm[rows, columns]
    return [
        axes.ink(
            typed_array(columns),
            typed_array(np.array(found.radii)[rows]),
            [written_logarithm(value) for value in values.tolist()],
            values,
            "diverging",
            reach,
        )
    ]


def _radius_one(columns: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [-0.5, columns - 0.5],
        "y": [1, 1],
        "line": {"dash": "dot", "width": 1.5},
        "meta": {"series": 6},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _lines(found: SweepMap) -> Dict:
    """Return log₁₀ of the norm against T for a few of the radii."""
    chosen = sorted({round(i) for i in np.linspace(0, len(found.radii) - 1, LINES)})
    data: Sequence[Dict] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(found.lengths),
            "y": typed_array(drawable(found.log10_norm[row])),
            "name": f"radius {number(found.radii[row])}",
            "line": {"dash": DASHES[role % len(DASHES)], "width": 2},
            "marker": {"size": 6},
            "meta": {"series": role},
            "hovertemplate": f"T = %{{x}}<br>log₁₀ = %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
        }
        for role, row in enumerate(chosen)
    ]
    return {
        "data": data,
        "layout": axes.layout(
            360,
            xaxis={"title": {"text": "length T", "standoff": 6}, "zeroline": False},
            yaxis=axes.number_axis("log₁₀ of the length"),
            showlegend=True,
        ),
    }


def _table(found: SweepMap) -> Table:
    columns = len(found.lengths)
    shown = sorted({round(i) for i in np.linspace(0, columns - 1, min(columns, MOST_COLUMNS))})
    note = "Each number is log₁₀ of the length."
    if len(shown) < columns:
        note += f" {len(shown)} of {columns} lengths are listed."
    return {
        "head": ["spectral radius", *(f"T = {found.lengths[column]}" for column in shown)],
        "rows": [number(radius) for radius in found.radii],
        "cells": typed_array(found.log10_norm[:, shown]),
        "note": note,
    }
