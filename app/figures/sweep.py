"""The chart of a sweep: how much of a gradient arrives, by spectral radius and length."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes
from app.figures.palette import DASHES
from app.figures.tables import MOST_COLUMNS
from app.figures.types import Chart, Dict, Floats, Table, drawable, packed, view
from app.figures.words import MINUS, listed, plural, short
from rnn_core import SweepMap

NAME = "‖∂h_T/∂h_0‖"
WRITTEN = 14
"""A map of at most so many rows and columns has its numbers written in."""

FARTHEST = 20.0
"""Powers of ten at which the colours end at the latest: near 1 is where the question is."""

SMALL, LARGE = -6.0, 6.0
UNDERFLOW, OVERFLOW = np.log10(5e-324), np.log10(np.finfo(float).max)
LINES = 6
TICKS = 16


def chart(found: SweepMap) -> Chart:
    """Return the chart of a sweep, which may still be filling in."""
    text = sentence(found)
    notes = (_colours(found), *_names(found))
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


def sentence(found: SweepMap) -> str:
    """State at which radii the gradient survives the longest length, and where it does not."""
    known = np.array(found.known)
    if not known.any():
        return "Nothing is computed yet."
    end = found.log10_norm[:, -1]
    radii = np.array(found.radii)
    kept = known & (np.abs(end) <= 1)
    gone, burst = known & (end < SMALL), known & (end > LARGE)
    which = "" if found.networks == 1 else f" (the median of {found.networks} networks)"
    parts = [
        f"At T = {found.lengths[-1]}{which}, {NAME} is within a factor of 10 of 1 for spectral "
        f"radius {_ranges(radii, kept)}"
        if kept.any()
        else f"At T = {found.lengths[-1]}{which}, {NAME} is within a factor of 10 of 1 at no "
        f"spectral radius of the map{_nearest(found)}"
    ]
    if gone.any():
        first = _crossing(found, int(gone.argmax()), below=True)
        parts.append(f"below 10⁻⁶ for {_ranges(radii, gone)} ({first})")
    if burst.any():
        last = len(burst) - 1 - int(burst[::-1].argmax())
        parts.append(f"above 10⁶ for {_ranges(radii, burst)} ({_crossing(found, last)})")
    so_far = "" if known.all() else f"So far, {known.sum()} of {len(known)} radii: "
    return so_far + "; ".join(parts) + "."


def _nearest(found: SweepMap) -> str:
    """Say which radius comes nearest to 1 at the longest length, if any has a number."""
    end = found.log10_norm[:, -1]
    if not np.isfinite(end).any():
        return ""
    row = int(np.where(np.isfinite(end), np.abs(end), np.inf).argmin())
    return f" (nearest: log₁₀ = {_written(end[row])} at {_number(found.radii[row])})"


def _crossing(found: SweepMap, row: int, *, below: bool = False) -> str:
    """Say from which of the lengths on a row stays below 10⁻⁶, or above 10⁶, to the last."""
    values = found.log10_norm[row]
    beyond = values < SMALL if below else values > LARGE
    at = int(np.flatnonzero(~beyond).max(initial=-1)) + 1
    return f"at {_number(found.radii[row])} from T = {found.lengths[at]} on"


def _ranges(radii: Floats, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> str:
    """Return "0.5 to 0.8 and 1.2": runs of neighbours on the map."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(int), [0]])))
    runs = [
        _number(radii[start])
        if stop == start + 1
        else f"{_number(radii[start])} to {_number(radii[stop - 1])}"
        for start, stop in edges.reshape(-1, 2).tolist()
    ]
    return listed(runs)


def _number(radius: float) -> str:
    return short(radius, 4)


def _colours(found: SweepMap) -> str:
    reach = _reach(found)
    note = f"Colour is log₁₀ {NAME}: orange grows, blue vanishes, and 10⁰ = 1 is neither."
    if _finite(found).max(initial=0) > reach:
        note += f" The colours end at 10 to the ±{reach:.0f}; the numbers do not."
    return note


def _names(found: SweepMap) -> list[str]:
    """Name the cells that no float64 could hold, or that have no number at all."""
    cells = found.log10_norm[np.array(found.known)]
    zero, none = np.isneginf(cells).sum(), np.isnan(cells).sum()
    under = (np.isfinite(cells) & (cells < UNDERFLOW)).sum()
    over = (cells > OVERFLOW).sum()
    notes = [
        (under, "underflow: below 5·10⁻³²⁴, a backward pass in float64 gives exactly 0"),
        (over, "overflow: above 1.8·10³⁰⁸, a backward pass in float64 gives infinity"),
        (zero, "exactly 0, marked 0: units that are shut or saturated pass nothing on"),
        (none, "without a number, marked NaN: the states themselves overflow"),
    ]
    return [f"{plural(int(count), 'cell')}: {text}." for count, text in notes if count]


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
        "z": packed(drawable(found.log10_norm)),
        "x": list(range(columns)),
        "y": list(radii),
        "customdata": [list(lengths)] * len(radii),
        "zmin": -reach,
        "zmax": reach,
        "meta": {"scale": "diverging"},
        "hoverongaps": False,
        "hovertemplate": "T = %{customdata}<br>spectral radius %{y:.4~g}<br>"
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
    names = [f"10<sup>{_written(end).removesuffix('.0')}</sup>" for end in ends]
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
        {
            "type": "scatter",
            "mode": "text",
            "x": packed(columns),
            "y": packed(np.array(found.radii)[rows]),
            "text": [_written(value) for value in values.tolist()],
            "customdata": packed(drawable(values)),
            "meta": {"ink": "diverging", "largest": reach},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _written(value: float) -> str:
    if np.isnan(value):
        return "NaN"
    if np.isneginf(value):
        return "0"
    text = f"{value:.1f}" if abs(value) < 99.95 else f"{value:.0f}"
    return text.replace("-", MINUS) if float(text) else "0.0"


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
            "y": packed(drawable(found.log10_norm[row])),
            "name": f"radius {_number(found.radii[row])}",
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
        "rows": [_number(radius) for radius in found.radii],
        "cells": packed(found.log10_norm[:, shown]),
        "note": note,
    }
