"""What a reckoning does to numbers: NumPy's arithmetic here, written down in `tape`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import ACTIVATIONS
from rnn_core.losses import Loss

DIGITS = 3

ROUNDING = 1e-9
"""Of a number: less than this beside it comes from rounding in double precision."""
"""The significant digits that are asked for."""

Entry = tuple[tuple[int, ...], Any]
"""A number that somebody wrote, after its index in the vector or matrix."""


class Arithmetic:
    """All that a reckoning computes with which is neither an operator nor a product of matrices."""

    def array(self, numbers: Any) -> Any:
        """Return numbers as an array."""
        return np.asarray(numbers, dtype=float)

    def activated(self, name: str, z: Any) -> Any:
        """Return φ(z)."""
        return ACTIVATIONS[name](self.array(z))

    def slope(self, name: str, z: Any) -> Any:
        """Return φ′(z)."""
        return ACTIVATIONS[name].slope(self.array(z))

    def slope_by(self, name: str, z: Any, h: Any) -> Any:
        """Return φ′ by its formula, whatever stands in it for z and for φ(z)."""
        return ACTIVATIONS[name].slope_form.of(z=z, h=h)

    def predicted(self, family: Loss, a: Any) -> Any:
        """Return σ(a), softmax(a) or a."""
        return family.predict(a)

    def term(self, family: Loss, a: Any, y: FloatArray) -> Any:
        """Return the terms of the loss at one step."""
        return family.terms(a, y)

    def by_logit(self, family: Loss, a: Any, y: FloatArray) -> Any:
        """Return the derivative of the terms by the logits."""
        return family.delta(self.array(a), y)

    def put(self, array: Any, entries: Sequence[Entry]) -> None:
        """Put what somebody wrote in the place of what was computed."""
        for index, number in entries:
            array[index] = number

    def either(
        self, entries: Sequence[Entry], written: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        """Return one thing if any of some numbers was written, else the other."""
        return written() if entries else otherwise()

    def larger(self, one: Any, other: Any) -> Any:
        """Return the larger number of each pair."""
        return np.maximum(one, other)

    def unless_zero(self, numbers: Any) -> Any:
        """Return numbers, and nan for each that is 0."""
        return np.where(numbers == 0, np.nan, numbers)

    def half_unit(self, numbers: Any) -> Any:
        """Return half a unit of the last digit that is asked for: see the function."""
        return half_unit(numbers)


def half_unit(numbers: Any, digits: int = DIGITS) -> FloatArray:
    """Return half a unit of the last of so many significant digits; 0 where these are exact."""
    size = np.abs(np.asarray(numbers, dtype=float))
    with np.errstate(all="ignore"):
        unit = 10.0 ** (np.floor(np.log10(np.where(size > 0, size, 1.0))) - digits + 1)
        count = size / unit
        exact = np.abs(count - np.rint(count)) < ROUNDING
    found: FloatArray = np.where(exact, 0.0, unit / 2)
    return found


NUMPY = Arithmetic()
