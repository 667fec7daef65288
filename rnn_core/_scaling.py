"""A gradient that vanishes, carried back at a scale at which its numbers are normal.

Arithmetic on subnormal numbers (below 1.2e-38 in float32) is tens of times slower on many
processors, and a gradient that shrinks on its way back comes to them sooner or later: its products
with small weights sooner. It is linear, though, and a product with a power of two is exact. So
every few steps the pass looks at the gradient and, where numbers have become small, goes on with it
times 2^power. The steps between two changes of the power are a `Span`; sums over time are taken
span by span, and the steps are brought back at the end, which rounds them once.

What plain arithmetic would round to zero is set to zero, and nothing else is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import frexp, inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray


@dataclass(frozen=True)
class Limits:
    """Exponents of two between which a dtype is at its best."""

    top: int  # to which the largest number is brought: as much above it is left for growth
    normal: int  # of the smallest power of two that is normal
    none: int  # below which a number rounds to zero

    @classmethod
    def of(cls, dtype: "np.dtype[Any]", top: int) -> "Limits":
        """Return those of a dtype."""
        about = np.finfo(dtype)
        normal = int(about.minexp)
        return cls(top, normal, normal - int(about.nmant) - 1)


LIMITS = {FLOAT32: Limits.of(FLOAT32, 90), FLOAT64: Limits.of(FLOAT64, 500)}

MARGIN = 40
"""Powers of two above the subnormal numbers at which products with weights may be such."""

SLACK = 16
"""Powers of two by which the largest number may be away from `top` before the power changes."""


class Span(NamedTuple):
    """Steps (indices of ∂L/∂z) from `first` to before `stop`, kept times 2^`power`."""

    first: int
    stop: int
    power: int


class Scale:
    """The power of two by which a gradient is multiplied, while it is carried back over T steps.

    It changes where a number is within 2^MARGIN of the subnormal ones.
    """

    def __init__(self, dtype: "np.dtype[Any]", steps: int) -> None:
        self.limits = LIMITS[dtype]
        self.low = 2.0 ** (self.limits.normal + MARGIN)
        self.power = 0
        self.spans: list[Span] = []  # of the steps so far, from the last; none while all are as is
        self._stop = steps

    def look(self, at: int, row: FloatArray, coming: FloatArray | None = None) -> bool:
        """Scale ∂L/∂z at step index `at` as it is best to go on from there.

        `coming` are gradients that enter at the steps up to the next look; they are multiplied by
        the power too. Returns whether anything is left.
        """
        sizes = np.abs(row)
        left = np.count_nonzero(sizes)
        small = np.count_nonzero(sizes >= self.low) < left
        if not (small or self.power):
            return bool(left)
        largest = _exponent(sizes) - self.power
        entering = _exponent(np.abs(coming)) if coming is not None else -inf
        if max(largest, entering) <= self.limits.none:
            row[...] = 0
            return False
        if self.power and small:  # as large as that after it was scaled: plain arithmetic has 0
            row[sizes < 2.0 ** (self.limits.none + self.power)] = 0
        self._go_on(at, row, max(largest, entering))
        if coming is not None and self.power:
            np.ldexp(coming, self.power, out=coming)
        return True

    def _go_on(self, at: int, row: FloatArray, largest: float) -> None:
        """Choose the power that brings numbers of up to 2^`largest` to the top."""
        if not isfinite(largest):
            return  # whatever the power, plain arithmetic has to give the answer
        power = max(0, self.limits.top - int(largest))
        if abs(power - self.power) > SLACK:
            np.ldexp(row, power - self.power, out=row)
            self._end(at + 1)
            self.power = power

    def end(self, first: int) -> list[Span]:
        """Return the spans of all steps, `first` being the last one back; none if all are as is."""
        if self.power or self.spans:
            self._end(first)
        return self.spans

    def _end(self, first: int) -> None:
        if first < self._stop:
            self.spans.append(Span(first, self._stop, self.power))
            self._stop = first


def _exponent(sizes: FloatArray) -> float:
    """Return e with all sizes < 2^e, −∞ for zeros."""
    size = float(sizes.max())
    if size == 0:
        return -inf
    return frexp(size)[1] if isfinite(size) else inf


def bring_back(spans: Iterable[Span], *arrays: FloatArray) -> None:
    """Divide the steps of each span by its power of two, in place."""
    for span in spans:
        for array in arrays:
            divide(array[span.first : span.stop], span.power)


def divide(rows: FloatArray, power: int) -> None:
    """Divide by 2^power in place: in two parts where 2^−power alone would be subnormal.

    Numbers that the first part leaves subnormal are rounded to zero by the second.
    """
    normal = -LIMITS[rows.dtype].normal
    parts = () if not power else (power,) if power <= normal else (power // 2, power - power // 2)
    for part in parts:
        rows *= 2.0**-part


def product(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return rows (T, B, H) times a matrix (H, D): at a larger scale for the steps that are small.

    So subnormal rows are not slow here either, and each result is rounded once.
    """
    limits = LIMITS.get(rows.dtype)
    if limits is None:  # half precision, whose runs are there to show what it loses
        return _by_row(rows, matrix)
    sizes = np.abs(rows).max(axis=(1, 2))
    small = (sizes < 2.0 ** (limits.normal + MARGIN)) & (sizes > 0)
    if not small.any():
        return _by_row(rows, matrix)
    made = np.empty((*rows.shape[:2], matrix.shape[1]), rows.dtype)
    made[~small] = _by_row(rows[~small], matrix)
    power = -int(_exponent(sizes[small]))  # to numbers below 1, which no matrix makes too large
    lifted = _by_row(np.ldexp(rows[small], power), matrix)
    divide(lifted, power)
    made[small] = lifted
    return made


def _by_row(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return rows (T, B, H) times a matrix (H, D) by one product."""
    flat: FloatArray = rows.reshape(-1, rows.shape[2]).dot(matrix)
    return flat.reshape(*rows.shape[:2], matrix.shape[1])


def summed(spans: list[Span], left: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Write Σ_t left_tᵀ right_t into `out` for rows (T·B, …), where `right` is kept in spans.

    From the first steps to the last (as Horner's rule adds up powers), so that a sum is brought to
    the scale of the next before it is added.
    """
    batch = len(right) // spans[0].stop
    before = None
    for span in reversed(spans):
        rows = slice(span.first * batch, span.stop * batch)
        if before is None:
            left[rows].T.dot(right[rows], out)
        else:
            np.ldexp(out, span.power - before, out=out)
            out += left[rows].T.dot(right[rows])
        before = span.power
    if before:
        np.ldexp(out, -before, out=out)
