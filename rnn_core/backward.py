"""A trace in, every gradient out: back-propagation through time."""

import operator

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import (
    FLOATS,
    FloatArray,
    frozen_copy,
    read_only,
    require_finite,
    set_writeable,
    unchecked_array,
)
from rnn_core._checks import instance
from rnn_core._quiet import quietly
from rnn_core._workspace import BackwardSpace, Pool, rows_of
from rnn_core.activations import activation_named
from rnn_core.limits import require_memory, require_work
from rnn_core.losses import loss_named
from rnn_core.types import Gradients, GradientsFromTheEnd, Parameters, Trace

BLOCK = 64
"""Steps of the backward pass between two looks for gradients that have vanished."""

SMALLEST_NORMAL = {dtype: np.finfo(dtype).smallest_normal for dtype in FLOATS}

BACKWARD_SPACES = Pool(BackwardSpace)

add, multiply = np.add, np.multiply


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

    Notes
    -----
    Gradients that vanish do not slow the pass down. After every 64 steps back from T, the entries
    of ∂L/∂z_t at that step whose magnitude is below the smallest normal number (2.2e-308 in
    float64, 1.2e-38 in float32) are set to zero. If that leaves none, and no gradient enters at
    an earlier step, every earlier gradient is exactly zero and is not computed. Only a recurrence
    that would amplify such an entry again by hundreds of orders of magnitude can tell.
    """
    instance("trace", trace, Trace)
    params, z = trace.params, trace.z
    steps, batch, hidden = z.shape
    horizon = steps if truncate is None else _horizon(truncate, steps)
    if horizon < steps:
        _require_window_budget(trace, horizon)
    d_logits = _at_the_logits(trace) if upstream is None else np.zeros_like(trace.logits)
    sizes = (steps, batch, *params.sizes)
    space = BACKWARD_SPACES.take(sizes)
    d_z = space.d_z
    states = trace.states[1:, :, sizes[2] : -1]
    if space.kept:  # rows of a few numbers are copied faster than they are multiplied
        d_z[...] = states
        states = d_z
    activation_named(trace.activation).derivative(z, states, d_z)
    d_h, given, first = None, None, 0
    if upstream is None and len(d_logits) == 1:
        d_logits[0].dot(params.W_hy, space.arriving)
        first = _from_the_end(space, params, steps - horizon)
    else:
        d_h = np.empty((steps + 1, batch, hidden), z.dtype)
        if upstream is None:
            rows = d_logits.reshape(-1, d_logits.shape[2])
            rows.dot(params.W_hy, d_h.reshape(-1, hidden)[batch:])
        else:
            given = _outside(upstream, trace)
            d_h[1:] = given
        if horizon < steps:
            _from_windows(d_z, d_h, params.W_hh, horizon)
        else:
            _from_every_step(space, d_h, params.W_hh)
        d_z[0].dot(params.W_hh, d_h[0])
    parameters = _sum_over_time(trace, d_logits, space, first)
    if space.kept:
        d_z = d_z.copy()
        BACKWARD_SPACES.give_back(sizes, space)
    set_writeable(d_logits, False)
    set_writeable(d_z, False)
    if d_h is None:
        return GradientsFromTheEnd.trusted(
            trace=trace, parameters=parameters, z=d_z, logits=d_logits, truncate=truncate
        )
    return Gradients.trusted(
        trace=trace,
        parameters=parameters,
        z=d_z,
        h=read_only(d_h),
        logits=d_logits,
        truncate=truncate,
        upstream=given,
    )


def _from_the_end(space: BackwardSpace, params: Parameters, first: int) -> int:
    """Carry what `space.arriving` holds, ∂L/∂h_T, back to `first` (index of d_z).

    For a few hidden units the calls cost more than the arithmetic: there the Jacobians
    ∂z_{t+1}/∂z_t = W_hh diag(φ′(z_t)) are made for all steps at once, and a step back is one
    product with one of them.

    Returns the index before which every gradient is zero: `first`, or a later one where the
    gradient has vanished.
    """
    d_z, W_hh, arriving = space.d_z, params.W_hh, space.row
    if space.by_jacobians:
        space.make_jacobians(params.spread)
    multiply(space.last_slope, space.arriving, space.last_slope)
    stop = len(d_z) - 1
    while stop > first:
        start = max(first, stop - BLOCK)
        if space.by_jacobians:
            for dot, jacobian, d_z_t in space.jacobian_steps(start, stop):
                dot(jacobian, d_z_t)
        else:
            for dot, d_z_t in space.steps(start, stop):
                multiply(dot(W_hh, arriving), d_z_t, d_z_t)
        stop = start
        if stop > first and _flush(d_z[stop]):
            break
    if stop > 0:
        d_z[:stop] = 0
    return stop


def _from_every_step(space: BackwardSpace, d_h: FloatArray, W_hh: FloatArray) -> None:
    """Carry gradients back that enter at every step; d_h holds what enters."""
    d_z, from_later, entering = space.d_z, space.row, rows_of(d_h)
    d_z[-1] *= d_h[-1]
    stop = len(d_z) - 1
    while stop > 0:
        _flush(d_z[stop])
        start = max(0, stop - BLOCK)
        at_steps = zip(space.steps(start, stop), entering[start + 1 : stop + 1][::-1], strict=True)
        for (dot, d_z_t), d_h_t in at_steps:
            add(d_h_t, dot(W_hh, from_later), d_h_t)
            multiply(d_h_t, d_z_t, d_z_t)
        stop = start


def _from_windows(slope: FloatArray, d_h: FloatArray, W_hh: FloatArray, horizon: int) -> None:
    """Carry what enters at each step back through `horizon` steps; d_h holds what enters.

    `slope` is φ′(z) and becomes ∂L/∂z. One pass moves what entered at all steps one step further
    back, and d_h adds up the passes.
    """
    moving = d_h[1:] * slope
    for passed in range(1, horizon):
        arrived = np.matmul(moving[1:], W_hh)
        d_h[1 : 1 + len(arrived)] += arrived
        moving = np.multiply(arrived, slope[: len(arrived)], arrived)
        if passed % BLOCK == 0 and _flush(moving):
            break
    slope *= d_h[1:]


def _flush(d_z: FloatArray) -> bool:
    """Set entries below the smallest normal number to zero; return whether none is left.

    Arithmetic on subnormal numbers is tens of times slower, and a gradient that shrinks by less
    than half a step never leaves their range: the smallest of them times 0.9 rounds to itself.
    """
    small = np.abs(d_z) < SMALLEST_NORMAL[d_z.dtype]
    d_z[small] = 0
    return bool(small.all())


def _sum_over_time(
    trace: Trace, d_logits: FloatArray, space: BackwardSpace, first: int
) -> Parameters:
    """Return the sums over time and batch, as two products with the rows [x, h, 1]."""
    rows, start = space.d_z_rows, first * trace.batch
    states = trace.states.reshape(-1, trace.states.shape[2])
    states[start : len(rows)].T.dot(rows[start:] if start else rows, space.joint)
    logit_rows = d_logits.reshape(-1, d_logits.shape[2])
    inputs = trace.params.input_size
    states[-len(logit_rows) :, inputs:].T.dot(logit_rows, space.joint_readout)
    return trace.params.with_vector(space.vector.copy() if space.kept else space.vector)


def _at_the_logits(trace: Trace) -> FloatArray:
    """Return ∂L/∂a, (S, B, K)."""
    if trace.target is None:
        raise ValueError(
            "backward: expected a trace with a target, or upstream, got a trace without a target"
        )
    return loss_named(trace.loss_name).gradient(trace.logits, trace.target)


def _outside(upstream: ArrayLike, trace: Trace) -> FloatArray:
    array = unchecked_array("upstream", upstream, trace.params.dtype)
    if array.ndim == 2 and trace.batch == 1:
        array = array[:, np.newaxis, :]
    if array.shape != trace.z.shape:
        raise ValueError(
            f"upstream: expected shape (T, B, H) = {trace.z.shape}, got {np.shape(upstream)}"
        )
    require_finite("upstream", array)
    return frozen_copy(array) if array.flags.writeable else array


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


def _require_window_budget(trace: Trace, horizon: int) -> None:
    steps, batch, hidden = trace.z.shape
    states = steps * batch * hidden
    require_memory("backward", 5 * states * trace.z.itemsize)
    require_work("backward", states * (horizon * hidden + trace.states.shape[2]))
