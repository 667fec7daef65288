"""Eigenvalues on the complex plane, and singular values."""

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Dict, drawable, typed_array, view
from app.figures.words import plural, short
from rnn_core import Spectrum

CIRCLE = 181
ROLE_EIGEN, ROLE_CIRCLE = 0, 6
HEIGHT = 400


def eigenvalues(found: Spectrum) -> Chart:
    """Return the eigenvalues of W_hh with the unit circle."""
    values = found.eigenvalues
    finite = np.isfinite(values)
    reach = 1.15 * max(1.0, float(np.abs(values[finite]).max(initial=0.0)))
    outside = int((np.abs(values) > 1).sum())
    where = (
        "all inside the unit circle"
        if outside == 0 and found.radius < 1
        else f"{outside} outside the unit circle"
    )
    text = (
        f"{plural(len(values), 'eigenvalue')} of W_hh, {where}; the spectral radius, the largest "
        f"magnitude, is {short(found.radius)}."
    )
    data = [_circle(1.0, "unit circle", "solid"), _points(values)]
    if found.radius > 0 and abs(found.radius - 1) > 0.02:
        data.insert(1, _circle(found.radius, "radius ρ", "dot"))
    figure = {
        "data": data,
        "layout": axes.layout(
            HEIGHT,
            xaxis=_plane_axis("real part", reach) | {"constrain": "domain"},
            yaxis=_plane_axis("imaginary part", reach)
            | {"scaleanchor": "x", "scaleratio": 1, "constrain": "domain"},
            showlegend=True,
        ),
    }
    order = np.stack([values.real, values.imag, np.abs(values)], axis=1)
    return {
        "id": "gf_eigenvalues",
        "title": "Eigenvalues of W_hh",
        "phase": "",
        "views": [view("", figure, text, "Where φ′ = 1, a state or gradient along an eigenvector "
                       "is multiplied by its eigenvalue at each step.")],
        "tables": [
            {
                "head": ["eigenvalue", "real", "imaginary", "magnitude"],
                "rows": [str(i + 1) for i in range(len(values))],
                "cells": typed_array(order),
                "note": "",
            }
        ],
    }  # fmt: skip


def _plane_axis(title: str, reach: float) -> Dict:
    return {
        "title": {"text": title, "standoff": 6},
        "range": [-reach, reach],
        "zeroline": True,
        "nticks": 7,
    }


def _circle(radius: float, name: str, dash: str) -> Dict:
    angle = np.linspace(0, 2 * np.pi, CIRCLE)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed_array(radius * np.cos(angle)),
        "y": typed_array(radius * np.sin(angle)),
        "name": name,
        "line": {"width": 1.5, "dash": dash},
        "meta": {"series": ROLE_CIRCLE if dash == "solid" else 1},
        "hoverinfo": "skip",
    }


def _points(values: "np.ndarray[tuple[int], np.dtype[np.complex128]]") -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(drawable(values.real)),
        "y": typed_array(drawable(values.imag)),
        "customdata": typed_array(np.abs(values)),
        "name": "eigenvalue",
        "marker": {"size": 10, "symbol": "circle"},
        "meta": {"series": ROLE_EIGEN},
        "hovertemplate": f"%{{x:{axes.HOVER_NUMBER}}} + %{{y:{axes.HOVER_NUMBER}}} i"
        f"<br>magnitude %{{customdata:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def singular_values(found: Spectrum) -> Chart:
    """Return the singular values of W_hh as bars, with 1 as a line."""
    values = found.singular_values
    count = len(values)
    figure = {
        "data": [
            {
                "type": "bar",
                "x": typed_array(np.arange(1, count + 1)),
                "y": typed_array(drawable(values)),
                "name": "singular value",
                "meta": {"series": 0},
                "hovertemplate": f"σ<sub>%{{x}}</sub> = %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": [0.4, count + 0.6],
                "y": [1, 1],
                "name": "1",
                "line": {"width": 1.5, "dash": "dot"},
                "meta": {"series": 6},
                "hoverinfo": "skip",
            },
        ],
        "layout": axes.layout(
            HEIGHT,
            margin={"l": axes.LEFT, "r": 16, "t": 10, "b": 46},
            xaxis={
                "title": {"text": "singular value, the largest first", "standoff": 6},
                "range": [0.4, count + 0.6],
                "showgrid": False,
                "zeroline": False,
                **axes.INTEGERS,
                "nticks": 12,
                **({"tick0": 1, "dtick": 1} if count <= 12 else {}),
            },
            yaxis=axes.number_axis("σ", rangemode="tozero"),
            bargap=0.35,
        ),
    }
    small = float(values[-1])
    if small and values[0] / small < 1.0005:
        condition = "all the same" if count > 1 else "the only one"
    elif small and values[0] / small < 1e4:
        condition = f"{short(float(values[0] / small))} times the smallest"
    else:
        condition = f"the smallest is {short(small)}"
    text = (
        f"σ_max = {short(found.norm)}, {condition}. W_hh stretches no vector by more than σ_max, "
        f"and ρ = {short(found.radius)} is never above it."
    )
    return {
        "id": "gf_singular",
        "title": "Singular values of W_hh",
        "phase": "",
        "views": [view("", figure, text)],
        "tables": [tables.matrix("σ", np.asarray(values))],
    }
