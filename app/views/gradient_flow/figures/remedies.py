"""The gradient's length over time with each remedy, on one sequence."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Steps, view
from app.figures.words import listed, not_finite
from app.views.gradient_flow.figures import decades
from rnn_core import CELLS, Treated

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
    """Return ‖∂L/∂h_t‖ over t = 1 … T, a line for each remedy.

    Of a cell with another state, such as c, the length by that one is a thin line of its colour.
    """
    lengths, names, roles = [], [], []
    for role, one in enumerate(found):
        lengths += [one.h, *one.others.values()]
        names += [
            NAMES[one.name],
            *(f"{NAMES[one.name]}, by {_called(state)}" for state in one.others),
        ]
        roles += [role] * (1 + len(one.others))
    rows = np.stack([length.log10[1:] for length in lengths], axis=1)
    by = "length" if len(lengths) > len(found) else "‖∂L/∂h<sub>t</sub>‖"
    figure = decades.lines(rows, 1, steps, names, by, height=360)
    figure["layout"]["margin"]["r"] = 150
    for trace in figure["data"]:
        line = trace["meta"]["series"]
        trace["meta"]["series"] = roles[line]
        if line and roles[line] == roles[line - 1] and "line" in trace:
            trace |= {"mode": "lines", "line": {"width": 1.5, "dash": "dot"}}
    return {
        "id": "gf_remedies",
        "title": "Length of the gradient with each remedy",
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


def _called(state: str) -> str:
    """Return what a state is called: it may be of another cell than the experiment's."""
    return next(cell.line[state].title for cell in CELLS.values() if state in cell.states)


def _text(found: Sequence[Treated]) -> str:
    last = len(found[0].h) - 1
    parts = [
        f"{NAMES[one.name]} × {decades.power(length.log10_ratio(1, last))}{by}"
        for one in found
        for length, by in (
            (one.h, ""),
            *((each, f" by {_called(s)}") for s, each in one.others.items()),
        )
    ]
    return f"‖∂L/∂h_t‖ from t = {last} back to t = 1: {listed(parts, len(parts))}."
