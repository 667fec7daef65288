"""The slope of tanh by three forms: why 1 − h² loses its digits where a unit saturates."""

from typing import Any

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures import notation
from app.figures.precision_words import link_line
from app.figures.words import in_full, short
from app.views.numerics import compute
from app.views.numerics.figures.errors import errors
from app.views.numerics.sections import controls
from app.views.numerics.sections.loss import outcome_table, without_markup
from rnn_core import CELLS
from rnn_core.precision import Outcome, exact_slope, rounded

DEFAULT = 10.0
LARGEST = 500.0
DIGITS = 12
"""Of the slopes: enough to see two forms differ while the error is still small."""
EXAMPLES: dict[str, dict[str, Any]] = {
    f"z = {z}{'' if dtype == 'float64' else f', {dtype}'}": {"nu_z": str(z), "nu_f": dtype}
    for z, dtype in ((3, "float64"), (10, "float64"), (18, "float64"), (20, "float64"),
                     (9, "float32"), (4, "float16"))
}  # fmt: skip
OWN = frozenset({"e"})  # h and z are those of the network in this section alone


def render() -> None:
    """Draw controls, what the forms give at the pre-activation, and their errors over many."""
    notation.turn_to(CELLS["elman"], OWN)
    row = controls.row("nu_slope_controls")
    dtype = controls.floating_format(row)
    z = controls.number(row, "Pre-activation z", "nu_z", DEFAULT, LARGEST)
    controls.examples("Try one:", EXAMPLES, "nu_slope_examples")
    st.latex(
        r"\begin{gathered} \tanh'(z) = 1 - h^2 = (1-h)(1+h) \\ \tanh'(z) = \frac{4e}{(1+e)^2} \\"
        r"h = \tanh z \qquad e = \exp(-2\lvert z\rvert) \end{gathered}"
    )
    found = compute.slope_outcomes(z, dtype)
    true = float(exact_slope(rounded(z, dtype)))
    st.markdown(statement(found, true, z, dtype))
    shown = compute.slope_curves(z, dtype)
    figure = errors("slope", shown, found, z, dtype, along="pre-activation", symbol="z")
    chart_view([figure], key="numerics_slope")
    st.markdown(outcome_table(found, true, DIGITS))
    with st.expander("Every step at this pre-activation"):
        for outcome in found:
            st.caption(f"{outcome.form.title}: what led to the result, one operation a line")
            lines = [link_line(link) for link in outcome.chain]
            st.code("\n".join(lines), language=None)


def statement(found: tuple[Outcome, ...], true: float, z: float, dtype: str) -> str:
    """Say what is left of the slope, and which form the app computes by."""
    state, _, preactivation = found
    text = (
        f"At z = {in_full(z)} in {dtype} the true slope is **{in_full(true, DIGITS)}**. "
        f"From h it is **{in_full(state.value, DIGITS)}**"
    )
    if true and state.value != true:
        text += f", off by {_share(abs(state.value - true) / true)}"
    text += f"; from z it is **{in_full(preactivation.value, DIGITS)}**. "
    if state.value == 0 and true:
        text += "Nothing is left: h has been rounded to ±1, and a unit so far out learns nothing. "
    text += (
        "PyTorch computes 1\u00a0−\u00a0h², and so do this app's passes: it needs h alone, and "
        "what is lost is small beside the slopes of units that are not saturated."
    )
    return without_markup(text)


def _share(error: float) -> str:
    return f"{short(100 * error, 2)} %" if error >= 1e-4 else f"{short(error, 2)} of it"
