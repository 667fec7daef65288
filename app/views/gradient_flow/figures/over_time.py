"""The gradient's length over time beside its bounds and its estimate."""

from collections.abc import Mapping

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Dict, Floats, Steps, view
from app.figures.words import listed, not_finite, plural
from app.views.gradient_flow.figures import decades
from rnn_core import Extended, Flow

NAMES = {
    "product": "bound ∏‖J‖",
    "bound": "bound σᵀ⁻ᵗ",
    "rate": "estimate ρᵀ⁻ᵗ",
}
LINES: dict[str, Dict] = {
    "product": {"line": {"width": 6, "dash": "solid"}, "opacity": 0.45},
    "bound": {"line": {"width": 11, "dash": "solid"}, "opacity": 0.4},
    "rate": {"line": {"width": 3, "dash": "dot"}},
}
"""Theory in bands of different width, so that lines that coincide are all seen."""

AFTER = 2  # places of colours that are left to what is measured
LEGEND = 140  # pixels for the longest name
READING = (
    "Read from right to left, as the gradient flows. No bound can lie below the measured "
    "‖∂L/∂h_t‖; an estimate can lie on either side."
)


def chart(flow: Flow, bounds: Mapping[str, Extended], steps: Steps) -> Chart:
    """Return the chart of measured lengths and theory, t = 1 … T.

    Measured are the lengths by each state, and by the pre-activation of a cell that has one.
    """
    measured = {**flow.states, **(flow.sums if len(flow.sums) == 1 else {})}
    shown = {**measured, **bounds}
    places = [*range(len(measured)), *range(max(AFTER, len(measured)), len(measured) + len(NAMES))]
    roles = dict(zip((*measured, *NAMES), places, strict=False))
    rows = _rows(shown, len(flow.h) - 1)
    names = [NAMES.get(name, length_by(name)) for name in shown]
    figure = decades.lines(rows, 1, steps, names, "length")
    figure["layout"]["margin"]["r"] = LEGEND
    for trace in figure["data"]:
        name = list(shown)[trace["meta"]["series"]]
        trace["meta"]["series"] = roles[name]
        if name in LINES and trace["mode"] != "markers":
            trace |= {"mode": "lines", **LINES[name]}
    figure["data"].reverse()  # theory lies below what is measured
    figure["layout"]["legend"]["traceorder"] = "reversed"
    return {
        "id": "gf_flow",
        "title": "Length of the gradient, and what theory allows",
        "phase": "b",
        "views": [
            view(
                "",
                figure,
                f"{sentence(flow)} {decades.together(rows, names)}".strip(),
                READING,
                decades.beyond(rows),
                decades.zero_note(rows),
                not_finite("A length", np.where(np.isneginf(rows), 0, rows), 1),
                axes.thinned(len(rows), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(rows, 1, steps, [f"log₁₀ {name}" for name in names])],
    }


def of_sums(flow: Flow, steps: Steps) -> Chart:
    """Return the chart of the lengths by each sum of a cell that has several."""
    rows = _rows(flow.sums, len(flow.h) - 1)
    names = [length_by(name) for name in flow.sums]
    figure = decades.lines(rows, 1, steps, names, "length")
    figure["layout"]["margin"]["r"] = LEGEND
    ends = [
        f"{name} from {decades.power(logs[-1])} to {decades.power(logs[0])}"
        for name, logs in zip(names, rows.T, strict=True)
    ]
    return {
        "id": "gf_sums",
        "title": "Length of the gradient by what enters each gate",
        "phase": "b",
        "views": [
            view(
                "",
                figure,
                f"From t = {len(rows)} back to t = 1: {listed(ends, len(ends))}.",
                decades.beyond(rows),
                decades.zero_note(rows),
                not_finite("A length", np.where(np.isneginf(rows), 0, rows), 1),
                axes.thinned(len(rows), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(rows, 1, steps, [f"log₁₀ {name}" for name in names])],
    }


def length_by(name: str) -> str:
    """Return ‖∂L/∂h_t‖, and of a name that has a subscript of its own ‖∂L/∂z_i‖."""
    return f"‖∂L/∂{name}‖" if "_" in name else f"‖∂L/∂{name}_t‖"


def _rows(lengths: Mapping[str, Extended], count: int) -> Floats:
    """Return log₁₀ of each over t = 1 … T, (T, n)."""
    return np.stack([one.log10[-count:] for one in lengths.values()], axis=1)


def sentence(flow: Flow) -> str:
    """Say how the gradient's length changes from the last step back to the first."""
    logs, last = flow.h.log10, len(flow.h) - 1
    at_end, at_start = decades.power(logs[last]), decades.power(logs[1])
    if last == 1:
        return f"There is one step: ‖∂L/∂h_1‖ = {at_end}."
    beside = {**flow.others, **(flow.sums if len(flow.sums) == 1 else {})}
    said = "".join(
        f"; {length_by(name)} is {decades.power(one.log10[-1])} and "
        f"{decades.power(one.log10[-last])}"
        for name, one in beside.items()
    )
    return (
        f"‖∂L/∂h_t‖ is {at_end} at t = {last} and {at_start} at t = 1, {plural(last - 1, 'step')} "
        f"back{said}."
    )
