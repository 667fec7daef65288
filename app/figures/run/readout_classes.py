"""The chart of the classes that are read out at the last step."""

import numpy as np

from app.figures import axes
from app.figures.palette import PREDICTION, TARGET
from app.figures.types import Chart, Dict, Floats, drawable, typed_array, view
from app.figures.words import not_finite, short
from rnn_core.losses import Loss

MOST_OUTPUTS = 64


def chart(a: Floats, p: Floats, y: Floats | None, loss: Loss) -> Chart:
    """Return the probabilities of the classes as bars, the target's outlined and marked."""
    shown = slice(0, MOST_OUTPUTS)
    names = list(range(1, len(p[shown]) + 1))
    bars: list[Dict] = [
        {
            "type": "bar",
            "x": names,
            "y": typed_array(drawable(p[shown])),
            "name": f"{loss.prediction_symbol}",
            "meta": {"series": PREDICTION},
            "text": [short(float(value), 3) for value in p[shown]] if len(p) <= 16 else [],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"class %{{x}}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
        }
    ]
    if y is not None:
        wanted = np.flatnonzero(y[shown])
        bars.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": typed_array(wanted + 1),
                "y": typed_array(y[wanted]),
                "name": "target y",
                "marker": {"symbol": "diamond-open", "size": 12, "line": {"width": 2}},
                "meta": {"series": TARGET},
                "cliponaxis": False,
                "hovertemplate": "target of class %{x}: %{y}<extra></extra>",
            }
        )
    layout = axes.layout(
        310,
        xaxis={
            "title": {"text": "class", "standoff": 6},
            **axes.INTEGERS,
            "dtick": 1 if len(names) <= 24 else 4,
            "showgrid": False,
        },
        yaxis=axes.number_axis("probability", range=[0, 1.12], nticks=6),
        showlegend=y is not None,
    )
    columns = [a, p] if y is None else [a, p, y]
    return {
        "id": "readout",
        "title": "Logit → probability → loss",
        "phase": "",
        "views": [
            view(
                "",
                {"data": bars, "layout": layout},
                _text(a, p, y, loss),
                "" if y is not None else "There is no target, so no loss.",
                not_finite("The logit", a[np.newaxis], 1),
            )
        ],
        "tables": [
            {
                "head": ["class", "logit a", "probability p", "target y"][: len(columns) + 1],
                "rows": [str(k + 1) for k in range(len(a))],
                "cells": typed_array(np.stack(columns, axis=1)),
                "note": "",
            }
        ],
    }


def _text(a: Floats, p: Floats, y: Floats | None, loss: Loss) -> str:
    if not np.isfinite(p).all():
        return "The probabilities are not finite."
    best = int(p.argmax())
    text = f"Class {best + 1} of {len(p)} is the most probable, p = {short(float(p[best]))}"
    if y is None:
        return f"{text}."
    wanted = int(y.argmax())
    ell = short(float(loss.terms(a, y).ravel()[0]))
    there = short(float(p[wanted]))
    return f"{text}; the target is class {wanted + 1}, p = {there}: the loss is {ell}."
