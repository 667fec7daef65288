"""Find the first number of a finished run that is not finite, without repeating all of it.

What has become infinite or NaN stays so, hence the arrays of the run say at which step it happened;
only that step is then done again, one operation at a time.
"""

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray
from rnn_core._checks import of, optional, takes
from rnn_core.activations import activation_named
from rnn_core.cells import ELMAN
from rnn_core.forms.form import Form
from rnn_core.precision._backward_pass import BackwardPass
from rnn_core.precision._cell_backward import backward_cell_pass
from rnn_core.precision._forward_pass import forward_step, mean_of
from rnn_core.precision.families import forms_of
from rnn_core.precision.watch import Found, NonFinite, Watch
from rnn_core.types import Gradients, Trace, require_gradients_of

FORM = "stable"
CHUNK_NUMBERS = 10**6
"""Terms of a gradient that are added up at once, when looking for where their sum overflows."""


@np.errstate(all="ignore")
@takes(trace=of(Trace), grads=optional(of(Gradients)))
def first_in(trace: Trace, grads: Gradients | None) -> NonFinite | None:
    """Return the first number of a run that is not finite, in the order of the computation.

    None where all are finite, or where they are when the step is done again with its sums added up
    from left to right: a library adds in another order, which can matter at the very largest
    number of a format.

    Parameters
    ----------
    grads
        The gradients of the same trace, also truncated; None looks at the forward pass only.

    Raises
    ------
    ValueError
        The gradients are of another run, or not of its loss.
    """
    if grads is not None:
        require_gradients_of(trace, grads, of_loss=True)
    watch = Watch(trace.params.dtype, stops=True)
    loss_form, gradient_form = forms_of(trace.loss_name, FORM)
    with suppress(Found):
        if bad := _first_step(trace):
            before = {state: trace[state][bad - 1] for state in trace.cell.states}
            forward_step(trace, trace.params, bad, before, watch, loss_form)
        elif trace.target is not None:
            mean_of(trace.family.terms(trace.logits, trace.target), trace.steps, watch)
            if grads is not None and trace.cell is not ELMAN:
                if not _is_finite(grads):
                    backward_cell_pass(trace, watch, gradient_form, grads.truncate)
            elif grads is not None:
                _backward(trace, grads, watch, gradient_form)
    return watch.first


def _first_step(trace: Trace) -> int:
    """Return the first step with a number that is not finite in the forward pass, 0 for none."""
    steps = np.arange(1, trace.steps + 1)
    bad = []
    for name in trace.cell.line:
        rows = trace[name][int(name in trace.cell.states) :]
        bad += [*steps[_wild(rows)][:1]]
    read = [trace.logits]
    if trace.target is not None:
        read.append(trace.family.terms(trace.logits, trace.target))
    for array in read:
        bad += [*(trace.readout_steps.start + np.flatnonzero(_wild(array)))[:1]]
    return int(min(bad, default=0))


def _is_finite(grads: Gradients) -> bool:
    """Whether all gradients by parameters, quantities and logits are finite."""
    arrays = [grads.logits, *grads.quantities.values(), *dict(grads.parameters.items()).values()]
    return all(bool(np.isfinite(array).all()) for array in arrays)


def _wild(array: FloatArray) -> NDArray[np.bool_]:
    """Return which rows hold a number that is not finite."""
    rows = np.isfinite(array.reshape(len(array), -1))
    found: NDArray[np.bool_] = np.logical_not(np.logical_and.reduce(rows, axis=1))
    return found


def _backward(trace: Trace, grads: Gradients, watch: Watch, form: Form) -> None:
    """Do the backward pass again around the step where it leaves the finite numbers."""
    made = BackwardPass(trace, watch, form)
    horizon = min(grads.truncate or trace.steps, trace.steps)
    if horizon < trace.steps and len(trace.readout_steps) > 1:
        _window(made, trace, grads, horizon)
        return
    bad = max(_last_gradient(trace, grads), _last_total(trace, grads))
    if not bad:
        return
    later: FloatArray | None = None
    if bad < trace.steps:
        for name in made.totals:
            made.totals[name] = _total_after(grads, name, bad + 1)
        later = made.onward(bad + 1, made.step(bad + 1, grads.h[bad + 1]))
    arrived = made.entering(bad, later) if bad in trace.readout_steps else later
    if arrived is not None:
        d_z = made.step(bad, arrived)
        if bad == 1 or bad > trace.steps - horizon + 1:
            made.onward(bad, d_z)


