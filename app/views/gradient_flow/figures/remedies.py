"""The gradient's length over time with each remedy, on one sequence."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Steps, view
from app.figures.words import listed, not_finite
from app.views.gradient_flow.figures import decades
from rnn_core import Treated

NAMES = {
    "none": "as it is",
    "orthogonal": "orthogonal",
    "irnn": "IRNN",
    "relu": "ReLU",
    "gru": "GRU",
    "lstm": "LSTM",
    "step": "smaller step",
    "truncation": "truncation",
}


def chart(found: Sequence[Treated], steps: Steps) -> Chart:
    """Return ‖∂L/∂h_t‖ over t = 1 … T, a line for each remedy."""
    rows = np.stack([one.h.log10[1:] for one in found], axis=1)
    names = [NAMES[one.name] for one in found]
    figure = decades.lines(rows, 1, steps, names, "‖∂L/∂h<sub>t</sub>‖", height=360)
    figure["layout"]["margin"]["r"] = 150
    return {
        "id": "gf_remedies",
        "title": "‖∂L/∂h_t‖ with each remedy",
        "phase": "b",
        "views": [
            view(
                "",
                figure,
                _text(found),
                decades.zero_note(rows),
                decades.beyond(rows),
                not_finite("A length", np.where(np.isneginf(rows), 0, rows), 1),
                axes.thinned(len(rows), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(rows, 1, steps, [f"log₁₀: {name}" for name in names])],
    }


def _text(found: Sequence[Treated]) -> str:
    last = len(found[0].h) - 1
    parts = [f"{NAMES[one.name]} × {decades.power(one.h.log10_ratio(1, last), 3)}" for one in found]
    return f"From t = {last} back to t = 1: {listed(parts, len(parts))}."
