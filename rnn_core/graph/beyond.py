"""What reaches the gradients of shown states by ways that a graph does not show.

A state's gradient is what arrives from the readout, from other states of its step, and from the
step after it. Hidden is what comes from steps outside a window; what `backward` was given from
outside; and, with the opposite sign, what truncation leaves out: the gradients of the step after
it stand there in full, but not all of what they hand back was counted.
"""

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.cells.cell import BEFORE
from rnn_core.graph.numbers import Numbers, totals_at, values_at
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.run import pull

READ_OUT = "h"
ROUNDING = 8  # units in the last place: less than this between two sums is no way of its own


def outside_states(shown: Selection) -> dict[tuple[str, int], FloatArray]:
    """Return what reaches shown states' gradients by ways not shown, by state and step.

    Zeros are left out.
    """
    if shown.grads is None:
        return {}
    exactly = shown.grads.truncate is not None or not shown.by_loss
    at = range(shown.first - 1, shown.last + 1) if exactly else [shown.first - 1, shown.last]
    found = _beyond_the_states(shown, [*at])
    return {
        (state, t): array[k]
        for k, t in enumerate(at)
        for state, array in found.items()
        if array[k].any()
    }


def _beyond_the_states(shown: Selection, at: list[int]) -> Numbers:
    """Return the hidden part of each state's gradient at the steps `at`, in order, (n, H) each."""
    trace, grads = shown.trace, shown.grads
    assert grads is not None  # noqa: S101  # only called with gradients
    steps = np.array(at)
    zero = np.zeros((len(at), trace.params.hidden_size), trace.params.dtype)
    direct, handed, within = _from_the_readout(shown, at), _handed(shown, at), _within(shown, at)
    before, last = (steps < shown.first)[:, np.newaxis], (steps == shown.last)[:, np.newaxis]
    found = {}
    for state in trace.cell.states:
        now, later = within.get(state, zero), handed.get(state, zero)
        if state == READ_OUT:
            now = now + direct
        hidden = np.where(before, now, 0) + np.where(last, later, 0)
        if shown.cut:
            total = grads[state][steps, shown.sample]
            left_over = total - now - later
            size = abs(total) + abs(now) + abs(later)
            rounding = ROUNDING * np.finfo(total.dtype).eps * size
            hidden = hidden + np.where(abs(left_over) <= rounding, 0, left_over)
        elif grads.upstream is not None and state == READ_OUT:
            outside = grads.upstream[steps - 1, shown.sample]
            hidden = hidden + np.where((steps > 0)[:, np.newaxis], outside, 0)
        found[state] = hidden
    return found


def _from_the_readout(shown: Selection, at: list[int]) -> FloatArray:
    trace, grads = shown.trace, shown.grads
    assert grads is not None  # noqa: S101  # only called with gradients
    found = np.zeros((len(at), trace.params.hidden_size), trace.params.dtype)
    for k, t in enumerate(at):
        if t in trace.readout_steps:
            found[k] = grads.logits[shown.readout_row(t), shown.sample] @ trace.params.W_hy
    return found


def _handed(shown: Selection, at: list[int]) -> Numbers:
    """Return what the step after each hands back to the states, by the gradients that it has."""
    trace, grads = shown.trace, shown.grads
    assert grads is not None  # noqa: S101  # only called with gradients
    there = [k for k, t in enumerate(at) if t < trace.steps]
    if not there:
        return {}
    rows = [at[k] for k in there]
    values = values_at(shown.plan, trace, shown.sample, rows)
    totals = totals_at(shown.plan, grads, shown.sample, rows)
    pulled = pull(shown.plan.program, values, totals, totals=True, only_states=True).by
    found = {}
    for state in trace.cell.states:
        if state + BEFORE in pulled:
            found[state] = np.zeros((len(at), trace.params.hidden_size), trace.params.dtype)
            found[state][there] = pulled[state + BEFORE]
    return found


def _within(shown: Selection, at: list[int]) -> Numbers:
    """Return what each state gets from the other states of its own step, which read it."""
    trace, grads, program = shown.trace, shown.grads, shown.plan.program
    assert grads is not None  # noqa: S101  # only called with gradients
    read = {operand for step in program.instructions for operand in step.operands}
    states = [state for state in trace.cell.states if state in read]
    there = [k for k, t in enumerate(at) if t > 0]
    if not states or not there:
        return {}
    rows = [at[k] - 1 for k in there]
    values = values_at(shown.plan, trace, shown.sample, rows)
    totals = totals_at(shown.plan, grads, shown.sample, rows)
    found = {}
    for state in states:
        others = {name: total for name, total in totals.items() if name != state}
        pulled = pull(program, values, others, totals=True).by
        found[state] = np.zeros((len(at), trace.params.hidden_size), trace.params.dtype)
        if state in pulled:
            found[state][there] = pulled[state]
    return found
