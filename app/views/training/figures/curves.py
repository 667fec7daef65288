"""What a run has done so far, over its updates: loss, measure, and lengths."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes, downsample
from app.figures.palette import CLIPPED, GRADIENT, LEVEL, WEIGHTS
from app.figures.types import Chart, Dict, Floats, Table, drawable, typed_array, view
from app.figures.words import plural, short
from app.views.training.runs.stretch import Point
from rnn_core.training import Task

HEIGHT = 270
LEGEND = 150  # pixels for the longest name
MOST_ROWS = 100
DECADES = 1.0
"""Orders of magnitude that a logarithmic axis shows at least."""

MARKED, FEW = 60, 30
"""A line of fewer points has markers: one of numbers that are judged now and then, or any."""

EMPTY = "No update has been made yet."


def charts(points: Sequence[Point], task: Task, length: int, updates: int) -> list[Chart]:
    """Return the charts of loss, measure and lengths.

    `updates` is where the axis ends, unless the run has diverged: then it ends there.
    """
    stopped = bool(points) and points[-1].trouble is not None
    axis = updates_axis(points[-1].number if stopped else updates)
    numbers = np.array([point.number for point in points], float)
    return [
        _loss(points, numbers, axis),
        _measure(points, task, length, axis),
        _norms(points, numbers, axis) | {"wide": True},
    ]


def _loss(points: Sequence[Point], numbers: Floats, axis: Dict) -> Chart:
    batch = np.array([point.loss for point in points])
    judged = [point for point in points if point.judged is not None]
    at = np.array([point.number for point in judged], float)
    held_out = np.array([point.judged.loss for point in judged if point.judged])
    data = [
        line(numbers, batch, "each batch", 0, width=1.2),
        line(at, held_out, "held out", 1, width=2.4),
    ]
    return _chart(
        "tr_loss",
        "Loss",
        figure_of(data, axis, "loss", [batch, held_out]),
        _loss_text(points, judged),
        points,
    )


def _loss_text(points: Sequence[Point], judged: Sequence[Point]) -> str:
    if not points:
        return EMPTY
    text = (
        f"On the batch of update {points[-1].number:,} the loss was {short(points[-1].loss)}; on "
        f"that of the first update, {short(points[0].loss)}."
    )
    if judged and judged[-1].judged is not None:
        text += (
            f" On held-out sequences it is {short(judged[-1].judged.loss)} after update "
            f"{judged[-1].number:,}."
        )
    return text


def _measure(points: Sequence[Point], task: Task, length: int, axis: Dict) -> Chart:
    judged = [(p.number, p.judged) for p in points if p.judged is not None]
    at = np.array([number for number, _ in judged], float)
    values = np.array([found.value for _, found in judged])
    baseline, mark = task.baseline(length), task.solved(length)
    ends = axis["range"]
    data = [
        line(at, values, "held out", 1, width=2.4, markers=True),
        _level(ends, baseline, "baseline", LEVEL, "dash"),
        _level(ends, mark, "solved", 2, "dot"),
    ]
    levels = np.array([baseline, mark])
    if task.measure == "accuracy":
        figure = figure_of(data, axis, "accuracy", [])
        lowest = min(values.min(initial=1.0), baseline)
        figure["layout"]["yaxis"]["range"] = [max(-0.02, lowest - 0.1), 1.04]
    else:
        figure = figure_of(data, axis, "error", [values, levels])
    return _chart(
        "tr_measure",
        task.measure.capitalize() + " on held-out sequences",
        figure,
        measure_text(points, task, length),
        points,
    )


def measure_text(points: Sequence[Point], task: Task, length: int) -> str:
    """Say what is reached, beside the baseline and the mark that counts as solved."""
    sign = "more" if task.measure == "accuracy" else "less"
    marks = (
        f"The baseline is {short(task.baseline(length))}; the task counts as solved at "
        f"{short(task.solved(length))} or {sign}."
    )
    judged = [(p.number, p.judged) for p in points if p.judged is not None]
    if not judged:
        return marks
    number, last = judged[-1]
    text = f"{task.measure.capitalize()} {short(last.value)} after update {number:,}. {marks}"
    first = next((number for number, found in judged if found.solved), None)
    return text if first is None else f"{text} First solved after update {first:,}."


def _norms(points: Sequence[Point], numbers: Floats, axis: Dict) -> Chart:
    gradient = np.array([point.gradient_norm for point in points])
    clipped = np.array([point.clipped_norm for point in points])
    weights = np.array([point.weight_norm for point in points])
    data = [line(numbers, gradient, "gradient", GRADIENT, width=1.2)]
    cut = int((clipped < gradient * (1 - 1e-9)).sum()) if points else 0
    if cut:
        data.append(line(numbers, clipped, "clipped", CLIPPED, width=1.2))
    data.append(line(numbers, weights, "weights", WEIGHTS, width=2.4))
    text = EMPTY
    if points:
        text = (
            f"The gradient of update {points[-1].number:,} has length {short(gradient[-1])}, the "
            f"weights after it {short(weights[-1])}."
        )
        if cut:
            text += f" {cut:,} of {plural(len(points), 'gradient')} were clipped."
    return _chart(
        "tr_norms",
        "Length of the gradient and of the weights",
        figure_of(data, axis, "length", [gradient, clipped, weights]),
        text,
        points,
    )


def updates_axis(count: int) -> Dict:
    """Return the axis of a run of so many updates."""
    return {
        "range": [0, max(1, count)],
        "title": {"text": "update", "standoff": 6},
        "zeroline": False,
        "showgrid": False,
        **axes.COUNTS,
        "nticks": 8,
    }


def line(
    x: Floats,
    y: Floats,
    name: str,
    role: int,
    *,
    width: float,
    markers: bool = False,
    dash: str = "solid",
) -> Dict:
    """Return one line over the updates; `role` chooses its colour."""
    kept = downsample.extremes(y) if len(y) else np.arange(0)
    few = len(kept) < (MARKED if markers else FEW)
    return {
        "type": "scatter",
        "mode": "lines+markers" if few else "lines",
        "x": typed_array(x[kept]),
        "y": typed_array(drawable(y[kept])),
        "name": name,
        "line": {"width": width, "dash": dash},
        "marker": {"size": 5},
        "meta": {"series": role},
        "hovertemplate": f"update %{{x:{axes.HOVER_COUNT}}}<br>"
        f"{name}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def _level(ends: Sequence[float], value: float, name: str, role: int, dash: str) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(ends),
        "y": [value, value],
        "name": name,
        "line": {"width": 1.5, "dash": dash},
        "meta": {"series": role},
        "hovertemplate": f"{name}: {short(value)}<extra></extra>",
    }


def figure_of(data: list[Dict], axis: Dict, title: str, logarithmic: Sequence[Floats]) -> Dict:
    """Return the figure; numbers in `logarithmic` make the vertical axis logarithmic."""
    layout = axes.layout(
        HEIGHT, xaxis=axis, yaxis=axes.number_axis(title, zeroline=False), showlegend=True
    )
    layout["margin"]["r"] = LEGEND
    values = np.concatenate(list(logarithmic)) if logarithmic else np.empty(0)
    positive = values[np.isfinite(values) & (values > 0)]
    if positive.size:
        low, high = np.log10(positive.min()), np.log10(positive.max())
        middle, half = (low + high) / 2, max(DECADES, high - low) / 2 * 1.08
        layout["yaxis"] |= {
            "range": [float(middle - half), float(middle + half)],
            "type": "log",
            "dtick": max(1, round(half / 3)),
        }
    return {"data": data, "layout": layout}


def _chart(name: str, title: str, figure: Dict, text: str, points: Sequence[Point]) -> Chart:
    return {
        "id": name,
        "title": title,
        "phase": "",
        "views": [view("", figure, text)],
        "tables": [_table(points)],
    }


def _table(points: Sequence[Point]) -> Table:
    """Return the numbers of updates evenly spaced, those that were judged first."""
    shown = [point for point in points if point.judged is not None] or list(points)
    shown = shown[:: -(-len(shown) // MOST_ROWS)] if shown else []
    rows = [
        [
            point.loss,
            np.nan if point.judged is None else point.judged.loss,
            np.nan if point.judged is None else point.judged.value,
            point.gradient_norm,
            point.clipped_norm,
            point.weight_norm,
        ]
        for point in shown
    ]
    return {
        "head": [
            "update",
            "loss of the batch",
            "loss held out",
            "measure held out",
            "‖gradient‖",
            "‖clipped‖",
            "‖weights‖",
        ],
        "rows": [f"{point.number:,}" for point in shown],
        "cells": typed_array(np.array(rows).reshape(len(rows), 6)),
        "note": f"{len(shown):,} of {plural(len(points), 'update')}.",
    }
