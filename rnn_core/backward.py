"""A trace in, every gradient out: back-propagation through time."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import (
    FloatArray,
    frozen_copy,
    read_only,
    require_finite,
    set_writeable,
    unchecked_array,
)
from rnn_core._checks import instance, whole_number
from rnn_core._quiet import quietly
from rnn_core._scaling import Scale, Span, bring_back, divide, summed
from rnn_core._workspace import BETWEEN_LOOKS, BackwardSpace, Pool, rows_of, rows_of_run
from rnn_core.activations import activation_named, passed_on
from rnn_core.cells import ELMAN
from rnn_core.interpreter.backward import backward_cell
from rnn_core.limits import require_memory, require_work
from rnn_core.types import Gradients, GradientsFromTheEnd, Parameters, Trace

BACKWARD_SPACES = Pool(BackwardSpace)

Times = Callable[..., FloatArray]

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
    params = trace.params
    elman = params.cell is ELMAN
    steps, batch, _ = trace.z.shape if elman else trace.h[1:].shape
    horizon = steps if truncate is None else _horizon(truncate, steps)
    if horizon < steps:
        _require_window_budget(trace, horizon)
    d_logits = _at_the_logits(trace) if given is None else np.zeros_like(trace.logits)
    if not elman:
        return backward_cell(trace, d_logits, given, horizon=horizon, truncate=truncate)
    z = trace.z
    sizes = (steps, batch, *params.layout)
    space = BACKWARD_SPACES.take(sizes)
    d_z = space.d_z
    rows = rows_of_run(trace.values)
    states = rows[1:, :, sizes[2] : -1]
    if space.kept:  # rows of a few numbers are copied faster than they are multiplied
        d_z[...] = states
        states = d_z
    activation_named(trace.activation).derivative(z, states, d_z)
    d_h, first = None, 0
    spans: list[Span] = []
    if given is None and len(d_logits) == 1:
        d_logits[0].dot(params.W_hy, space.arriving)
        first, spans = _from_the_end(space, params, steps - horizon)
    else:
        d_h = _entering(trace, d_logits, given)
        if horizon < steps:
            _from_windows(d_z, d_h, params.W_hh, horizon)
        else:
            spans = _from_every_step(space, d_h, params.W_hh)
    if not _sum_over_time(trace, rows, d_logits, space, first, spans):
        d_h = _with_care(trace, d_logits, given, space, horizon)
    elif spans:
        bring_back(spans, d_z, *(() if d_h is None else (d_h,)))
    vector = space.vector.copy() if space.kept else space.vector
    parameters = params.with_vector(vector)
    if space.kept:
        d_z = d_z.copy()
        BACKWARD_SPACES.give_back(sizes, space)
    set_writeable(d_logits, False)
    set_writeable(d_z, False)
    if d_h is None:
        return GradientsFromTheEnd.known(
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


def _entering(trace: Trace, d_logits: FloatArray, given: FloatArray | None) -> FloatArray:
    """Return (T + 1, B, H): what enters at each step, from the logits or from outside."""
    steps, batch, hidden = trace.z.shape
    d_h = np.empty((steps + 1, batch, hidden), trace.z.dtype)
    read = len(d_logits)
    d_h[: steps + 1 - read] = 0
    if given is not None:
        d_h[1:] = given
    else:
        rows = d_logits.reshape(-1, d_logits.shape[2])
        rows.dot(trace.params.W_hy, d_h[-read:].reshape(-1, hidden))
    return d_h


def _from_the_end(space: BackwardSpace, params: Parameters, first: int) -> tuple[int, list[Span]]:
    """Carry what `space.arriving` holds, ∂L/∂h_T, back to `first` (index of d_z).

    For a few hidden units the calls cost more than the arithmetic: there the Jacobians
    ∂z_{t+1}/∂z_t = W_hh diag(φ′(z_t)) are made for all steps at once, and a step back is one
    product with one of them.

    Returns the index before which every gradient is zero (`first`, or a later one where the
    gradient has vanished), and the spans in which d_z is kept, if it is not as it is.
    """
    d_z, W_hh, arriving = space.d_z, params.W_hh, space.row
    if space.by_jacobians:
        space.make_jacobians(params.spread)
    multiply(space.last_slope, space.arriving, space.last_slope)
    stop = len(d_z) - 1
    scale = Scale(d_z.dtype, len(d_z)) if stop - space.between_looks > first else None
    while stop > first:
        start = max(first, stop - space.between_looks)
        if space.by_jacobians:
            for dot, jacobian, d_z_t in space.jacobian_steps(start, stop):
                dot(jacobian, d_z_t)
        else:
            for dot, d_z_t in space.steps(start, stop):
                multiply(dot(W_hh, arriving), d_z_t, d_z_t)
        stop = start
        if scale is not None and stop > first and not scale.look(stop, d_z[stop]):
            break
    if stop > 0:
        d_z[:stop] = 0
    return stop, [] if scale is None else scale.end(stop)


def _from_every_step(space: BackwardSpace, d_h: FloatArray, W_hh: FloatArray) -> list[Span]:
    """Carry gradients back that enter at every step; d_h holds what enters.

    Returns the spans in which d_z and d_h are kept, if they are not as they are.
    """
    d_z, from_later, entering = space.d_z, space.row, rows_of(d_h)
    d_z[-1] *= d_h[-1]
    scale = Scale(d_z.dtype, len(d_z))
    stop = len(d_z) - 1
    while stop > 0:
        start = max(0, stop - space.between_looks)
        if stop < len(d_z) - 1:
            scale.look(stop, d_z[stop], d_h[start + 1 : stop + 1])
        at_steps = zip(space.steps(start, stop), entering[start + 1 : stop + 1][::-1], strict=True)
        for (dot, d_z_t), d_h_t in at_steps:
            add(d_h_t, dot(W_hh, from_later), d_h_t)
            multiply(d_h_t, d_z_t, d_z_t)
        stop = start
    d_z[0].dot(W_hh, d_h[0])
    return scale.end(0)


def _from_windows(
    slope: FloatArray, d_h: FloatArray, W_hh: FloatArray, horizon: int, times: Times = multiply
) -> None:
    """Carry what enters at each step back through `horizon` steps; d_h holds what enters.

    `slope` is φ′(z) and becomes ∂L/∂z. One pass moves what entered at all steps one step further
    back, and d_h adds up the passes.
    """
    scale, moving = Scale(slope.dtype, 0), times(d_h[1:], slope)
    for passed in range(1, horizon):
        arrived = np.matmul(moving[1:], W_hh)
        moved = arrived.copy() if scale.power else arrived
        divide(moved, scale.power)
        d_h[1 : 1 + len(arrived)] += moved
        moving = times(arrived, slope[: len(arrived)], arrived)
        if passed % BETWEEN_LOOKS == 0 and not scale.look(0, moving):
            break
    times(d_h[1:], slope, slope)
    slope[0].dot(W_hh, d_h[0])


def _with_care(
    trace: Trace,
    d_logits: FloatArray,
    given: FloatArray | None,
    space: BackwardSpace,
    horizon: int,
) -> FloatArray:
    """Do the pass again where numbers were not finite, and return ∂L/∂h, (T + 1, B, H).

    Where φ′ is 0 nothing passes, be ∂L/∂h infinite; and no power of two takes part, so that
    what is infinite is so by itself.
    """
    d_z, W_hh, steps = space.d_z, trace.params.W_hh, trace.steps
    d_z[...] = activation_named(trace.activation).slope(trace.z)
    d_h = _entering(trace, d_logits, given)
    if horizon < steps:
        _from_windows(d_z, d_h, W_hh, horizon, passed_on)
    else:
        for t in range(steps - 1, -1, -1):
            passed_on(d_h[t + 1], d_z[t], d_z[t])
            d_h[t] += d_z[t].dot(W_hh)
    _sum_over_time(trace, rows_of_run(trace.values), d_logits, space, 0, [])
    return d_h


def _sum_over_time(
    trace: Trace,
    joined: FloatArray,
    d_logits: FloatArray,
    space: BackwardSpace,
    first: int,
    spans: list[Span],
) -> bool:
    """Make the sums over time and batch, as products with the rows [x, h, 1].

    Returns whether they are finite as far as ∂L/∂z has to do with it.
    """
    rows = space.d_z_rows
    states = joined.reshape(-1, joined.shape[2])
    if spans:
        summed(spans, states, rows, space.joint)
    else:
        start = first * trace.z.shape[1]
        states[start : len(rows)].T.dot(rows[start:] if start else rows, space.joint)
    logit_rows = d_logits.reshape(-1, d_logits.shape[2])
    inputs = trace.params.input_size
    states[-len(logit_rows) :, inputs:].T.dot(logit_rows, space.joint_readout)
    # A gradient by z that is not finite shows in that by b_h, one that a power of two made so
    # anywhere. Too large a sum of squares says nothing, but is a reason for care.
    seen = space.joint.reshape(-1) if spans else space.joint[-1]
    return isfinite(seen.dot(seen))


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
