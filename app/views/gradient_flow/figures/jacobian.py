"""∂h_T/∂h_k as a heat map, and its singular values."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes, notation, tables
from app.figures.types import Chart, Dict, Floats, Steps, drawable, typed_array, view
from app.figures.words import listed, plural
from app.views.gradient_flow.figures import decades
from rnn_core import EndJacobian
from rnn_core.numerals import MINUS

LOG10_OF_2 = float(np.log10(2))
PLAIN = (-4, 5)  # powers of ten within which numbers are written without a common factor
MOST_LINES = 6
MOST_NAMED = 16  # units whose states stand at the axis


def heat_map(found: EndJacobian, steps: int, states: Sequence[str] = ("h",)) -> Chart:
    """Return ∂h_T/∂h_k: row i, column j is ∂h_T[i]/∂h_k[j]; of a cell with several states s.

    Where vectors are rows, the matrix is the transpose: a row of it is a unit of step k.
    """
    values, power = _readable(found)
    values, rows = notation.turned_to_rows(values), notation.has_rows()
    hidden, s = len(values), symbol(states)
    last, first = f"unit i at step T = {steps}", f"unit j at step k = {found.k}"
    head = "j \\ i" if rows else "i \\ j"
    of_last, of_first = ("%{x}", "%{y}") if rows else ("%{y}", "%{x}")
    ends = axes.limits(values, "diverging")
    heat: Dict = {
        "type": "heatmap",
        "z": typed_array(drawable(values)),
        "x": list(range(1, hidden + 1)),
        "y": list(range(1, hidden + 1)),
        "meta": {"scale": "diverging"},
        "hoverongaps": False,
        "hovertemplate": f"∂{s}<sub>{steps}</sub>[{of_last}] / "
        f"∂{s}<sub>{found.k}</sub>[{of_first}] = "
        f"%{{z:{axes.HOVER_NUMBER}}}{_factor(power)}<extra></extra>",
        "colorbar": axes.colour_bar(),
        **ends,
    }
    data = [heat]
    if hidden <= axes.CELL_ROWS:
        data.append(axes.numbers_in_cells(values, 1, "diverging", ends["zmax"]))
    figure = {
        "data": data,
        "layout": axes.layout(
            90 + int(np.clip(36 * hidden, 150, 330)),
            xaxis=_units(hidden, last if rows else first, states) | {"range": [0.5, hidden + 0.5]},
            yaxis=_units(hidden, first if rows else last, states),
        ),
    }
    scaled = f"All numbers times 10 to the {_signed(power)}." if power else ""
    return {
        "id": "gf_jacobian",
        "title": f"∂{s}_T/∂{s}_k for k = {found.k}",
        "phase": "",
        "views": [view("", figure, _text(found, steps, s), _stacked(hidden, states), scaled)],
        "tables": [tables.matrix(f"{head}{_factor(power)}", values)],
    }


def symbol(states: Sequence[str]) -> str:
    """Return h, or s for the states of a cell that has several, one after the other."""
    return states[0] if len(states) == 1 else "s"


def _stacked(count: int, states: Sequence[str]) -> str:
    """Say where each state stands, or nothing."""
    if len(states) == 1:
        return ""
    size = count // len(states)
    ends = [
        f"{place + 1} is {state}"
        if size == 1
        else f"{place * size + 1} to {(place + 1) * size} are {state}"
        for place, state in enumerate(states)
    ]
    return f"Of the units, {listed(ends)}."


def _units(count: int, title: str, states: Sequence[str]) -> Dict:
    axis = axes.unit_axis(count, title) | {"title": {"text": title, "standoff": 6}}
    if len(states) == 1 or count > MOST_NAMED:
        return axis
    size = count // len(states)
    return axis | {
        "tickvals": list(range(1, count + 1)),
        "ticktext": [f"{state}<sub>{unit + 1}</sub>" for state in states for unit in range(size)],
    }


def _readable(found: EndJacobian) -> tuple[Floats, int]:
    """Return the matrix over a power of ten, and that power: 0 where numbers are ordinary."""
    largest = float(np.abs(found.matrix).max())
    if not (np.isfinite(largest) and largest > 0):
        return found.values, 0
    size = float(np.log10(largest)) + found.exponent * LOG10_OF_2
    power = int(np.floor(size))
    if PLAIN[0] <= power < PLAIN[1]:
        return found.values, 0
    return found.matrix / largest * 10 ** (size - power), power


def _factor(power: int) -> str:
    return f" · 10<sup>{_signed(power)}</sup>" if power else ""


def _signed(power: int) -> str:
    return str(power).replace("-", MINUS)


def _text(found: EndJacobian, steps: int, s: str) -> str:
    if found.k == steps:
        return "For k = T it is the identity."
    logs = found.log10_singular_values
    product = f"The product of {plural(steps - found.k, 'Jacobian')}"
    if np.isnan(logs[0]):
        return f"{product} is not finite."
    if np.isneginf(logs[0]):
        return f"{product} is exactly 0: no unit of step {found.k} has any effect on step {steps}."
    text = (
        f"{product}: a small change of {s}_{found.k} arrives at {s}_{steps} at most "
        f"{decades.power(logs[0])} times as long"
    )
    if len(logs) == 1:
        return f"{text}."
    if np.isnan(logs[-1]):
        return f"{text}; the least factor is lost to rounding."
    return f"{text}, and at least {decades.power(logs[-1])}."


def over_k(found: Sequence[EndJacobian], chosen: int, steps: Steps, s: str = "h") -> Chart:
    """Return the singular values of ∂h_T/∂h_k over k, the k chosen marked."""
    rising = sorted(found, key=lambda one: one.k)
    ks = np.array([one.k for one in rising])
    rows = np.stack([one.log10_singular_values for one in rising])
    hidden = rows.shape[1]
    drawn = sorted({round(i) for i in np.linspace(0, hidden - 1, min(hidden, MOST_LINES)).tolist()})
    low, high = decades.span(rows[:, drawn])
    data = [_line(ks, rows[:, i], i, role) for role, i in enumerate(drawn)]
    figure = {
        "data": data,
        "layout": axes.layout(
            300,
            xaxis=axes.time_axis(steps)
            | {"title": {"text": "step k", "standoff": 6}, "nticks": 11},
            yaxis=axes.number_axis("singular value") | decades.axis(low, high),
            showlegend=True,
            shapes=[axes.chosen_at(chosen)],
        ),
    }
    left_out = f"{len(drawn)} of {hidden} are drawn." if len(drawn) < hidden else ""
    sparse = f"{len(ks)} of {steps.count + 1} steps k are computed."
    return {
        "id": "gf_over_k",
        "title": f"Singular values of ∂{s}_T/∂{s}_k",
        "phase": "",
        "views": [
            view(
                "",
                figure,
                _rates(rows, ks, steps.count),
                left_out,
                sparse if len(ks) <= steps.count else "",
                decades.beyond(rows),
                "Values lost to rounding, below 4ε H of the largest, are left out."
                if np.isnan(rows).any() and np.isfinite(rows[:, 0]).all()
                else "",
            )
        ],
        "tables": [
            {
                "head": [
                    "k",
                    *(f"log₁₀ σ_{i + 1}" for i in range(min(hidden, tables.MOST_COLUMNS))),
                ],
                "rows": [str(k) for k in ks.tolist()],
                "cells": typed_array(rows[:, : tables.MOST_COLUMNS]),
                "note": "",
            }
        ],
    }


def _line(
    ks: "np.ndarray[tuple[int], np.dtype[np.int64]]", logs: Floats, i: int, role: int
) -> Dict:
    made = axes.line(logs, 0, f"σ_{i + 1}", role)
    return made | {
        "x": typed_array(ks),
        "y": typed_array(drawable(logs)),
        "hovertemplate": f"k = %{{x}}<br>log₁₀ σ<sub>{i + 1}</sub>: %{{y:{axes.HOVER_NUMBER}}}"
        "<extra></extra>",
    }


def _rates(rows: Floats, ks: "np.ndarray[tuple[int], np.dtype[np.int64]]", steps: int) -> str:
    """Say by how much the largest and the smallest change a step, over the whole sequence."""
    if not np.isfinite(rows[0, 0]):
        return (
            "At the far end the product is exactly 0."
            if np.isneginf(rows[0, 0])
            else ("The product is not finite.")
        )
    rate = decades.power(rows[0, 0] / max(1, steps))
    text = f"From k = {steps} back to k = 0 the largest changes by × {rate} a step"
    if rows.shape[1] == 1:
        return f"{text}."
    known = np.flatnonzero(np.isfinite(rows[:, -1]) & (ks < steps))
    if not known.size:
        return f"{text}; the smallest is lost to rounding at once."
    first = int(known[0])
    slow = decades.power(rows[first, -1] / (steps - int(ks[first])))
    return f"{text}, the smallest by × {slow}."
