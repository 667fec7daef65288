"""The state space: field, path and fixed points."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.words import short
from app.views.gradient_flow.compute import space
from app.views.gradient_flow.compute.space import Floats
from app.views.gradient_flow.figures import space as figures
from app.views.gradient_flow.figures import state_space
from app.views.shared import scene
from app.views.shared.bound import choice, slider
from rnn_core import FixedPoint, FixedPoints

INPUTS = {"zero": "x = 0", "mean": "Mean of the sequence", "step": "Input of one step"}
MOST_LISTED = 6
MOST_UNITS = 3
DECIMALS = 12


def render(experiment: Experiment) -> None:
    """Draw the state space with the input held, and list its fixed points."""
    held, step = _input(experiment)
    x = space.input_of(experiment, held, step)
    h = space.states_of(experiment)
    found = space.fixed_points_of(experiment, held, step)
    st.markdown(_point(found, held, step, x))
    charts = state_space.charts(experiment, found, x)
    if experiment.hidden == 3:
        chart_view(charts, key="gf_space", steps=len(h) - 1)
        st.markdown(_table(found))
    else:
        # In a show nothing is small enough to stand beside the drawing.
        left, right = (st.container(), st.container()) if scene.is_large() else st.columns(2)
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
