"""Numbers as they travel to the browser."""

import base64
import math
from collections.abc import Iterable
from typing import Any

import numpy as np


def packed_numbers(arrays: Iterable[Any]) -> str:
    """Return the numbers of the arrays, one after the other, as base64 of little-endian float64."""
    parts = [np.ravel(np.nan if array is None else array) for array in arrays]
    joined = np.concatenate(parts) if parts else np.empty(0)
    return base64.b64encode(joined.astype("<f8").tobytes()).decode("ascii")


def as_json(value: float) -> float | str:
    """Return a number as JSON has it: NaN and infinities, which it has not, travel as words."""
    if math.isfinite(value):
        return float(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
