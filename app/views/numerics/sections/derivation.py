"""From the definition to the stable form, and from the chain rule to p − y, with numbers in."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.precision_words import causes, ulps
from app.figures.words import listed, short
from app.views.numerics import compute
from app.views.numerics.figures.softmax import EXPONENTS, number_line
from app.views.numerics.sections import controls
from app.views.numerics.sections.printed import Line, lines_of
from app.views.shared import heading
from rnn_core.precision import (
    GRADIENT_DERIVATION,
    LOSS_DERIVATION,
    Form,
    evaluate,
    exact_value,
    exponential_range,
    rounded,
)

TITLES = {
    "loss": ("The definition, with p = σ(a) put in", LOSS_DERIVATION),
    "gradient": ("The chain rule: ∂L/∂p times ∂p/∂a = p (1 − p)", GRADIENT_DERIVATION),
}
GRADIENT_STEPS = {
    "stable": "Multiply out once more: (1 − y) p − y + y p = p − y",
}
ORDINARY = 0.5369  # that of the preset "Spiral": the lesson goes on from its last node


def render() -> None:
    """Draw both derivations, every line with the reader's numbers, and the check of the last."""
    row = controls.row("nu_derivation_controls")
    dtype = controls.floating_format(row)
    a = controls.logit(row, "nu_a", -1000.0, dtype)
    y = controls.target(row)
    true = exact_value("loss", a, y, dtype)
    lines = lines_of(LOSS_DERIVATION, a, y, dtype)
    st.markdown(_summary(lines, a, y, dtype, true))
    heading.part("The loss: from the definition to the stable form")
    for number, line in enumerate(lines, start=1):
        _draw(number, _title(line.form, "loss"), line)
        if line.form.name == "shifted":
            result = f"The line gives {short(line.value)}."
            shift = number_line(
                (0.0, -rounded(a, dtype)), exponential_range(dtype), dtype, result, EXPONENTS
            )
            chart_view([shift], key="numerics_shift")
    st.markdown(
        "This app computes $\\max(a,0) - a\\,y$ as $(1-y)\\max(a,0) + y\\max(-a,0)$, the same "
        "number as a sum of numbers of one sign: with $0 < y < 1$ no digits cancel."
    )
    _gradient(lines_of(GRADIENT_DERIVATION, a, y, dtype), a, y, dtype)


def render_gradient() -> None:
    """Draw the derivation of p − y alone, at a logit where every line of it can be computed."""
    row = controls.row("nu_gradient_controls")
    dtype = controls.floating_format(row)
    a = controls.logit(row, "nu_p", ORDINARY, dtype)
    y = controls.target(row)
    lines = lines_of(GRADIENT_DERIVATION, a, y, dtype)
    p = evaluate(GRADIENT_DERIVATION[-1], {"a": a, "y": y}, dtype).values["p"]
    st.markdown(
        f"At a = {short(a)}, y = {short(y)} the prediction is p = σ(a) = {short(float(p))}, and "
        f"the gradient **{short(lines[-1].value)}**: prediction minus target."
    )
    _gradient(lines, a, y, dtype)


def _gradient(lines: list[Line], a: float, y: float, dtype: str) -> None:
    heading.part("The gradient: ∂L/∂a = p − y")
    for number, line in enumerate(lines, start=1):
        _draw(number, _title(line.form, "gradient"), line)
    _check(a, y, dtype)


def _title(form: Form, quantity: str) -> str:
    first, forms = TITLES[quantity]
    if form is forms[0]:
        return first
    return GRADIENT_STEPS.get(form.name, form.title) if quantity == "gradient" else form.title


def _summary(lines: list[Line], a: float, y: float, dtype: str, true: float) -> str:
    bad = [str(i) for i, line in enumerate(lines, start=1) if line.ulps > 1e6]
    start = f"At a = {short(a)}, y = {short(y)} the true loss is **{short(true)}**. "
    if not bad:
        return start + f"All {len(lines)} lines give it in {dtype}: they differ only in rounding."
    which = f"line {bad[0]} gives" if len(bad) == 1 else f"lines {listed(bad)} give"
    kept = lines[-1]
    return start + (
        f"All {len(lines)} lines below are equal on paper; in {dtype} {which} "
        f"something else, and the last one gives {short(kept.value)}."
    )


def _draw(number: int, title: str, line: Line) -> None:
    with st.container(border=True, key=f"nu_{line.quantity}_{number}"):
        st.markdown(f"**{number}.** {title}")
        symbol = "L" if line.quantity == "loss" else r"\frac{\partial L}{\partial a}"
        rows = [f"{symbol} &= {line.form.latex}"]
        if line.numeric:
            rows.append(f"&= {line.numeric}")
        st.latex(r"\begin{aligned} " + r" \\[4pt] ".join(rows) + r" \end{aligned}")
        st.code("\n".join(line.printed), language=None, wrap_lines=True)
        cause = causes(line.chain)
        said = f"Error: {ulps(line.ulps)} ulp." if np.isfinite(line.ulps) else "Not a number."
        if line.value in (float("inf"), float("-inf")):
            said = "Infinite."
        if line.ulps == 0:
            said = "Exact."
        st.caption(f"{said} {f'{cause}.' if cause else ''}".replace("|", "\\|"))


def _check(a: float, y: float, dtype: str) -> None:
    """Compare p − y with a central difference of the stable loss."""
    power = np.log10(compute.quotients(a, y, dtype).central_optimum)
    found = compute.quotient_at(a, y, float(power), dtype)
    central, error = float(found.central[0]), float(found.central_error[0])
    st.markdown(
        f"**Checked by finite differences** in {dtype}, h = ∛ε = {short(float(found.h[0]))}: "
        f"(L(a + h) − L(a − h)) / 2h = {short(central)}, while ∂L/∂a = "
        f"{short(found.exact)}; they differ by {short(error)}. The section Finite differences "
        "lets you choose the step."
    )
