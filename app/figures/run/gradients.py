"""Charts of the gradients that flow back through time."""

import numpy as np

from app.figures import axes, downsample, tables
from app.figures.norms import lengths
from app.figures.run import states
from app.figures.types import Chart, Dict, Floats, Steps, View, typed_array, view
from app.figures.words import not_finite, plotly_symbol, plural, short
from rnn_core import Gradients

DECADES = 3
"""Orders of magnitude shown at least: a flat line should look flat."""


def charts(grads: Gradients, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group "Gradients" for one sequence of the batch."""
    cell = grads.trace.cell
    others = [name for name in cell.states if name != "h"]
    # The sum of an Elman network beside its state; of another cell its states alone.
    drawn = ["h", *(others or [cell.lines[0].name]), "x"]
    by = {name: grads[name][:, sample] for name in grads.quantities}
    rows = np.stack([lengths(by[name])[-len(by["x"]) :] for name in drawn], axis=1)
    initial = float(lengths(by["h"][:1])[0])
    return [_norms(rows, drawn, initial, grads, steps), _maps(by, grads, steps)]


def _norms(rows: Floats, drawn: list[str], initial: float, grads: Gradients, steps: Steps) -> Chart:
    names = [f"‖∂L/∂{name}_t‖" for name in drawn]
    figure = log_lines(rows, 1, steps, names, "length")
    notes = [
        f"‖∂L/∂h_0‖ = {short(initial)}.",
        _truncated(grads),
        zero_note(rows),
        not_finite("A length", rows, 1),
        axes.thinned(len(rows), lines_drawn=True),
    ]
    return {
        "id": "norms",
        "title": "Length of the gradient",
        "phase": "b",
        "views": [view("", figure, _flow(rows[:, 0]), *notes)],
        "tables": [tables.over_time(rows, 1, steps, names)],
    }


def _flow(norms: Floats) -> str:
    """Say how ‖∂L/∂h_t‖ changes from the last step back to the first."""
    last, first = float(norms[-1]), float(norms[0])
    count = len(norms)
    name = "‖∂L/∂h_t‖"
    if not norms.any():
        return f"{name} is exactly 0 at every step: the loss does not depend on the states."
    if count == 1:
        return f"{name} is {short(last)} at t = 1."
    if not np.isfinite(norms).all():
        back = int(np.flatnonzero(~np.isfinite(norms)).max()) + 1
        return f"Going back from t = {count}, {name} is not finite from t = {back} on."
    reached = f"from {short(last)} at t = {count} to {short(first)} at t = 1"
    if first == 0:
        zeros = int(np.flatnonzero(norms).min())
        return (
            f"Going back, {name} becomes exactly 0 at t = {zeros}; "
            f"at t = {count} it is {short(last)}."
        )
    verb = "stays" if last and 0.5 <= first / last <= 2 else "falls" if first < last else "grows"
    if verb == "stays":
        return f"{name} keeps its order of magnitude: {reached}."
    return f"Going back, {name} {verb} {reached}."


def _truncated(grads: Gradients) -> str:
    if grads.truncate is None or grads.truncate >= grads.trace.steps:
        return ""
    return f"Gradients are cut off after {plural(grads.truncate, 'step')} back."


def zero_note(rows: Floats) -> str:
    """Explain the marks that stand for exact zeros, if there are any."""
    if not (rows == 0).any():
        return ""
    return "A triangle on the lower edge is an exact 0, which a logarithmic axis cannot show."


def log_lines(
    rows: Floats, first: int, steps: Steps, names: list[str], title: str, height: int = 280
) -> Dict:
    """Return lines (T, n) on a logarithmic axis, with exact zeros marked on its lower edge."""
    visible = rows[np.isfinite(rows) & (rows > 0)]
    low, high = (0.0, 0.0)
    if visible.size:
        low, high = float(np.log10(visible.min())), float(np.log10(visible.max()))
    missing = max(0.0, DECADES - (high - low)) / 2
    low, high = low - missing, high + missing
    pad = 0.06 * (high - low)
    floor = low - 2 * pad
    figure = axes.lines(np.where(rows > 0, rows, np.nan), first, steps, names, title, height)
    for role in range(rows.shape[1]):
        zeros = np.flatnonzero(rows[:, role] == 0)
        if zeros.size:
            figure["data"].append(_zeros(zeros + first, 10.0**floor, names[role], role))
    figure["layout"]["yaxis"] |= {
        "range": [floor - pad, high + pad],
        "dtick": max(1, round((high - low) / 6)),
        "type": "log",
        "zeroline": False,
    }
    return figure


def _zeros(places: downsample.Indices, floor: float, name: str, role: int) -> Dict:
    shown = places
    if len(places) > downsample.MOST_POINTS:  # runs of zeros look the same with fewer marks
        shown = places[:: -(-len(places) // downsample.MOST_POINTS)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(shown),
        "y": typed_array(np.full(len(shown), max(floor, 1e-307))),
        "name": f"{plotly_symbol(name)} = 0",
        "showlegend": False,
        "marker": {"symbol": "triangle-down", "size": 9},
        "meta": {"series": role},
        "hovertemplate": f"t = %{{x}}<br>{plotly_symbol(name)} is exactly 0<extra></extra>",
    }


def _maps(by: dict[str, Floats], grads: Gradients, steps: Steps) -> Chart:
    """Return a view for each quantity: the states first, the input last."""
    views, made = [], []
    states_first = grads.trace.cell.states
    between = [name for name in by if name not in (*states_first, "x")]
    for symbol in (*states_first, *between, "x"):
        rows = by[symbol]
        first, noun = 0 if symbol in states_first else 1, "input" if symbol == "x" else "unit"
        views.append(_map(rows, first, f"∂L/∂{symbol}", noun, grads, steps))
        names = [f"∂L/∂{symbol} {i + 1}" for i in range(rows.shape[1])]
        made.append(tables.over_time(rows, first, steps, names))
    return {
        "id": "gradient_maps",
        "title": "Gradient of each unit",
        "phase": "b",
        "views": views,
        "tables": made,
    }


def _map(rows: Floats, first: int, name: str, noun: str, grads: Gradients, steps: Steps) -> View:
    text = f"{name} of {plural(rows.shape[1], noun)}: {states.span(rows, first, noun)}."
    if not rows.any():
        text = f"{name} is exactly 0 everywhere."
    return view(
        f"{name}_t",
        axes.heat_map(rows, first, steps, noun=noun),
        text,
        "Colour grows with the square root of the size, so that small numbers differ from 0.",
        _truncated(grads),
        not_finite(name, rows, first),
        axes.thinned(len(rows), lines_drawn=False),
    )
