"""Finite differences of the loss in a format: how their error depends on the step h.

    forward: (L(a + h) − L(a)) / h          truncation h/2 |L″|,    rounding about u |L| / h
    central: (L(a + h) − L(a − h)) / (2h)   truncation h²/6 |L‴|,   rounding about u |L| / h

with u = ε/2 the unit roundoff, where the format cannot tell a + h from a no digit is right. The
sums of the two errors are least near h = √ε and h = ∛ε for functions whose value and derivatives
are of size 1 (Nocedal and Wright, Numerical Optimization, section 8.1).
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FLOAT64, FloatArray, choose, real_array
from rnn_core._checks import finite, takes
from rnn_core.forms.cross_entropy import LOSS_FORMS
from rnn_core.forms.form import evaluate
from rnn_core.forms.operations import FORMATS
from rnn_core.frozen import Frozen
from rnn_core.precision.exact import EXACT


@dataclass(frozen=True, eq=False)
class Quotients(Frozen):
    """Difference quotients at one logit for the steps `h`, (N,), all computed in one format."""

    h: FloatArray
    forward: FloatArray
    central: FloatArray
    exact: float  # ∂L/∂a, rounded to float64
    forward_error: FloatArray  # |forward − exact|; inf where the quotient is not finite
    central_error: FloatArray
    forward_truncation: FloatArray  # estimates
    central_truncation: FloatArray
    rounding: FloatArray
    forward_optimum: float  # √ε
    central_optimum: float  # ∛ε


@takes(a=finite(), y=finite(0, 1))
@np.errstate(all="ignore")
def difference_quotients(a: float, y: float, h: ArrayLike, dtype: str) -> Quotients:
    """Differentiate the stable loss at a logit by finite differences, for each step h (N,).

    Parameters
    ----------
    a, y
        Logit and target; they are rounded to the format first.
    h
        Positive steps.
    dtype
        "float16", "float32" or "float64": what everything is computed in.

    Raises
    ------
    ValueError
        The format is unknown, or a step is not positive.
    """
    kind = choose("dtype", FORMATS, dtype)
    steps = np.atleast_1d(real_array("h", h, FLOAT64))
    if steps.ndim > 1 or not steps.size:
        raise ValueError(f"h: expected steps in a row, got shape {steps.shape}")
    if not (steps > 0).all():
        raise ValueError(f"h: expected positive steps, got {steps.min()}")
    at, target, h_ = (np.asarray(value).astype(kind) for value in (a, y, steps))
    above, here, below = (_loss(at + h_, y, dtype), _loss(at, y, dtype), _loss(at - h_, y, dtype))
    forward = (above - here) / h_
    central = (above - below) / (h_ + h_)
    exact = EXACT["gradient"](float(at), float(target))
    slope2, slope3 = _curvatures(float(at))
    size = abs(float(here)) if isfinite(float(here)) else inf
    epsilon = float(np.finfo(kind).eps)
    # a + h is rounded as well: where the spacing at a is wide, that moves the points themselves.
    moved = abs(float(exact)) * abs(float(at))
    return Quotients(
        h=steps,
        forward=forward,
        central=central,
        exact=float(exact),
        forward_error=_errors(forward, exact),
        central_error=_errors(central, exact),
        forward_truncation=steps / 2 * slope2,
        central_truncation=steps**2 / 6 * slope3,
        rounding=epsilon / 2 * (size + moved) / steps,
        forward_optimum=epsilon ** (1 / 2),
        central_optimum=epsilon ** (1 / 3),
    )


def _loss(a: FloatArray, y: float, dtype: str) -> FloatArray:
    return evaluate(LOSS_FORMS["stable"], {"a": a, "y": y}, dtype).result


def _errors(found: FloatArray, exact: Decimal) -> FloatArray:
    with localcontext() as context:
        context.prec = 60
        return np.array(
            [
                float(abs(Decimal(value) - exact)) if isfinite(value) else inf
                for value in found.astype(np.float64).tolist()
            ]
        )


def _curvatures(a: float) -> tuple[float, float]:
    """Return |L″| = p (1 − p) and |L‴| = p (1 − p) |1 − 2p|, p = σ(a)."""
    e = np.exp(-abs(a))
    larger, smaller = 1 / (1 + e), e / (1 + e)
    return float(larger * smaller), float(larger * smaller * (larger - smaller))
