"""What every pass over a sequence takes: x and h_0, checked and brought to one shape."""

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, require_finite, unchecked_array
from rnn_core._checks import instance
from rnn_core._parameters import Parameters


def sequence(x: ArrayLike, params: Parameters) -> FloatArray:
    """Return x as (T, B, D) in the dtype of `params`, without looking whether it is finite.

    Raises
    ------
    ValueError
        The shape does not fit, or there is no step or no sequence.
    """
    instance("params", params, Parameters)
    array = unchecked_array("x", x, params.W_hh.dtype)
    size = params.sizes[0]
    if array.ndim == 2:
        array = array[:, np.newaxis, :]
    elif array.ndim == 1 and size == 1:
        array = array[:, np.newaxis, np.newaxis]
    if array.ndim != 3 or array.shape[2] != size:
        alone = ", or (T,)" if size == 1 else ""
        raise ValueError(
            f"x: expected shape (T, D) or (T, B, D) with D = {size}{alone}, got {np.shape(x)}"
        )
    if array.size == 0:
        raise ValueError(f"x: expected at least one step of one sequence, got shape {np.shape(x)}")
    return array


def initial_state(h0: ArrayLike, batch: int, params: Parameters) -> FloatArray:
    """Return h_0 as it was given, (H,) or (B, H), in the dtype of `params`.

    Raises
    ------
    ValueError
        The shape does not fit, or a number is not finite.
    """
    array = unchecked_array("h0", h0, params.dtype)
    hidden = params.hidden_size
    if array.shape not in ((hidden,), (batch, hidden)):
        raise ValueError(
            f"h0: expected shape (H,) = ({hidden},) or (B, H) = ({batch}, {hidden}), "
            f"got {array.shape}"
        )
    require_finite("h0", array)
    return array
