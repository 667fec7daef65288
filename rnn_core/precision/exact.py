"""The true loss and derivative at a logit, in decimal arithmetic of as many digits as it takes.

Logits and targets are taken as the binary numbers they are, exactly. The decimal exponential and
logarithm are correctly rounded. Sixty digits leave more than forty right ones in sums of numbers
that are never negative; where terms cancel, the digits are doubled until enough are left: far more
than the 17 of float64, against which errors are measured in units in the last place (ulp).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, getcontext, localcontext
from math import isfinite
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import choose
from rnn_core._checks import finite, many, of, real, takes, whole, whole_number
from rnn_core.forms.operations import FORMATS

DIGITS = 60
MOST_DIGITS = 2**6 * DIGITS
"""Where terms still cancel at so many digits, their difference is taken to be exactly 0."""

LOST = 30
"""Digits that cancellation may cost at most: the others are right."""

HALF = Decimal("0.5")


def context(digits: int) -> Context:
    """Return an arithmetic of so many digits, in which nothing over- or underflows."""
    return Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def exact_loss(a: float, y: float) -> Decimal:
    """Return (1 − y) max(a, 0) + y max(−a, 0) + log(1 + exp(−|a|))."""
    with localcontext(context(DIGITS)):
        logit, target = Decimal(a), Decimal(y)
        size = abs(logit)
        paid = (1 - target) * size if a > 0 else target * size
        return paid + _log1p((-size).exp())


def exact_gradient(a: float, y: float) -> Decimal:
    """Return (1 − y) σ(a) − y σ(−a), which is σ(a) − y; at a = 0 it is ½ − y."""

    def terms() -> tuple[Decimal, ...]:
        logit, target = Decimal(a), Decimal(y)
        if a == 0:
            return HALF, -target
        e = (-abs(logit)).exp()
        larger, smaller = 1 / (1 + e), e / (1 + e)
        above, below = (larger, smaller) if a > 0 else (smaller, larger)
        return (1 - target) * above, -target * below

    return _sum(terms)


EXACT: Mapping[str, Callable[[float, float], Decimal]] = MappingProxyType(
    {"loss": exact_loss, "gradient": exact_gradient}
)
"""The true value of each quantity of `cross_entropy_forms`."""


@takes(logits=many(finite()), index=whole(0))
def exact_softmax_loss(logits: Sequence[float], index: int) -> Decimal:
    """Return log Σ_k exp(a_k) − a_index, without cancellation where that logit is the largest.

    Raises
    ------
    ValueError
        A logit is not a finite number, or there is none at the index, from 0.
    """
    whole_number("index", index, 0, len(logits) - 1)
    return _log_sum_exp(logits, logits[index])


def _log_sum_exp(logits: Sequence[float], subtracted: float) -> Decimal:
    """Return log Σ_k exp(a_k) minus a number."""

    def terms() -> tuple[Decimal, ...]:
        numbers = [Decimal(a) for a in logits]
        top = max(range(len(numbers)), key=numbers.__getitem__)
        below = ((a - numbers[top]).exp() for k, a in enumerate(numbers) if k != top)
        return numbers[top] - Decimal(subtracted), _log1p(sum(below, Decimal(0)))

    return _sum(terms)


def _sum(terms: Callable[[], tuple[Decimal, ...]]) -> Decimal:
    """Return the sum of terms, computed with more digits until cancellation leaves enough.

    A term is right to all but a few of its digits; as the exponential of a rational number other
    than 0 is irrational, only terms that are exact cancel to 0.
    """
    digits = DIGITS
    while True:
        with localcontext(context(digits)):
            found = terms()
            total = sum(found, Decimal(0))
            largest = max(map(abs, found))
            enough = abs(total) >= largest.scaleb(LOST - digits)
        if enough or digits >= MOST_DIGITS:
            return total if enough else Decimal(0)
        digits *= 2


def _log1p(e: Decimal) -> Decimal:
    """Return log(1 + e) for e ≥ 0, with the digits of the present context.

    For e below 10^(−digits/4) four terms of the series are enough; above it, so many more digits
    keep those of e in 1 + e.
    """
    digits = getcontext().prec
    kept = digits // 4
    if e.adjusted() < -kept - 1:
        return e * (1 - e * (HALF - e * (1 / Decimal(3) - e / 4)))
    with localcontext(context(digits + kept + 2)):
        found = (1 + e).ln()
    return +found


@takes(found=real, exact=of(Decimal))
def error_in_ulp(found: float, exact: Decimal, dtype: str) -> float:
    """Return |found − exact| in units in the last place of the format at the exact value.

    Infinite where `found` is not finite. Below the smallest normal number the unit is the
    smallest subnormal one.
    """
    if not isfinite(found):
        return float("inf")
    kind = choose("dtype", FORMATS, dtype)
    with localcontext(context(DIGITS)), np.errstate(all="ignore"):
        near = np.asarray(float(abs(exact))).astype(kind)
        if not np.isfinite(near):
            near = np.asarray(np.finfo(kind).max, kind)
        unit = Decimal(float(np.spacing(near)))
        return float(abs(Decimal(found) - exact) / unit)
