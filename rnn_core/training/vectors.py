"""The five arrays as one vector, which is what an optimiser works on: few large operations."""

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.types import NAMES, Parameters


def to_vector(params: Parameters) -> FloatArray:
    """Return the numbers of W_xh, W_hh, b_h, W_hy and b_y, row by row, as one new vector (n,)."""
    vector: FloatArray = np.concatenate([array for _, array in params.items()], axis=None)
    return vector


def from_vector(vector: FloatArray, like: Parameters) -> Parameters:
    """Return the five arrays, with the shapes of `like`, as views of the vector; it is closed.

    The numbers are not looked at: where training diverges they may be infinite or nan.
    """
    read_only(vector)
    arrays = {}
    start = 0
    for name, array in like.items():
        stop = start + array.size
        arrays[name] = vector[start:stop].reshape(array.shape)
        start = stop
    return Parameters.trusted(**arrays)


def first_non_finite(params: Parameters) -> str | None:
    """Return the name of the first of the five arrays that holds inf or nan, or None."""
    return next((name for name in NAMES if not np.isfinite(getattr(params, name)).all()), None)
