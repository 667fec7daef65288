"""Throughput over the batch, and the padded batch."""

from collections.abc import Mapping

import numpy as np

from app.figures import axes, plain
from app.figures.types import Chart, Dict, Floats, Steps, Table, typed_array, view
from app.figures.words import short
from app.work.timing import Timing


def throughput(times: Mapping[str, Timing], steps: int) -> Chart:
    """Return sequences a second over the batch size: medians, with quartiles as bars."""
    sizes = [int(name) for name in times]
    rates = np.array(
        [[size / t for t in (times[str(size)].median, times[str(size)].high, times[str(size)].low)]
         for size in sizes]
    )  # fmt: skip
    figure = plain.figure(sizes, rates[:, :1], ["sequences a second"], "sequences at once, B", "")
    plain.log_across(figure, sizes, sizes)
    figure["data"][0]["error_y"] = {
        "type": "data",
        "symmetric": False,
        "array": (rates[:, 2] - rates[:, 0]).tolist(),
        "arrayminus": (rates[:, 0] - rates[:, 1]).tolist(),
        "thickness": 1.5,
    }
    figure["layout"]["yaxis"] |= {
        "title": {"text": "sequences a second", "standoff": 4},
        "rangemode": "tozero",
    }
    gain = rates[-1, 0] / rates[0, 0]
    first, last = (times[str(size)].median for size in (sizes[0], sizes[-1]))
    text = (
        f"One sequence of {steps} steps takes {short(first * 1e6, 3)} µs, {sizes[-1]} at once take "
        f"{short(last * 1e6, 3)} µs: {rates[0, 0]:,.0f} and {rates[-1, 0]:,.0f} "
        f"sequences a second, {short(gain, 3)} times as many."
    )
    rows = np.array([[times[str(size)].median, times[str(size)].low, times[str(size)].high]
                     for size in sizes])  # fmt: skip
    return {
        "id": "wl_throughput",
        "title": "Throughput over the size of the batch",
        "phase": "",
        "views": [view("", figure, text)],
        "tables": [
            plain.table(
                "B", [str(size) for size in sizes], np.column_stack([rows, rates[:, 0]]),
                ["median s", "lower quartile", "upper quartile", "sequences a second"],
            )
        ],
    }  # fmt: skip


def padded(h: Floats, lasting: Floats, unit: int) -> Chart:
    """Return one unit's states (T + 1, B) of a padded batch, held ones framed by the mask.

    `lasting` (T, B) is 1 where a sequence lasts and 0 where it is padded.
    """
    steps = Steps(len(lasting))
    padding = int((lasting == 0).sum())
    text = (
        f"{padding} of {lasting.size} cells are padding, {padding / lasting.size:.0%}: computed, "
        "but held at the last state and without gradient."
    )
    states = axes.heat_map(h, 0, steps, noun="sequence")
    mask = axes.heat_map(lasting, 1, steps, noun="sequence", scale="sequential")
    for figure in (states, mask):
        figure["layout"]["yaxis"]["title"] = {"text": "sequence", "standoff": 4}
    states["data"] += [_ends(lasting)]
    return {
        "id": "wl_padded",
        "title": "The padded batch",
        "phase": "f",
        "views": [
            view(f"States of unit {unit + 1}", states, text, "A bar marks each sequence's end."),
            view("Mask", mask, text, "1 where a sequence lasts, 0 where it is padded."),
        ],
        "tables": [_mask_table(lasting)],
    }


def _ends(lasting: Floats) -> Dict:
    lengths = lasting.sum(axis=0)
    across: list[float | None] = []
    down: list[float | None] = []
    for b, length in enumerate(lengths.tolist(), 1):
        across += [length + 0.5, length + 0.5, None]
        down += [b - 0.5, b + 0.5, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": down,
        "line": {"width": 4},
        "marker": {"size": 1},
        "meta": {"accent": True},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _mask_table(lasting: Floats) -> Table:
    lengths = lasting.sum(axis=0)
    return {
        "head": ["sequence", "length", "padding"],
        "rows": [str(b + 1) for b in range(len(lengths))],
        "cells": typed_array(np.stack([lengths, len(lasting) - lengths], axis=1)),
        "note": "",
    }
