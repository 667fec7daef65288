"""Lengths of vectors over the whole range of numbers."""

import numpy as np

from app.figures.types import Floats


def lengths(rows: Floats) -> Floats:
    """Return the Euclidean length of each row, which overflows only if it is too large itself."""
    with np.errstate(all="ignore"):
        largest = np.abs(rows).max(axis=1)
        safe = np.where((largest > 0) & np.isfinite(largest), largest, 1)
        found: Floats = np.sqrt(np.square(rows / safe[:, np.newaxis]).sum(axis=1)) * safe
    return found
