"""Why the naive loss breaks: the plots of the page Numerics.

`dtype` is the floating-point format: "float64", "float32" or "float16".
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.laboratories._drawing import Figures, drawing

__all__ = [
    "differences",
    "forms",
    "shift",
    "slopes",
    "softmax",
]

QUANTITIES = ("loss", "gradient")


def forms(a: float, y: float, *, quantity: str = "loss", dtype: str = "float64") -> Figures:
    """Return binary cross-entropy by each form over the logit, where it fails, and its error.

    Parameters
    ----------
    a, y
        The logit that is marked, and the target, from 0 to 1.
    quantity
        "loss", or its "gradient" by the logit.

    Raises
    ------
    ValueError
        The format or the quantity is none of these, or a number does not fit.
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity: expected one of {', '.join(QUANTITIES)}, got {quantity!r}")
    with drawing() as figures:
        from app.views.numerics import compute
        from app.views.numerics.figures import errors, failures

        found = compute.outcomes(quantity, a, y, dtype)
        shown = compute.curves(quantity, a, y, dtype)
        parts: tuple[Any, ...] = (quantity, shown, found, a, dtype)
        return figures([failures.failures(*parts), errors.errors(*parts)])


def slopes(z: float, *, dtype: str = "float64") -> Figures:
    """Return the error of the slope of tanh by each form, over the pre-activation.

    Raises
    ------
    ValueError
        The format is none of these, or the number does not fit it.
    """
    with drawing() as figures:
        from app.views.numerics import compute
        from app.views.numerics.figures import errors

        found, shown = compute.slope_outcomes(z, dtype), compute.slope_curves(z, dtype)
        chart = errors.errors("slope", shown, found, z, dtype, along="pre-activation", symbol="z")
        return figures([chart])


def differences(a: float, y: float, *, power: float = -3.0, dtype: str = "float64") -> Figures:
    """Return the error of finite differences of the loss over the step h; 10 to `power` is marked.

    Raises
    ------
    ValueError
        The format is none of these, or a number does not fit.
    """
    with drawing() as figures:
        from app.views.numerics import compute
        from app.views.numerics.figures import differences as drawn

        least, most = compute.SMALLEST_STEP, compute.LARGEST_STEP
        if not least <= power <= most:
            raise ValueError(f"power: expected one from {least:g} to {most:g}, got {power}")
        here = compute.quotient_at(a, y, power, dtype)
        return figures([drawn.v_curve(compute.quotients(a, y, dtype), here, dtype)])


def softmax(logits: Sequence[float], *, dtype: str = "float64") -> Figures:
    """Return logits, as they are and less the largest, over what exp can take in the format.

    Raises
    ------
    ValueError
        The format is none of these, or there are not two finite logits.
    """
    if len(logits) < 2 or not np.isfinite(logits).all():
        raise ValueError(f"logits: expected two finite numbers or more, got {[*logits]}")
    with drawing() as figures:
        from app.views.numerics.figures.softmax import number_line
        from rnn_core.precision import exponential_range, rounded

        held = tuple(rounded(float(a), dtype) for a in logits)
        return figures([number_line(held, exponential_range(dtype), dtype, "")])


def shift(a: float, *, dtype: str = "float64") -> Figures:
    """Return the exponents 0 and −a of binary cross-entropy, as they are and less the larger one.

    Raises
    ------
    ValueError
        The format is none of these, or the logit is not finite.
    """
    if not np.isfinite(a):
        raise ValueError(f"a: expected a finite number, got {a}")
    with drawing() as figures:
        from app.views.numerics.figures.softmax import EXPONENTS, number_line
        from rnn_core.precision import exponential_range, rounded

        held = (0.0, -rounded(a, dtype))
        return figures([number_line(held, exponential_range(dtype), dtype, "", EXPONENTS)])
