"""Several runs over one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.figures.palette import DASHES
from app.figures.types import Chart, Dict, Floats, Table, typed_array, view
from app.figures.words import short
from app.views.training.figures.curves import EMPTY, figure_of, line, updates_axis
from app.views.training.runs.stretch import Point
from rnn_core.training import Task


@dataclass(frozen=True, eq=False)
class Shown:
    """A run, and what it is called here."""

    name: str
    points: Sequence[Point]
    role: int  # which colour and dash


Line = tuple[Shown, Floats, Floats]


def charts(runs: Sequence[Shown], task: Task, updates: int) -> list[Chart]:
    """Return loss, measure and gradient of all runs, which are of one task."""
    judged = [(run, [p for p in run.points if p.judged is not None]) for run in runs]
    losses = [
        (run, _numbers(points), np.array([p.judged.loss for p in points if p.judged]))
        for run, points in judged
    ]
    values = [
        (run, _numbers(points), np.array([p.judged.value for p in points if p.judged]))
        for run, points in judged
    ]
    gradients = [
        (run, _numbers(run.points), np.array([p.gradient_norm for p in run.points])) for run in runs
    ]
    accuracy = task.measure == "accuracy"
    measure = task.measure.capitalize()
    return [
        _chart(
            "tr_c_loss", "Loss on held-out sequences", "loss", losses, updates, logarithmic=True
        ),
        _chart(
            "tr_c_value",
            f"{measure} on held-out sequences",
            "accuracy" if accuracy else "error",
            values,
            updates,
            logarithmic=not accuracy,
        ),
        _chart(
            "tr_c_norm", "Length of the gradient", "length", gradients, updates, logarithmic=True
        )
        | {"wide": True},
    ]


def _numbers(points: Sequence[Point]) -> Floats:
    return np.array([point.number for point in points], float)


def _chart(
    name: str,
    title: str,
    axis: str,
    lines: Sequence[Line],
    updates: int,
    *,
    logarithmic: bool,
) -> Chart:
    zeros = [run.name for run, _, y in lines if logarithmic and (y == 0).any()]
    note = f"0 has no place on a logarithmic axis: {', '.join(zeros)}." if zeros else ""
    drawn = [(run, x, np.where(y == 0, np.nan, y) if zeros else y) for run, x, y in lines]
    data = [line(x, y, run.name, run.role, width=2, dash=DASHES[run.role]) for run, x, y in drawn]
    figure: Dict = figure_of(
        data, updates_axis(updates), axis, [y for *_, y in drawn] if logarithmic else []
    )
    told = [f"{short(float(y[-1]))} ({run.name})" for run, _, y in lines if len(y)]
    return {
        "id": name,
        "title": title,
        "phase": "",
        "views": [view("", figure, f"Last: {', '.join(told)}." if told else EMPTY, note)],
        "tables": [_last(axis, lines)],
    }


def _last(axis: str, lines: Sequence[Line]) -> Table:
    rows = [[x[-1], y[-1], y.min(), y.max()] for _, x, y in lines if len(y)]
    return {
        "head": ["run", "update", f"{axis} then", "smallest", "largest"],
        "rows": [run.name for run, _, y in lines if len(y)],
        "cells": typed_array(np.array(rows, float).reshape(len(rows), 4)),
        "note": "",
    }
