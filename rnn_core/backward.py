"""A trace in, every gradient out: back-propagation through time."""

import operator

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, real_array
from rnn_core.activations import activation_named
from rnn_core.losses import loss_named
from rnn_core.types import Gradients, Parameters, Trace


def backward(
    trace: Trace, *, upstream: ArrayLike | None = None, truncate: int | None = None
) -> Gradients:
    """Carry the gradient of the loss back through time (Werbos, 1990) to everything in `trace`.

        ∂L/∂a   = (prediction − target) / number of terms in the mean
        ∂L/∂h_t = W_hyᵀ ∂L/∂a_t + W_hhᵀ ∂L/∂z_{t+1}     (each term only where it exists)
        ∂L/∂z_t = φ′(z_t) ⊙ ∂L/∂h_t
        ∂L/∂W_hh = Σ_t ∂L/∂z_t h_{t-1}ᵀ   ∂L/∂W_xh = Σ_t ∂L/∂z_t x_tᵀ   ∂L/∂b_h = Σ_t ∂L/∂z_t
        ∂L/∂W_hy = Σ_t ∂L/∂a_t h_tᵀ       ∂L/∂b_y = Σ_t ∂L/∂a_t         ∂L/∂x_t = W_xhᵀ ∂L/∂z_t

    `recurrence.unroll_back` is the recurrence written as the plain loop.

    Parameters
    ----------
    upstream
        (T, B, H), or (T, H) for one sequence: ∂L/∂h_t given from outside, by whatever reads the
        states. It stands in place of the loss: the target is not used, and the gradients of the
        logits, W_hy and b_y are zero.
    truncate
        The loss at step t flows back through z_t, z_{t-1}, … z_{t-truncate+1} and no further
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
    """
    horizon = _horizon(truncate, trace.steps)
    with np.errstate(all="ignore"):
        if upstream is None:
            d_logits = _logit_gradient(trace)
            direct = np.zeros_like(trace.z)
            direct[-len(d_logits) :] = d_logits @ trace.params.W_hy
        else:
            direct = _outside(upstream, trace)
            d_logits = np.zeros_like(trace.logits)
        d_z, d_h = _run(trace, direct, horizon)
        return _collect(trace, d_logits, d_z, d_h, truncate)


def _run(trace: Trace, direct: FloatArray, horizon: int) -> tuple[FloatArray, FloatArray]:
    W_hh = trace.params.W_hh
    slope = activation_named(trace.activation).slope(trace.z)
    d_h = np.zeros_like(trace.h)
    if horizon < trace.steps and trace.readout == "every":
        layer = direct
        d_h[1:] = direct
        for _ in range(horizon - 1):
            shifted = np.zeros_like(layer)
            shifted[:-1] = (slope[1:] * layer[1:]) @ W_hh
            layer = shifted
            d_h[1:] += layer
        d_z = slope * d_h[1:]
    else:
        d_z = np.zeros_like(trace.z)
        carried = np.zeros_like(direct[0])
        for t in range(trace.steps - 1, trace.steps - 1 - min(horizon, trace.steps), -1):
            d_h[t + 1] = direct[t] + carried
            d_z[t] = slope[t] * d_h[t + 1]
            carried = d_z[t] @ W_hh
    d_h[0] = d_z[0] @ W_hh
    return d_z, d_h


def _collect(
    trace: Trace,
    d_logits: FloatArray,
    d_z: FloatArray,
    d_h: FloatArray,
    truncate: int | None,
) -> Gradients:
    params = trace.params
    hidden, outputs = params.hidden_size, params.output_size
    rows = d_z.reshape(-1, hidden)
    joint = rows.T @ trace.states[:-1].reshape(len(rows), -1)
    logit_rows = d_logits.reshape(-1, outputs)
    read = trace.h[-len(d_logits) :].reshape(-1, hidden)
    d_x = d_z @ params.W_xh
    for array in (d_logits, d_z, d_h, d_x):
        array.setflags(write=False)
    return Gradients(
        trace=trace,
        parameters=Parameters.trusted(
            W_xh=joint[:, hidden:-1].copy(),
            W_hh=joint[:, :hidden].copy(),
            b_h=joint[:, -1].copy(),
            W_hy=logit_rows.T @ read,
            b_y=logit_rows.sum(axis=0),
        ),
        x=d_x,
        z=d_z,
        h=d_h,
        logits=d_logits,
        truncate=truncate,
    )


def _logit_gradient(trace: Trace) -> FloatArray:
    if trace.target is None:
        raise ValueError(
            "backward: expected a trace with a target, or upstream, got a trace without a target"
        )
    family = loss_named(trace.loss_name)
    outputs = trace.params.output_size
    shape = (len(trace.logits), trace.batch, outputs)
    return family.delta(trace.logits, trace.target) / family.count(shape)


def _outside(upstream: ArrayLike, trace: Trace) -> FloatArray:
    array = real_array("upstream", upstream, trace.params.dtype)
    if array.ndim == 2 and trace.batch == 1:
        array = array[:, np.newaxis, :]
    if array.shape != trace.z.shape:
        raise ValueError(
            f"upstream: expected shape (T, B, H) = {trace.z.shape}, got {np.shape(upstream)}"
        )
    return array


def _horizon(truncate: int | None, steps: int) -> int:
    if truncate is None:
        return steps
    try:
        horizon = operator.index(truncate)
    except TypeError:
        horizon = 0
    if horizon < 1:
        raise ValueError(f"truncate: expected a positive integer or None, got {truncate!r}")
    return min(horizon, steps)
