"""How two vectors compare, over the whole range of numbers: length, direction and ratio."""

from math import isfinite, nan, sqrt

import numpy as np

from rnn_core._arrays import FloatArray

LEAST_SQUARE, MOST_SQUARE = 1e-30, 1e30
"""Sums of squares between which none of any weight has over- or underflowed, float32 included."""


def flat(array: FloatArray) -> FloatArray:
    """Return the numbers of an array as one vector of float64."""
    return np.asarray(array, np.float64).reshape(-1)


@np.errstate(all="ignore")
def scaled(vector: FloatArray) -> tuple[FloatArray, float]:
    """Return the vector over its largest entry, and that entry, so that squares do not overflow."""
    largest = float(np.abs(vector).max())
    return (vector / largest, largest) if largest > 0 else (vector, 0.0)


@np.errstate(all="ignore")
def length(vector: FloatArray) -> float:
    """Return the Euclidean length, infinite only if it is too large itself or an entry is."""
    squared = float(vector.dot(vector))
    if LEAST_SQUARE < squared < MOST_SQUARE:
        return sqrt(squared)
    unit, largest = scaled(vector)
    if not isfinite(largest):
        return largest
    return sqrt(unit.dot(unit)) * largest


@np.errstate(all="ignore")
def cosine(one: FloatArray, other: FloatArray) -> float:
    """Return the cosine between two vectors; nan where one is zero or not finite."""
    (a, size_a), (b, size_b) = scaled(one), scaled(other)
    if size_a == 0 or size_b == 0:
        return nan
    found = float(a @ b / np.sqrt((a @ a) * (b @ b)))
    return max(-1.0, min(1.0, found)) if np.isfinite(found) else nan


@np.errstate(all="ignore")
def ratio(one: FloatArray, other: FloatArray) -> float:
    """Return ‖one‖ / ‖other‖; nan where the other is zero."""
    (a, size_a), (b, size_b) = scaled(one), scaled(other)
    if size_b == 0:
        return nan
    return float(np.sqrt(a @ a) / np.sqrt(b @ b)) * (size_a / size_b)
