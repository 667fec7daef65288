"""Finite differences of the loss: truncation against rounding, with the step as a slider."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.words import in_full, short
from app.views.numerics import compute
from app.views.numerics.figures.differences import v_curve
from app.views.numerics.sections import controls
from app.views.shared.bound import slider

DEFAULT_LOGIT = 1.5
DEFAULT_POWER = -3.0


def render() -> None:
    """Draw controls, what the chosen step gives, and the V curve."""
    row = controls.row("nu_difference_controls")
    dtype = controls.floating_format(row)
    a = controls.logit(row, "nu_fa", DEFAULT_LOGIT, dtype)
    y = controls.target(row)
    power = slider(
        row,
        "Step h = 10ⁿ: n",
        compute.SMALLEST_STEP,
        compute.LARGEST_STEP,
        DEFAULT_POWER,
        0.1,
        width=320,
        key="nu_h",
    )
    here = compute.quotient_at(a, y, float(power), dtype)
    h = float(here.h[0])
    st.markdown(
        f"In {dtype} at a = {short(a)}, y = {short(y)}: ∂L/∂a = p − y = "
        f"**{short(here.exact)}**. With h = {in_full(h)} the central difference is "
        f"**{short(float(here.central[0]))}**, off by {short(float(here.central_error[0]))} "
        f"(estimates: truncation {short(float(here.central_truncation[0]))}, rounding "
        f"{short(float(here.rounding[0]))}), and the forward difference "
        f"**{short(float(here.forward[0]))}**, off by {short(float(here.forward_error[0]))} "
        f"(truncation {short(float(here.forward_truncation[0]))})."
    )
    chart_view([v_curve(compute.quotients(a, y, dtype), here, dtype)], key="numerics_differences")
    st.markdown("What each quotient adds to $L'$, by Taylor’s theorem:")
    st.latex(r"\frac{L(a+h)-L(a)}{h} = L' + \tfrac{h}{2}L'' + \dots")
    st.latex(r"\frac{L(a+h)-L(a-h)}{2h} = L' + \tfrac{h^2}{6}L''' + \dots")
    st.latex(r"L' = p-y \qquad L'' = p(1-p) \qquad L''' = p(1-p)(1-2p)")
