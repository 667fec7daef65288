"""Softmax cross-entropy of K logits, naive and shifted; two logits are the binary case."""

from typing import Any

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.parsing import parse_matrix
from app.figures.precision_words import causes
from app.figures.words import short
from app.views.numerics import compute
from app.views.numerics.figures.softmax import number_line
from app.views.numerics.sections import controls
from app.views.shared import told
from app.views.shared.bound import text, whole_number
from rnn_core.precision import (
    SOFTMAX_LOSS_FORMS,
    Evaluation,
    exact_value,
    exponential_range,
    outcomes,
    rounded,
)

DEFAULT = "1000, 1001, 999"
MOST = 12
EXAMPLES: dict[str, dict[str, Any]] = {
    "overflow": {"nu_k": "1000, 1001, 999", "nu_c": 2},
    "underflow": {"nu_k": "-800, -801, -799", "nu_c": 1},
    "harmless": {"nu_k": "2, 1, 0.5, -1", "nu_c": 1},
    "binary: 0 and a": {"nu_k": "0, -1000", "nu_c": 2},
}


def render() -> None:
    """Draw controls, both results with their causes, the number line and the numbers."""
    row = controls.row("nu_softmax_controls")
    dtype = controls.floating_format(row)
    logits = _logits(row, dtype)
    target = whole_number(row, "Class of the target", 1, MOST, 1, width=170, key="nu_c")
    if target > len(logits):
        told.refuse(f"There are {len(logits)} classes. Class {len(logits)} is used.")
        target = len(logits)
    controls.examples("Try one:", EXAMPLES, "nu_soft")
    found = compute.softmax_forms(logits, target - 1, dtype)
    true = compute.softmax_exact(logits, target - 1, dtype)
    st.markdown(_statement(found, true, dtype))
    st.latex(rf"{SOFTMAX_LOSS_FORMS['naive'].latex} \;=\; {SOFTMAX_LOSS_FORMS['stable'].latex}")
    result = f"The shifted loss is {short(float(found['stable'].result[0]))}."
    line = number_line(logits, exponential_range(dtype), dtype, result)
    chart_view([line], key="numerics_softmax")
    st.markdown(_table(found, logits))
    if len(logits) == 2:
        st.markdown(_binary(logits, target, dtype, float(found["stable"].result[0])))
    else:
        st.caption("With two logits, 0 and a, this is binary cross-entropy: try that example.")


def _logits(place: Any, dtype: str) -> tuple[float, ...]:
    typed = text(
        place,
        f"Logits $a_k$, at most {MOST}",
        DEFAULT,
        max_chars=400,
        width=340,
        key="nu_k",
    )
    default = tuple(float(part) for part in DEFAULT.split(","))
    try:
        return read(typed, dtype)
    except ValueError as error:
        told.refuse(f"{error}. {DEFAULT} is used.")
        return tuple(rounded(value, dtype) for value in default)


def read(written: str, dtype: str) -> tuple[float, ...]:
    """Return logits as the format holds them.

    Raises
    ------
    ValueError
        They are too few, too many, too large, or not numbers; one sentence.
    """
    # In brackets, a comma parts two numbers: alone in a line, 0,5 would be a half.
    listed = written if any(sign in written for sign in "[(\\") else f"[{written}]"
    numbers = [value for row in parse_matrix(listed, "logits") for value in row]
    if not 2 <= len(numbers) <= MOST:
        raise ValueError(f"logits: expected 2 to {MOST} numbers, got {len(numbers)}")
    held = [rounded(value, dtype) for value in numbers]
    if not all(abs(value) <= controls.LARGEST for value in held):
        raise ValueError(f"logits: expected numbers that fit {dtype}, at most 1e300 in size")
    return tuple(held)


def _statement(found: dict[str, Evaluation], true: float, dtype: str) -> str:
    naive, shifted = (float(found[name].result[0]) for name in ("naive", "stable"))
    text = (
        f"In {dtype} the naive softmax loss is **{short(naive)}**, the shifted one "
        f"**{short(shifted)}**; the true value is **{short(true)}**."
    )
    why = causes(found["naive"].chain((0,)))
    return f"{text} What happens in the naive form: {why}." if why else text


def _table(found: dict[str, Evaluation], logits: tuple[float, ...]) -> str:
    naive, shifted = found["naive"].values, found["stable"].values
    with np.errstate(all="ignore"):
        p = shifted["exp(a − m)"] / shifted["Σ exp(a − m)"]
    rows = []
    for k, a in enumerate(logits):
        cells = [
            naive["exp(a)"][k],
            naive["p"][k],
            shifted["a − m"][k],
            shifted["exp(a − m)"][k],
            p[k],
        ]
        numbers = " | ".join(f"`{short(float(cell))}`" for cell in cells)
        rows.append(f"| {k + 1} | `{short(a)}` | {numbers} |")
    sums = [float(naive["Σ exp(a)"][0]), float(shifted["Σ exp(a − m)"][0])]
    rows.append(f"| Σ | | `{short(sums[0])}` | | | `{short(sums[1])}` | |")
    head = "| class | $a$ | $e^{a}$ | naive $p$ | $a-m$ | $e^{a-m}$ | $p$ |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def _binary(logits: tuple[float, ...], target: int, dtype: str, softmax: float) -> str:
    """Say that two logits are the binary case, with the difference of both as a."""
    a = rounded(logits[1] - logits[0], dtype)
    y = float(target == 2)
    stable = next(o for o in outcomes("loss", a, y, dtype) if o.form.name == "stable")
    largest = max(logits)
    return (
        f"**Two classes are the binary case:** the second logit less the first is a = {short(a)}, "
        rf"y = {short(y)}. The second probability is $\sigma(a)$, the shift m the larger logit, "
        rf"{short(largest)}, and the stable binary loss "
        r"$\max(a,0) - a\,y + \operatorname{log1p}(e^{-\lvert a\rvert})$ = "
        f"**{short(stable.value)}** "
        f"is the shifted softmax loss **{short(softmax)}** "
        f"(true value {short(exact_value('loss', a, y, dtype))})."
    )
