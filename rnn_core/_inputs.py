"""What every pass over a sequence takes: x and h_0, checked and brought to one shape."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, require_finite, unchecked_array
from rnn_core._checks import instance
from rnn_core._parameters import Parameters

NO_CELL_STATE = "c0: expected none for the cell {}, which has no cell state, got one"


def sequence(x: ArrayLike, params: Parameters) -> FloatArray:
    """Return x as (T, B, D) in the dtype of `params`, without looking whether it is finite.

    Raises
    ------
    ValueError
        The shape does not fit, or there is no step or no sequence.
    """
    instance("params", params, Parameters)
    array = unchecked_array("x", x, params.W_hy.dtype)
    size = params.layout[0]
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


def initial_states(
    given: Mapping[str, ArrayLike | None], solver: str, batch: int, params: Parameters
) -> dict[str, FloatArray]:
    """Return each state of the cell before the first step, (B, H); zero where none is given.

    Raises
    ------
    ValueError
        A state is given that the cell has not, a shape does not fit, a number is not finite, or the
        solver is one for Elman networks.
    """
    if solver != "loop":
        raise ValueError(
            f"solver: expected 'loop' for the cell {params.cell.name}, got {solver!r:.40}"
        )
    if given["c"] is not None and "c" not in params.cell.states:
        raise ValueError(NO_CELL_STATE.format(params.cell.name))
    states = {}
    for name in params.cell.states:
        state = np.zeros((batch, params.hidden_size), params.dtype)
        if (came := given.get(name)) is not None:
            state[...] = initial_state(came, batch, params, name=f"{name}0")
        states[name] = state
    return states


def initial_state(h0: ArrayLike, batch: int, params: Parameters, *, name: str = "h0") -> FloatArray:
    """Return h_0 as it was given, (H,) or (B, H), in the dtype of `params`.

    Raises
    ------
    ValueError
        The shape does not fit, or a number is not finite.
    """
    array = unchecked_array(name, h0, params.dtype)
    hidden = params.hidden_size
    if array.shape not in ((hidden,), (batch, hidden)):
        raise ValueError(
            f"{name}: expected shape (H,) = ({hidden},) or (B, H) = ({batch}, {hidden}), "
            f"got {array.shape}"
        )
    require_finite(name, array)
    return array
