"""Numbers far beyond float64's range, each kept as mantissa · 2^exponent."""

from dataclasses import dataclass
from math import frexp, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray, read_only
from rnn_core.frozen import Frozen

LOG2 = log10(2)
LARGEST = 10_000
"""Exponents beyond this are 0 or infinite as float64 all the same, and fit a C int."""


@dataclass(frozen=True, eq=False)
class Extended(Frozen):
    """An array of numbers mantissa · 2^exponent. Scaling by a power of two rounds nothing."""

    mantissa: FloatArray
    exponent: NDArray[np.int64]

    @classmethod
    def of(
        cls, mantissa: "list[float] | FloatArray", exponent: "list[int] | NDArray[np.int64]"
    ) -> "Extended":
        """Return the numbers as read-only arrays."""
        found = np.array(exponent, np.int64)
        found.setflags(write=False)
        return cls(read_only(np.array(mantissa, np.float64)), found)

    def __len__(self) -> int:
        return len(self.mantissa)

    @property
    def log10(self) -> FloatArray:
        """log₁₀ of each number: −∞ for exactly 0, nan where it is not finite."""
        with np.errstate(all="ignore"):
            found: FloatArray = np.log10(self.mantissa) + self.exponent * LOG2
        return np.where(np.isfinite(self.mantissa), found, np.nan)

    @property
    def values(self) -> FloatArray:
        """The numbers as float64: 0 or infinite where they are beyond its range."""
        with np.errstate(all="ignore"):
            return np.ldexp(self.mantissa, np.clip(self.exponent, -LARGEST, LARGEST))

    def ratio(self, one: int, other: int) -> float:
        """Return number `one` over number `other`: exact where the two mantissas are."""
        with np.errstate(all="ignore"):
            share = self.mantissa[one] / self.mantissa[other]
            power = int(np.clip(self.exponent[one] - self.exponent[other], -LARGEST, LARGEST))
            return float(np.ldexp(share, power))

    def log10_ratio(self, one: int, other: int) -> float:
        """Return log₁₀ of number `one` over number `other`."""
        logs = self.log10
        with np.errstate(all="ignore"):
            return float(logs[one] - logs[other])


def normalised(array: FloatArray, exponent: int) -> tuple[FloatArray, int]:
    """Return an array whose largest entry lies in [½, 1), and the exponent that goes with it."""
    largest = float(np.abs(array).max())
    if largest == 0 or not isfinite(largest):
        return array, exponent
    power = frexp(largest)[1]
    return np.ldexp(array, -power), exponent + power


def normalised_rows(rows: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Do so with each row (n, H) by itself."""
    largest = np.abs(rows).max(axis=1)
    powers = np.where(np.isfinite(largest), np.frexp(largest)[1], 0).astype(np.int64)
    return np.ldexp(rows, -powers[:, np.newaxis]), powers


def rounded_up(mantissa: FloatArray, exponent: NDArray[np.int64]) -> FloatArray:
    """Return mantissa · 2^exponent, the next number above where float64 has it not exactly."""
    found: FloatArray = np.ldexp(mantissa, exponent)
    return np.where(np.ldexp(found, -exponent) < mantissa, np.nextafter(found, np.inf), found)
