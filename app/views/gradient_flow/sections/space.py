"""The state space: field, path and fixed points."""

from itertools import combinations

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.types import Chart
from app.figures.words import short
from app.views.gradient_flow.compute import space
from app.views.gradient_flow.compute.space import Floats
from app.views.gradient_flow.figures import explained
from app.views.gradient_flow.figures import space as figures
from app.views.gradient_flow.figures.space import Panel
from app.views.shared.bound import choice, slider
from rnn_core import FixedPoint, FixedPoints

INPUTS = {"zero": "x = 0", "mean": "Mean of the sequence", "step": "Input of one step"}
SIDE, SIDE_OF_THREE = 15, 11
MOST_LISTED = 6
MOST_UNITS = 3
DECIMALS = 12
CURVE = 301


def render(experiment: Experiment) -> None:
    """Draw the state space with the input held, and list its fixed points."""
    held, step = _input(experiment)
    x = space.input_of(experiment, held, step)
    h = space.states_of(experiment)
    found = space.fixed_points_of(experiment, held, step)
    st.markdown(_point(found, held, step, x))
    if experiment.hidden > 3:
        charts = _principal(experiment, found, h)
    else:
        charts = [_whole(experiment, found, x, h)]
    if experiment.hidden == 3:
        chart_view(charts, key="gf_space", steps=len(h) - 1)
        st.markdown(_table(found))
    else:
        left, right = st.columns([1, 1])
        with left:
            chart_view(charts[:1], key="gf_space", steps=len(h) - 1)
        with right:
            st.markdown(_table(found))
            if len(charts) > 1:
                chart_view(charts[1:], key="gf_explained")
    st.caption(
        "Fixed points are minima of q(h) = ½ ‖F(h) − h‖² with q = 0, found by Levenberg and "
        "Marquardt's method from states of the path and a grid (Sussillo and Barak, 2013); a slow "
        "point is a minimum with q > 0. Stable: all eigenvalues λ of the Jacobian inside the unit "
        "circle; unstable: all outside; saddle: some of each; marginal: on the circle, or at the "
        "kink of ReLU. Near a stable point gradients vanish, near the others they can grow."
    )


def _input(experiment: Experiment) -> tuple[str, int]:
    steps = experiment.sizes[0]
    left, right = st.columns(2)
    held = choice("Input that is held", "gf_input", INPUTS, "zero", place=left, look="buttons")
    step = 1
    if held == "step" and steps > 1:
        step = int(slider(right, "Step t", 1, steps, 1, key="gf_t"))
    return held, step


def _point(found: FixedPoints, held: str, step: int, x: Floats) -> str:
    numbers = ", ".join(short(value) for value in x[:4].tolist()) + (", …" if len(x) > 4 else "")
    name = {"zero": "x = 0", "mean": "the mean of the sequence", "step": f"$x_{{{step}}}$"}[held]
    held_at = name if held == "zero" else f"{name} = [{numbers}]"
    return (
        rf"With the input held at {held_at}, the recurrence repeats "
        rf"$F(h) = \varphi(W_{{hh}}h + W_{{xh}}x + b_h)$. **{figures.sentence(found)}**"
    )


def _whole(experiment: Experiment, found: FixedPoints, x: Floats, h: Floats) -> Chart:
    hidden = experiment.hidden
    points = figures.coordinates(found, hidden)
    if hidden == 1:
        return figures.chart([_one_unit(experiment, x, h, points)], found, h, _path(h))
    pairs = list(combinations(range(hidden), 2))
    side = SIDE if hidden == 2 else SIDE_OF_THREE
    panels = []
    for i, j in pairs:
        ends = figures.ranges(h[:, [i, j]], points[:, [i, j]])
        cut = space.slice_of(experiment, x, (i, j), ends, side)
        panels.append(
            Panel(
                (f"unit {i + 1}", f"unit {j + 1}"),
                h[:, [i, j]],
                points[:, [i, j]],
                ends,
                field=(cut.places, cut.moves),
            )
        )
    notes = [
        "Arrows point along F(h) − h; their length grows with its root.",
        "In each plane the field is that with the third unit as in the last state."
        if hidden == 3
        else "",
        _outside(panels),
    ]
    return figures.chart(panels, found, h, _path(h), *notes)


def _one_unit(experiment: Experiment, x: Floats, h: Floats, points: Floats) -> Panel:
    path = np.concatenate([h[:-1], h[1:]], axis=1)
    pairs = np.repeat(points, 2, axis=1)
    ends = figures.ranges(path, pairs)
    low, high = min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])
    line = np.linspace(low, high, CURVE)
    return Panel(
        ("h<sub>t−1</sub>", "h<sub>t</sub>"),
        path,
        pairs,
        ([low, high], [low, high]),
        curve=(line, space.map_of(experiment, x, line)),
    )


def _principal(experiment: Experiment, found: FixedPoints, h: Floats) -> list[Chart]:
    principal = space.principal_of(experiment)
    path = principal.project(space.finite_states(experiment))
    points = principal.project(figures.coordinates(found, experiment.hidden))
    panel = Panel(
        ("PC 1", "PC 2"),
        path[:, :2],
        points[:, :2],
        figures.ranges(path[:, :2], points[:, :2]),
    )
    share = short(100 * float(principal.shares[:2].sum()))
    text = (
        f"The path of {experiment.hidden} units on its first two principal components, which "
        f"explain {share} % of its variance."
    )
    return [
        figures.chart([panel], found, h, text, _outside([panel])),
        explained.chart(np.asarray(principal.shares)),
    ]


def _path(h: Floats) -> str:
    ends = [
        f"h_{t} = [{', '.join(short(value) for value in h[t].tolist())}]" for t in (0, len(h) - 1)
    ]
    return f"The path goes from {ends[0]} to {ends[1]}."


def _outside(panels: list[Panel]) -> str:
    """Say how many points lie outside the drawing, or nothing."""
    gone = 0
    for panel in panels[:1]:
        low, high = np.array(panel.ranges).T
        gone = int(((panel.points < low) | (panel.points > high)).any(axis=1).sum())
    return (
        f"{gone} of the points found lie outside the drawing; the table has them." if gone else ""
    )


def _table(found: FixedPoints) -> str:
    points = figures.points_of(found)
    if not points:
        return ""
    head = (
        r"| | $h$ | $\max\lvert\lambda\rvert$ | $\lVert F(h) - h\rVert$ |" "\n|:--|:--|:--|--:|\n"
    )
    lines = [
        f"| {kind} | `{_state(point)}` | `{_largest(point)}` | `{short(point.residual, 2)}` |"
        for kind, point in points[:MOST_LISTED]
    ]
    left = len(points) - MOST_LISTED
    more = f"\n\n{left} more are in the table of numbers." if left > 0 else ""
    return head + "\n".join(lines) + more


def _state(point: FixedPoint) -> str:
    """Return the first units; what differs from 0 by rounding alone is written as 0."""
    shown = [short(round(value, DECIMALS)) for value in point.h[:MOST_UNITS].tolist()]
    return "[" + ", ".join(shown) + (", …]" if len(point.h) > MOST_UNITS else "]")


def _largest(point: FixedPoint) -> str:
    value = point.eigenvalues[0]
    size = short(float(abs(value)))
    if abs(value.imag) > 0:
        angle = short(float(np.degrees(np.angle(value))), 3)
        return f"{size} at ±{angle.removeprefix('−')}°"
    return size
