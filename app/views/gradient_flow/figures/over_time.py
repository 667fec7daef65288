"""The gradient's length over time beside its bounds and its estimate."""

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Dict, Floats, Steps, view
from app.figures.words import not_finite, plural
from app.views.gradient_flow.figures import decades
from rnn_core import Extended, Flow, Theory

NAMES = {
    "h": "‖∂L/∂h_t‖",
    "z": "‖∂L/∂z_t‖",
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

LEGEND = 140  # pixels for the longest name
READING = (
    "Read from right to left, as the gradient flows. No bound can lie below the measured "
    "‖∂L/∂h_t‖; an estimate can lie on either side."
)


def chart(flow: Flow, theory: Theory, steps: Steps) -> Chart:
    """Return the chart of measured lengths and theory, t = 1 … T."""
    shown: dict[str, Extended] = {"h": flow.h, "z": flow.z}
    if theory.product is not None:
        shown["product"] = theory.product
    shown |= {"bound": theory.bound, "rate": theory.rate}
    columns = [one.log10 if name == "z" else one.log10[1:] for name, one in shown.items()]
    rows: Floats = np.stack(columns, axis=1)
    names = [NAMES[name] for name in shown]
    figure = decades.lines(rows, 1, steps, names, "length")
    figure["layout"]["margin"]["r"] = LEGEND
    for trace in figure["data"]:
        name = list(shown)[trace["meta"]["series"]]
        trace["meta"]["series"] = list(NAMES).index(name)
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
                sentence(flow),
                READING,
                decades.beyond(rows),
                decades.zero_note(rows),
                not_finite("A length", np.where(np.isneginf(rows), 0, rows), 1),
                axes.thinned(len(rows), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(rows, 1, steps, [f"log₁₀ {name}" for name in names])],
    }


def sentence(flow: Flow) -> str:
    """Say how the gradient's length changes from the last step back to the first."""
    logs, last = flow.h.log10, len(flow.z)
    at_end, at_start = decades.power(logs[last]), decades.power(logs[1])
    if last == 1:
        return f"There is one step: ‖∂L/∂h_1‖ = {at_end}."
    z = flow.z.log10
    return (
        f"‖∂L/∂h_t‖ is {at_end} at t = {last} and {at_start} at t = 1, {plural(last - 1, 'step')} "
        f"back; ‖∂L/∂z_t‖ is {decades.power(z[-1])} and {decades.power(z[0])}."
    )
