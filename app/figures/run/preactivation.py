"""Charts of what a step computes between its input and its state.

Of an Elman network these are the pre-activations, and how much slope the activation has there; of
another cell its gates, and the sums that they are functions of.
"""

import numpy as np

from app.figures import axes, tables
from app.figures.run import states
from app.figures.types import Chart, Floats, Steps, View, view
from app.figures.words import listed, not_finite, plural, short
from rnn_core import ACTIVATIONS, Trace
from rnn_core.cells import ADD

SATURATED = 0.1
"""Slope below which a unit counts as saturated: a tenth of what tanh has at 0."""


ELMAN = "elman"


def charts(trace: Trace, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group for one sequence of the batch."""
    if trace.cell.name != ELMAN:
        return _lines(trace, sample, steps)
    z = trace.z[:, sample]
    slope = ACTIVATIONS[trace.activation].slope(z)
    symbol = ACTIVATIONS[trace.activation].symbol
    made = [
        states.over_units(z, 1, steps, key="z", title="Pre-activations z_t", symbol="z"),
        _slope(slope, symbol, steps),
    ]
    made.append(_saturation(slope, symbol, steps))
    return made


def title_of(trace: Trace) -> str:
    """Return the name of the group."""
    return "Pre-activation" if trace.cell.name == ELMAN else "Gates"


def gates(trace: Trace, sample: int, steps: Steps) -> list[Chart]:
    """Return a chart for each quantity between the sums of a step and its states."""
    return [
        states.over_units(
            trace[line.name][:, sample],
            1,
            steps,
            key=f"line_{line.name}",
            title=f"{line.title.capitalize()} {line.name}_t".strip(),
            symbol=line.name,
            scale="sequential" if line.op == "sigmoid" else "diverging",  # a gate is 0 to 1
        )
        for line in trace.cell.lines
        if line.name not in trace.cell.states and line.op != ADD
    ]


def _lines(trace: Trace, sample: int, steps: Steps) -> list[Chart]:
    """Return a chart for each function of a sum, and one with a view for each sum."""
    made = gates(trace, sample, steps)
    inner = [line for line in trace.cell.lines if line.name not in trace.cell.states]
    sums = [line.name for line in inner if line.op == ADD]
    parts = [
        states.over_units(
            trace[name][:, sample], 1, steps, key=name, title=name, symbol=name.replace("_", "")
        )
        for name in sums
    ]
    views: list[View] = [
        {**part["views"][0], "name": f"{name}_t"} for name, part in zip(sums, parts, strict=True)
    ]
    whole: Chart = {
        "id": "sums",
        "title": "Sums",
        "phase": "f",
        "views": views,
        "tables": [table for part in parts for table in part["tables"]],
    }
    return [*made, whole] if sums else made


def _slope(slope: Floats, symbol: str, steps: Steps) -> Chart:
    units = slope.shape[1]
    figure = axes.heat_map(slope, 1, steps, scale="sequential")
    finite = np.isfinite(slope)
    if not finite.any():
        text = "No slope is finite."
    elif slope[finite].min() == slope[finite].max():
        text = f"The slope of {symbol} is {short(float(slope[finite][0]))} everywhere"
        text += ": every gradient passes as it is." if slope[finite][0] == 1 else "."
    else:
        text = (
            f"The slope of {symbol} that each gradient is multiplied by: from "
            f"{short(float(slope[finite].min()))} to {short(float(slope[finite].max()))}, "
            f"on average {short(float(slope[finite].mean()))}."
        )
    return {
        "id": "slope",
        "title": "Slope φ′(z_t)",
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                text,
                not_finite("φ′(z)", slope, 1),
                axes.thinned(len(slope), lines_drawn=False),
            )
        ],
        "tables": [tables.over_time(slope, 1, steps, [f"unit {i + 1}" for i in range(units)])],
    }


def _saturation(slope: Floats, symbol: str, steps: Steps) -> Chart:
    """Return the share of units, at each step, whose slope is small, and whose slope is zero."""
    shares = np.stack([(slope < SATURATED).mean(axis=1), (slope == 0).mean(axis=1)], axis=1)
    names = [f"slope < {SATURATED}", "slope = 0"]
    figure = axes.lines(shares, 1, steps, names, "share of units", height=190)
    figure["layout"]["yaxis"] |= {"range": [-0.05, 1.05], "nticks": 3, **axes.SHARES}
    return {
        "id": "saturation",
        "title": "Saturated and dead units",
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                _saturation_text(slope, symbol),
                f"Saturated: slope of {symbol} below {SATURATED}. Dead: slope 0 at every step.",
                axes.thinned(len(slope), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(shares, 1, steps, names)],
    }


def _saturation_text(slope: Floats, symbol: str) -> str:
    low = slope < SATURATED
    if not low.any():
        return f"No unit is ever saturated: the slope of {symbol} never falls below {SATURATED}."
    dead = np.flatnonzero((slope == 0).all(axis=0)) + 1
    worst = int(low.sum(axis=1).argmax())
    count = int(low[worst].sum())
    verb = "is" if count == 1 else "are"
    text = (
        f"{short(100 * float(low.mean()), 3)} % of all slopes are below {SATURATED}; most at "
        f"t = {worst + 1}, where {count} of {plural(slope.shape[1], 'unit')} {verb}."
    )
    if dead.size:
        noun = "Unit" if dead.size == 1 else "Units"
        verb = "is" if dead.size == 1 else "are"
        names = listed([str(i) for i in dead.tolist()])
        text += f" {noun} {names} {verb} dead: no gradient passes at any step."
    return text
