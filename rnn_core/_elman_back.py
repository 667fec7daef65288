"""The gradients of an Elman network, by loops that do as little as they can at each step."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np

from rnn_core._arrays import FloatArray, read_only, set_writeable
from rnn_core._scaling import Scale, Span, bring_back, divide, summed
from rnn_core._workspace import BETWEEN_LOOKS, BackwardSpace, Pool, rows_of, rows_of_run
from rnn_core.activations import activation_named, passed_on
from rnn_core.types import Gradients, GradientsFromTheEnd, Parameters, Trace

BACKWARD_SPACES = Pool(BackwardSpace)

Times = Callable[..., FloatArray]

add, multiply = np.add, np.multiply


def elman_back(
    trace: Trace,
    d_logits: FloatArray,
    given: FloatArray | None,
    *,
    horizon: int,
    truncate: int | None,
) -> Gradients:
    """Do what `backward` does, with ∂L/∂a (S, B, K) or what is given for ∂L/∂h (T, B, H)."""
    params = trace.params
    z = trace.z
    steps, batch, _ = z.shape
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
