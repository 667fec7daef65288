"""A trace in, every gradient out: back-propagation through time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, frozen_copy, require_finite, unchecked_array
from rnn_core._checks import instance, whole_number
from rnn_core._elman_back import elman_back
from rnn_core._quiet import quietly
from rnn_core.cells import ELMAN
from rnn_core.interpreter.backward import backward_cell
from rnn_core.limits import require_memory, require_work
from rnn_core.types import Gradients, Trace


@quietly
def backward(
    trace: Trace, *, upstream: ArrayLike | None = None, truncate: int | None = None
) -> Gradients:
    """Carry the gradient of the loss back through time (Werbos, 1990) to everything in `trace`.

        ∂L/∂a   = (prediction − target) / number of terms in the mean
        ∂L/∂h_t = W_hyᵀ ∂L/∂a_t + W_hhᵀ ∂L/∂z_{t+1}     (each term only where it exists)
        ∂L/∂z_t = φ′(z_t) ⊙ ∂L/∂h_t
        ∂L/∂W_hh = Σ_t ∂L/∂z_t h_{t-1}ᵀ   ∂L/∂W_xh = Σ_t ∂L/∂z_t x_tᵀ   ∂L/∂b_h = Σ_t ∂L/∂z_t
        ∂L/∂W_hy = Σ_t ∂L/∂a_t h_tᵀ       ∂L/∂b_y = Σ_t ∂L/∂a_t         ∂L/∂x_t = W_xhᵀ ∂L/∂z_t

    `recurrence.unroll_back` is the recurrence written as the plain loop. So it is for an Elman
    network; the gradients of another cell follow in the same way from the lines that it is made of.

    Parameters
    ----------
    upstream
        (T, B, H), or (T, H) for one sequence: ∂L/∂h_t given from outside, by whatever reads the
        states. It stands in place of the loss: the target is not used, and the gradients of the
        logits, W_hy and b_y are zero.
    truncate
        The loss at step t flows back through z_t, z_{t-1}, … z_{t-truncate+1} and no further,
        that is through so many steps of any cell
        (Williams and Peng, 1990, BPTT(h)); each step read out has its own window. T or more is
        the full gradient.

    Returns
    -------
    Gradients
        Read-only arrays with the shapes of what they are the gradient of.

    Raises
    ------
    ValueError
        There is neither a target nor `upstream`, or an argument has a wrong shape or value, or
        the work is over `limits`.

    Notes
    -----
    φ′(z) = 0 stands for a unit that passes nothing on: there ∂L/∂z is 0 whatever ∂L/∂h is, also
    infinite or nan, as in PyTorch's ReLU. (Its tanh gives nan there.)

    Gradients that vanish do not slow the pass down: it goes on with them times a power of two (see
    `_scaling`), and each result is rounded once, to a subnormal number or to zero where it is one.
    """
    instance("trace", trace, Trace)
    return carry_back(trace, None if upstream is None else _outside(upstream, trace), truncate)


def carry_back(trace: Trace, given: FloatArray | None, truncate: int | None) -> Gradients:
    """Do what `backward` does, with (T, B, H) from outside that need not be finite, or None."""
    elman = trace.params.cell is ELMAN
    steps = len(trace.z) if elman else trace.steps
    horizon = steps if truncate is None else _horizon(truncate, steps)
    if horizon < steps:
        _require_window_budget(trace, horizon)
    d_logits = _at_the_logits(trace) if given is None else np.zeros_like(trace.logits)
    if not elman:
        return backward_cell(trace, d_logits, given, horizon=horizon, truncate=truncate)
    return elman_back(trace, d_logits, given, horizon=horizon, truncate=truncate)


def _at_the_logits(trace: Trace) -> FloatArray:
    """Return ∂L/∂a, (S, B, K)."""
    if trace.target is None:
        raise ValueError(
            "backward: expected a trace with a target, or upstream, got a trace without a target"
        )
    return trace.family.gradient(trace.logits, trace.target)


def _outside(upstream: ArrayLike, trace: Trace) -> FloatArray:
    array = unchecked_array("upstream", upstream, trace.params.dtype)
    if array.ndim == 2 and trace.batch == 1:
        array = array[:, np.newaxis, :]
    wanted = trace.h[1:].shape
    if array.shape != wanted:
        raise ValueError(f"upstream: expected shape (T, B, H) = {wanted}, got {np.shape(upstream)}")
    require_finite("upstream", array)
    return frozen_copy(array) if array.flags.writeable else array


def _horizon(truncate: int | None, steps: int) -> int:
    if truncate is None:
        return steps
    return min(whole_number("truncate", truncate, 1), steps)


def _require_window_budget(trace: Trace, horizon: int) -> None:
    steps, batch, hidden = trace.h[1:].shape
    states = steps * batch * hidden
    matrices = len(trace.params.names) // 2
    require_memory("backward", 5 * states * trace.h.itemsize)
    require_work("backward", matrices * states * horizon * hidden)
