"""The true loss and derivative at a logit, in decimal arithmetic of sixty digits.

The logit and the target are taken as the binary numbers they are, exactly. The decimal exponential
and logarithm are correctly rounded, so sixty digits leave more than forty right ones: far more than
the 17 of float64, against which errors are measured in units in the last place (ulp).
"""

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import isfinite
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import choose
from rnn_core.precision.operations import FORMATS

DIGITS = 60
SMALL = Decimal("1e-15")  # below it four terms of the series of log(1 + e) are exact enough

_CONTEXT = Context(prec=DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def exact_loss(a: float, y: float) -> Decimal:
    """Return (1 − y) max(a, 0) + y max(−a, 0) + log(1 + exp(−|a|))."""
    with localcontext(_CONTEXT):
        logit, target = Decimal(a), Decimal(y)
        size = abs(logit)
        paid = (1 - target) * size if a > 0 else target * size
        return paid + _log1p((-size).exp())


def exact_gradient(a: float, y: float) -> Decimal:
    """Return (1 − y) σ(a) − y σ(−a), which is σ(a) − y."""
    with localcontext(_CONTEXT):
        logit, target = Decimal(a), Decimal(y)
        e = (-abs(logit)).exp()
        larger, smaller = 1 / (1 + e), e / (1 + e)
        above, below = (larger, smaller) if a > 0 else (smaller, larger)
        return (1 - target) * above - target * below


EXACT: Mapping[str, Callable[[float, float], Decimal]] = MappingProxyType(
    {"loss": exact_loss, "gradient": exact_gradient}
)
"""The true value of each quantity of `cross_entropy_forms`."""


def exact_log_sum_exp(logits: list[float]) -> Decimal:
    """Return log Σ_k exp(a_k)."""
    with localcontext(_CONTEXT):
        numbers = [Decimal(a) for a in logits]
        top = max(range(len(numbers)), key=numbers.__getitem__)
        rest = sum(
            ((a - numbers[top]).exp() for k, a in enumerate(numbers) if k != top), Decimal(0)
        )
        return numbers[top] + _log1p(rest)


def exact_softmax_loss(logits: list[float], index: int) -> Decimal:
    """Return log Σ_k exp(a_k) − a_index, without cancellation where that logit is the largest."""
    with localcontext(_CONTEXT):
        numbers = [Decimal(a) for a in logits]
        shifted = [float(a - numbers[index]) for a in numbers]
        return exact_log_sum_exp(shifted)


def _log1p(e: Decimal) -> Decimal:
    if e > SMALL:
        return (1 + e).ln()
    return e * (1 - e * (Decimal("0.5") - e * (1 / Decimal(3) - e / 4)))


def error_in_ulp(found: float, exact: Decimal, dtype: str) -> float:
    """Return |found − exact| in units in the last place of the format at the exact value.

    Infinite where `found` is not finite. Below the smallest normal number the unit is the
    smallest subnormal one.
    """
    if not isfinite(found):
        return float("inf")
    kind = choose("dtype", FORMATS, dtype)
    with localcontext(_CONTEXT), np.errstate(all="ignore"):
        near = np.asarray(float(abs(exact))).astype(kind)
        if not np.isfinite(near):
            near = np.asarray(np.finfo(kind).max, kind)
        unit = Decimal(float(np.spacing(near)))
        return float(abs(Decimal(found) - exact) / unit)
