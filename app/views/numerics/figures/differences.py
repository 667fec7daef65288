"""The error of finite differences against the step: the V of truncation and rounding."""

import numpy as np

from app.figures import axes
from app.figures.types import Chart, Dict, Floats, typed_array, view
from app.figures.words import short
from rnn_core.precision import Quotients

LEAST = 1e-18


def v_curve(found: Quotients, here: Quotients, dtype: str) -> Chart:
    """Return the errors of forward and central differences over the step, log by log."""
    data = [
        _line(found.h, found.forward_error, "forward", 1),
        _line(found.h, found.central_error, "central", 0),
        _line(found.h, _in_view(found.forward_truncation), "h/2·|L″|, estimate", 1, dash="dot"),
        _line(found.h, _in_view(found.central_truncation), "h²/6·|L‴|, estimate", 0, dash="dot"),
        _line(found.h, _in_view(found.rounding), "rounding, estimate", 6, dash="dash"),
        _upright(found.forward_optimum, "√ε", 1),
        _upright(found.central_optimum, "∛ε", 0),
        _points(here),
    ]
    layout = axes.layout(
        380,
        margin={"l": axes.LEFT + 16, "r": 190, "t": 26, "b": 46},
        showlegend=True,
        xaxis={
            "range": [-16.2, -0.8],
            "title": {"text": "step h", "standoff": 6},
            "type": "log",
            "dtick": 2,
        },
        yaxis=axes.number_axis("absolute error", range=[-18.3, 1.3], nticks=8, type="log"),
    )
    best = int(np.argmin(found.central_error))
    text = (
        f"In {dtype} the central difference is best near h = {short(float(found.h[best]))}, error "
        f"{short(float(found.central_error[best]))}; theory says ∛ε = "
        f"{short(found.central_optimum)}. The forward difference is best near h = "
        f"{short(float(found.h[np.argmin(found.forward_error)]))}, error "
        f"{short(float(found.forward_error.min()))}; theory says √ε = "
        f"{short(found.forward_optimum)}."
    )
    columns = [found.forward, found.central, found.forward_error, found.central_error]
    return {
        "id": "numerics-differences",
        "title": "Error of a finite difference over its step",
        "phase": "",
        "views": [
            view(
                "",
                {"data": data, "layout": layout},
                text,
                "To the right the curve is cut off too early (truncation), to the left digits "
                "cancel (rounding). Dashed and dotted lines are estimates. An error of 0 is drawn "
                "at 1e−18.",
            )
        ],
        "tables": [
            {
                "head": ["h", "forward", "central", "its error", "its error "],
                "rows": [short(h) for h in found.h[::5].tolist()],
                "cells": typed_array(
                    np.stack([column.astype(float) for column in columns], axis=1)[::5]
                ),
                "note": "",
            }
        ],
    }


def _in_view(estimate: Floats) -> Floats:
    return np.where(estimate > LEAST, estimate, np.nan)


def _line(h: Floats, errors: Floats, name: str, role: int, dash: str = "solid") -> Dict:
    drawn = np.where(np.isfinite(errors), np.maximum(errors, LEAST), np.nan)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed_array(h),
        "y": typed_array(drawn),
        "name": name,
        "line": {"width": 2 if dash == "solid" else 1.5, "dash": dash, "simplify": False},
        "meta": {"series": role},
        "hovertemplate": f"{name}<br>h = %{{x:{axes.HOVER_NUMBER}}}: "
        f"%{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def _upright(h: float, name: str, role: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [h, h, h],
        "y": [LEAST / 2, 1.0, 20.0],
        "text": [axes.UNSAID, f"\u2002{name}", axes.UNSAID],
        "textposition": "middle right",
        "line": {"width": 1.5, "dash": "longdash"},
        "meta": {"series": role},
        "showlegend": False,
        "hovertemplate": f"{name} = {short(h)}<extra></extra>",
    }


def _points(here: Quotients) -> Dict:
    errors = np.concatenate([here.forward_error, here.central_error])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(np.repeat(here.h, 2)),
        "y": typed_array(np.where(np.isfinite(errors), np.maximum(errors, LEAST), np.nan)),
        "name": "your h",
        "marker": {"size": 11, "symbol": "circle", "line": {"width": 2}},
        "meta": {"accent": True},
        "hovertemplate": f"your h = %{{x:{axes.HOVER_NUMBER}}}: "
        f"%{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }
