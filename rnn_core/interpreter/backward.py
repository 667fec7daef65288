"""Back-propagation through time of a network with any cell."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from rnn_core import kernels
from rnn_core._arrays import FloatArray, read_only
from rnn_core._parameters import Parameters
from rnn_core._scaling import Scale, divide
from rnn_core._workspace import BETWEEN_LOOKS
from rnn_core.activations import activation_named
from rnn_core.cells.cell import BEFORE
from rnn_core.interpreter.gradients import CellGradients, pulled_from
from rnn_core.interpreter.program import Program, program_of
from rnn_core.interpreter.run import Values, pull, restored
from rnn_core.interpreter.ways import WayBack, gone, joined, ways_back
from rnn_core.types import Gradients, Trace, Use


def backward_cell(
    trace: Trace,
    d_logits: FloatArray,
    given: FloatArray | None,
    *,
    horizon: int,
    truncate: int | None,
) -> Gradients:
    """Return the gradients of a trace; `given` (T, B, H) stands in place of the loss.

    `horizon` is `truncate` as a number of steps, at most T. A run that a kernel computed is carried
    back by it, unless numbers are truncated or do not stay finite.
    """
    carried = _by_kernel(trace, d_logits, given) if horizon == trace.steps else None
    pulled = None
    if carried is None:
        totals = _by_lines(trace, d_logits, given, horizon)
        pulled = pulled_from(trace, totals)
        sums = _sums(trace.params, pulled.uses)
    else:
        totals, sums = carried.totals, carried.parameters
    rows = d_logits.reshape(-1, d_logits.shape[-1])
    read = trace.h[-len(d_logits) :].reshape(len(rows), -1)
    sums |= {"W_hy": rows.T.dot(read), "b_y": np.add.reduce(rows)}
    return CellGradients.known(
        trace=trace,
        parameters=Parameters.trusted_of(
            trace.cell, {name: read_only(sums[name]) for name in trace.params.names}
        ),
        logits=read_only(d_logits),
        truncate=truncate,
        upstream=given,
        totals={state: read_only(array) for state, array in totals.items()},
        pulled=pulled,
    )


def _by_kernel(
    trace: Trace, d_logits: FloatArray, given: FloatArray | None
) -> kernels.Carried | None:
    kernel, run = kernels.kernel_of(trace.cell), trace.quantities
    if kernel is None or not isinstance(run, kernels.KernelRun):
        return None
    entering = d_logits.dot(trace.params.W_hy) if given is None else given
    return kernels.carry_back(
        kernel, run, trace.params, entering, activation_named(trace.activation)
    )


def _by_lines(trace: Trace, d_logits: FloatArray, given: FloatArray | None, horizon: int) -> Values:
    """Return all that reaches each state, (T, B, H)."""
    program = program_of(trace.cell, trace.activation)
    values = restored(program, trace.params, trace.quantities)
    entering = given
    if entering is None:
        entering = np.zeros_like(trace.h[1:])
        entering[-len(d_logits) :] = d_logits @ trace.params.W_hy
    if horizon < trace.steps:
        return _through_windows(program, values, entering, horizon)
    return _through_all(program, values, entering)


def _through_all(program: Program, values: Values, entering: FloatArray) -> Values:
    """Return all that reaches each state, (T, B, H), step by step from the last.

    Numbers that vanish are carried at another scale from stretch to stretch (see `_scaling`).
    """
    ways = ways_back(program, values)
    totals = _gone_back(joined(program, ways), program.cell.states, entering, scaled=True)
    if not all(isfinite(each.ravel().dot(each.ravel())) for each in totals.values()):
        totals = _gone_back(ways, program.cell.states, entering, scaled=False)
    return totals


def _gone_back(
    ways: Sequence[WayBack], states: Sequence[str], entering: FloatArray, *, scaled: bool
) -> Values:
    totals = np.zeros((len(states), *entering.shape), entering.dtype)
    scale, place = Scale(entering.dtype, len(entering)), states.index("h")
    now, stop = np.zeros_like(totals[:, 0]), len(entering)
    while stop > 0:
        first, comes = max(0, stop - BETWEEN_LOOKS), entering[max(0, stop - BETWEEN_LOOKS) : stop]
        if scaled and stop < len(entering):
            enters = comes.any()
            comes = comes.copy()
            if not (scale.look(stop, now, comes if enters else None) or enters):
                break
        for t in range(stop - 1, first - 1, -1):
            now[place] += comes[t - first]
            found, handed = gone(ways, states, t, dict(zip(states, now, strict=True)))
            for number, state in enumerate(states):
                totals[number, t] = found[state]
                now[number] = handed.get(state, 0)
        divide(totals[:, first:stop], scale.power)
        stop = first
    return dict(zip(states, totals, strict=True))


def _through_windows(
    program: Program, values: Values, entering: FloatArray, horizon: int
) -> Values:
    """Return what reaches each state where each loss goes back through `horizon` steps.

    One pass moves what entered at all steps one step further back.
    """
    states = program.cell.states
    totals = {state: np.zeros_like(entering) for state in states}
    moving: Values = {"h": entering}
    scale = Scale(entering.dtype, 0)
    for passed in range(horizon):
        found = pull(program, values, moving, only_states=True).by
        for state in states:
            if state in found:
                moved = found[state].copy() if scale.power else found[state]
                divide(moved, scale.power)
                totals[state] += moved
        if passed == horizon - 1:
            break
        moving = {}
        for state in states:
            if state + BEFORE in found:
                moved = np.zeros_like(entering)
                moved[:-1] = found[state + BEFORE][1:]
                moving[state] = moved
        if passed % BETWEEN_LOOKS == 0 and passed:
            joined_rows = np.stack([*moving.values()])
            if not scale.look(0, joined_rows):
                break
            moving = dict(zip(moving, joined_rows, strict=True))
    return totals


def _sums(params: Parameters, uses: list[Use]) -> dict[str, FloatArray]:
    """Return the sums over time and batch: ∂L/∂W = Σ_t g_t v_tᵀ, ∂L/∂b = Σ_t g_t."""
    sums = {name: np.zeros_like(array) for name, array in params.items()}
    for use in uses:
        rows = use.gradient.reshape(-1, use.gradient.shape[-1])
        if use.vector is None:
            sums[use.weight] += rows.sum(axis=0)
        else:
            sums[use.weight] += rows.T @ use.vector.reshape(-1, use.vector.shape[-1])
    return sums
