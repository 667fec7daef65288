"""Charts of what is read out at the last step: logit, prediction and loss."""

import numpy as np

from app.figures import axes
from app.figures.palette import DASHES
from app.figures.run import readout_classes, readout_steps
from app.figures.types import Chart, Dict, Floats, Steps, drawable, typed_array, view
from app.figures.words import not_finite, plural, short
from rnn_core import LOSSES, Trace
from rnn_core.losses import Loss

CURVE_POINTS = 161
MOST_CURVES = 6
EVERYDAY = 6.0
"""The curve is drawn at least from −6 to 6, where the sigmoid bends."""


def charts(trace: Trace, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group "Readout" for one sequence of the batch."""
    a, p = trace.logits[:, sample], trace.prediction[:, sample]
    y = None if trace.target is None else trace.target[:, sample]
    loss = LOSSES[trace.loss_name]
    if len(a) > 1:
        return readout_steps.charts(a, p, y, loss, trace.readout_steps.start, steps)
    if loss.spans_outputs:
        return [readout_classes.chart(a[0], p[0], None if y is None else y[0], loss)]
    return [_curve(a[0], p[0], None if y is None else y[0], loss)]


def _curve(a: Floats, p: Floats, y: Floats | None, loss: Loss) -> Chart:
    """Return prediction and loss as functions of the logit, with the points of this run."""
    finite = np.concatenate([a, a if y is None else y])
    finite = finite[np.isfinite(finite)]
    reach = max(EVERYDAY, 1.15 * min(float(np.abs(finite).max(initial=0)), axes.LARGEST_RANGE / 2))
    at = np.linspace(-reach, reach, CURVE_POINTS)
    symbol = loss.prediction_symbol
    predicted = loss.predict(at)
    curves: list[tuple[str, list[Dict]]] = []
    if not np.array_equal(predicted, at):
        points = _points(a, p, symbol, falling=False)
        curve = _line(at, predicted, symbol, 0) | {"showlegend": False}
        curves.append((f"prediction {symbol}", [curve, points]))
    ell = None
    if y is not None:
        ell = loss.terms(a, y)
        lines = [
            _line(at, loss.terms(at, np.full_like(at, target)), f"y = {short(float(target))}", i)
            for i, target in enumerate(np.unique(y)[:MOST_CURVES])
        ]
        curves.append(
            (
                "loss l",
                [
                    *lines,
                    _points(a, ell, "l", falling=bool(p[0] < y[0])),
                    *_tangent(a, ell, y, loss, reach),
                ],
            )
        )
    columns = [a, p] if y is None or ell is None else [a, p, y, ell, loss.delta(a, y)]
    heads = ["output", "logit a", f"prediction {symbol}", "target y", "loss l", "∂l/∂a"]
    text, slope = _curve_text(a, p, y, ell, symbol)
    drawn = view(
        "",
        _side_by_side(curves) if curves else None,
        f"{text}{slope}.",
        "" if y is not None else "There is no target, so no loss.",
        _mean_note(len(a), y is not None),
        not_finite("The logit", a[np.newaxis], 1),
    )
    return {
        "id": "readout",
        "title": " → ".join(["Logit", *(title.split()[0] for title, _ in curves)]),
        "phase": "",
        "views": [drawn | {"early": f"{text}."}],
        "tables": [
            {
                "head": heads[: len(columns) + 1],
                "rows": [str(k + 1) for k in range(len(a))],
                "cells": typed_array(np.stack(columns, axis=1)),
                "note": "",
                "early": heads.index("∂l/∂a"),
            }
        ],
    }


def _mean_note(count: int, has_loss: bool) -> str:
    return f"L is the mean of the {count} losses l." if has_loss and count > 1 else ""


def _curve_text(
    a: Floats, p: Floats, y: Floats | None, ell: Floats | None, symbol: str
) -> tuple[str, str]:
    """Return what is said of the values, and what is added on the slope of the loss."""
    text = f"The logit a = {short(float(a[0]))} gives {symbol} = {short(float(p[0]))}"
    if len(a) > 1:
        text = f"{plural(len(a), 'output')}; the first: {text[0].lower()}{text[1:]}"
    if y is None or ell is None:
        return text, ""
    lost = f"the loss is {short(float(ell.ravel()[0]))}"
    if not np.isfinite(ell).all():
        return f"{text}; {lost}", ""
    text = f"{text}; with the target y = {short(float(y[0]))} {lost}"
    slope = "rises" if p[0] > y[0] else "falls" if p[0] < y[0] else "is flat"
    return text, f" and {slope} with a, at slope ∂l/∂a = {short(float(p[0] - y[0]))}"


def _line(at: Floats, values: Floats, name: str, role: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed_array(at),
        "y": typed_array(drawable(values)),
        "name": name,
        "line": {"width": 2, "simplify": False, "dash": DASHES[role % len(DASHES)]},
        "meta": {"series": role},
        "hoverinfo": "skip",
    }


def _points(a: Floats, values: Floats, name: str, *, falling: bool) -> Dict:
    labels = [f"{name} = {short(float(value))}" for value in values.ravel()]
    if len(a) > 1:
        labels = [f"{k + 1}" for k in range(len(a))]
    return {
        "type": "scatter",
        "mode": "markers+text" if len(a) <= 8 else "markers",
        "x": typed_array(drawable(a)),
        "y": typed_array(drawable(values)),
        "text": labels,
        "textposition": "top right" if falling else "top left",
        "name": "this experiment",
        "showlegend": False,
        "cliponaxis": False,
        "marker": {"size": 12, "symbol": "circle", "line": {"width": 2}},
        "meta": {"accent": True},
        "hovertemplate": f"a = %{{x:{axes.HOVER_NUMBER}}}"
        f"<br>{name} = %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def _tangent(a: Floats, ell: Floats, y: Floats, loss: Loss, reach: float) -> list[Dict]:
    """Return the slope at the point as a short line, for a single output."""
    if len(a) > 1 or not np.isfinite(ell).all():
        return []
    slope = loss.delta(a, y)
    ends = np.array([-0.16, 0.16]) * reach
    made = _line(a + ends, ell.ravel() + slope * ends, "slope", 1)
    return [made | {"meta": {"accent": True, "gradient": True}}]


def _side_by_side(curves: list[tuple[str, list[Dict]]]) -> Dict:
    data: list[Dict] = []
    layout = axes.layout(330, margin={"l": axes.LEFT, "r": axes.RIGHT, "t": 26, "b": 46})
    gap = 0.12
    width = (1 - gap * (len(curves) - 1)) / len(curves)
    for number, (title, traces) in enumerate(curves):
        suffix = "" if number == 0 else str(number + 1)
        start = number * (width + gap)
        data += [trace | {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"} for trace in traces]
        layout[f"xaxis{suffix}"] = {
            "title": {"text": "logit a", "standoff": 6},
            "domain": [start, min(start + width, 1)],
            "anchor": f"y{suffix}",
            "zeroline": True,
            "nticks": 8,
        }
        layout[f"yaxis{suffix}"] = axes.number_axis(title, anchor=f"x{suffix}")
    layout["showlegend"] = len(curves[-1][1]) > 1
    return {"data": data, "layout": layout}