def _last_gradient(trace: Trace, grads: Gradients) -> int:
    """Return the last step at which a gradient is not finite, 0 for none."""
    bad = [
        *np.flatnonzero(_wild(grads.z)) + 1,
        *np.flatnonzero(_wild(grads.h))[1:],
        *np.flatnonzero(_wild(grads.logits)) + trace.readout_steps.start,
    ]
    if not np.isfinite(grads.h[0]).all():
        bad.append(1)
    return int(max(bad, default=0))


def _last_total(trace: Trace, grads: Gradients) -> int:
    """Return the step whose term takes the gradient of a parameter beyond the format, 0 for none.

    The terms are added up from the last step to the first, and of each step by sequence.
    """
    found = 0
    for name, array in grads.parameters.items():
        if np.isfinite(array).all():
            continue
        total = np.zeros(array.shape, array.dtype)
        rows = max(1, CHUNK_NUMBERS // (trace.batch * array.size))
        for last in range(trace.steps, 0, -rows):
            terms = _terms(grads, name, max(last - rows, 0), last)[::-1]
            sums = np.cumsum(np.concatenate([total[np.newaxis], *terms]), axis=0)[1:]
            wild = np.flatnonzero(_wild(sums))
            if len(wild):
                found = max(found, last - int(wild[0]) // trace.batch)
                break
            total = sums[-1]
    return found


def _terms(grads: Gradients, name: str, start: int, stop: int) -> FloatArray:
    """Return (steps, B, …): what the steps after `start` up to `stop` add to a gradient."""
    trace = grads.trace
    read = trace.readout_steps.start - 1
    if name in ("W_hy", "b_y"):
        d = np.zeros((stop - start, *grads.logits.shape[1:]), grads.z.dtype)
        d[max(read - start, 0) :] = grads.logits[max(start - read, 0) : max(stop - read, 0)]
        v = trace.h[start + 1 : stop + 1]
    else:
        d = grads.z[start:stop]
        v = trace.x[start:stop] if name == "W_xh" else trace.h[start:stop]
    return d if name.startswith("b_") else d[..., np.newaxis] * v[:, :, np.newaxis, :]


def _total_after(grads: Gradients, name: str, t: int) -> FloatArray:
    """Return what the steps after t add to the gradient of a parameter."""
    trace = grads.trace
    array = getattr(grads.parameters, name)
    total: FloatArray = np.zeros(array.shape, array.dtype)
    rows = max(1, CHUNK_NUMBERS // (trace.batch * array.size))
    for start in range(t, trace.steps, rows):
        total += _terms(grads, name, start, min(start + rows, trace.steps)).sum(axis=(0, 1))
    return total


def _window(made: BackwardPass, trace: Trace, grads: Gradients, horizon: int) -> None:
    """Do the window again, of those that truncation leaves, that leaves the finite numbers first.

    All windows go back together, a step at a time, each from its own readout.
    """
    W_hh, phi = trace.params.W_hh, activation_named(trace.activation)
    slopes = phi.slope(trace.z)
    bad = _wild(grads.logits)
    arrived: FloatArray = grads.logits @ trace.params.W_hy
    for back in range(horizon):
        there = arrived[back:]  # the windows that reach so far back
        bad[back:] |= _wild(there)
        if not len(there):
            break
        arrived = arrived.copy()
        arrived[back:] = (slopes[: len(there)] * there) @ W_hh
        # At the end of the windows, only what has come to h_0 is used.
        used = slice(back, None if back < horizon - 1 else back + 1)
        bad[used] |= _wild(arrived[used])
    if not bad.any():
        return
    last = trace.readout_steps.start + int(np.flatnonzero(bad)[-1])
    arrived = made.entering(last, None)
    first = max(last - horizon, 0) + 1
    for t in range(last, first - 1, -1):
        d_z = made.step(t, arrived)
        if t > first or t == 1:
            arrived = made.onward(t, d_z)
