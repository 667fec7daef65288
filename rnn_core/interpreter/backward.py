"""Back-propagation through time of a network with any cell."""

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._parameters import Parameters
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.interpreter.program import Program, program_of
from rnn_core.interpreter.run import Values, pull, restored
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

    `horizon` is `truncate` as a number of steps, at most T.
    """
    params = trace.params
    program = program_of(params.cell, trace.activation)
    values = restored(program, params, trace.quantities)
    entering = _entering(trace, d_logits, given)
    if horizon < trace.steps:
        totals = _through_windows(program, values, entering, horizon)
    else:
        totals = _through_all(program, values, entering)
    found = pull(program, values, totals, totals=True)
    zero = np.zeros_like(entering)
    by = {name: found.by.get(name, zero) for name in params.cell.line}
    for state in params.cell.states:
        first = found.by.get(state + BEFORE, zero)[:1]
        by[state] = np.concatenate([first, totals[state]])
    by[INPUT] = found.by.get(INPUT, np.zeros_like(trace.x))
    by = {name: read_only(np.ascontiguousarray(array)) for name, array in by.items()}
    # What each step hands to the states before it, by the numbers that stand here.
    handed = {state: found.by.get(state + BEFORE, zero) for state in params.cell.states}
    return Gradients.trusted(
        trace=trace,
        parameters=_sums(params, trace, d_logits, found.uses),
        z=by.get("z"),
        h=by["h"],
        logits=read_only(d_logits),
        truncate=truncate,
        upstream=given,
        values=by,
        kept_handed={state: read_only(array) for state, array in handed.items()},
        kept_uses=tuple(found.uses),
    )


def _entering(trace: Trace, d_logits: FloatArray, given: FloatArray | None) -> FloatArray:
    """Return what reaches h_t from the readout or from outside, (T, B, H)."""
    if given is not None:
        return given
    entering = np.zeros_like(trace.h[1:])
    entering[-len(d_logits) :] = d_logits @ trace.params.W_hy
    return entering


def _through_all(program: Program, values: Values, entering: FloatArray) -> Values:
    """Return all that reaches each state, (T, B, H), step by step from the last."""
    states = program.cell.states
    totals = {state: np.zeros_like(entering) for state in states}
    weights = {name: values[name] for name in program.cell.shapes}
    names = [name for name in values if name not in weights]
    later: Values = {}
    for t in reversed(range(len(entering))):
        seeds = dict(later)
        seeds["h"] = seeds["h"] + entering[t] if "h" in seeds else entering[t]
        now = {**weights, **{name: values[name][t] for name in names}}
        found = pull(program, now, seeds, only_states=True).by
        later = {state: found[state + BEFORE] for state in states if state + BEFORE in found}
        for state in states:
            if state in found:
                totals[state][t] = found[state]
    return totals


def _through_windows(
    program: Program, values: Values, entering: FloatArray, horizon: int
) -> Values:
    """Return what reaches each state where each loss goes back through `horizon` steps.

    One pass moves what entered at all steps one step further back.
    """
    states = program.cell.states
    totals = {state: np.zeros_like(entering) for state in states}
    moving: Values = {"h": entering}
    for passed in range(horizon):
        found = pull(program, values, moving, only_states=True).by
        for state in states:
            if state in found:
                totals[state] += found[state]
        if passed == horizon - 1:
            break
        moving = {}
        for state in states:
            if state + BEFORE in found:
                moved = np.zeros_like(entering)
                moved[:-1] = found[state + BEFORE][1:]
                moving[state] = moved
    return totals


def _sums(params: Parameters, trace: Trace, d_logits: FloatArray, uses: list[Use]) -> Parameters:
    """Return the sums over time and batch: ∂L/∂W = Σ_t g_t v_tᵀ, ∂L/∂b = Σ_t g_t."""
    sums = {name: np.zeros_like(array) for name, array in params.items()}
    for use in uses:
        rows = use.gradient.reshape(-1, use.gradient.shape[-1])
        if use.vector is None:
            sums[use.weight] += rows.sum(axis=0)
        else:
            sums[use.weight] += rows.T @ use.vector.reshape(-1, use.vector.shape[-1])
    rows = d_logits.reshape(-1, d_logits.shape[-1])
    read = trace.h[-len(d_logits) :].reshape(len(rows), -1)
    sums["W_hy"] += rows.T @ read
    sums["b_y"] += rows.sum(axis=0)
    return Parameters.trusted_of(
        params.cell, {name: read_only(array) for name, array in sums.items()}
    )
