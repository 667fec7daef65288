"""How long the gradient is at each step back through any cell."""

from collections.abc import Sequence

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import matrix, of, sample_of, takes
from rnn_core._extended import normalised
from rnn_core.cells import ELMAN
from rnn_core.gradient_flow.elman import activation_slopes, flow_back
from rnn_core.gradient_flow.lengths import Flow, added, lengths
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.run import pull, restored
from rnn_core.interpreter.ways import WayBack, gone, joined, ways_back
from rnn_core.limits import require_work
from rnn_core.types import Trace

TOP = 300
"""Exponent of two that a gradient is brought to: its products with subnormal weights are normal."""

LOW, HIGH = 2.0**200, 2.0**400
"""Sizes beyond which it is brought there again."""


@takes(trace=of(Trace), direct=matrix("T", "H", finite=False))
@np.errstate(all="ignore")
def flow_through(trace: Trace, direct: FloatArray, sample: int = 0) -> Flow:
    """Do what `flow_back` does, through one sequence of a run with any cell.

    All states are carried back together, (∂L/∂h_t, ∂L/∂c_t), times one power of two.

    Raises
    ------
    ValueError
        There is no such sequence, a shape does not fit, or the work is over `limits`.
    """
    sample = sample_of(trace.batch, sample)
    if direct.shape != trace.h[1:, sample].shape:
        raise ValueError(
            f"direct: expected shape (T, H) = {trace.h[1:, sample].shape}, got {direct.shape}"
        )
    if trace.cell is ELMAN:
        return flow_back(trace.params.W_hh, activation_slopes(trace, sample), direct)
    require_work("flow_through", 2 * trace.steps * trace.params.step_count)
    program, states = program_of(trace.cell, trace.activation), trace.cell.states
    one = {name: array[:, sample : sample + 1] for name, array in trace.quantities.items()}
    values = restored(program, trace.params, one)
    values = {name: np.asarray(array, np.float64) for name, array in values.items()}
    ways = ways_back(program, values)
    totals, exponents = _carried(joined(program, ways), states, direct)
    if not np.isfinite(totals).all():
        totals, exponents = _carried(ways, states, direct)
    seeds = {state: rows[1:, np.newaxis] for state, rows in zip(states, totals, strict=True)}
    by = pull(program, values, seeds, totals=True).by
    sums = {name: lengths(by[name][:, 0], exponents[1:]) for name in trace.cell.sums}
    found = {state: lengths(rows, exponents) for state, rows in zip(states, totals, strict=True)}
    return Flow(found.pop("h"), sums, found)


def _carried(
    ways: Sequence[WayBack], states: Sequence[str], direct: FloatArray
) -> tuple[FloatArray, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    """Return what reaches each state, (states, T + 1, H), and the exponents of two, (T + 1,)."""
    steps, hidden = direct.shape
    totals, place = np.zeros((len(states), steps + 1, 1, hidden)), states.index("h")
    exponents, exponent = np.zeros(steps + 1, np.int64), 0
    enters = np.any(direct != 0, axis=1).tolist()
    now = np.zeros_like(totals[:, 0])
    for t in range(steps, 0, -1):
        if enters[t - 1]:
            comes = np.zeros_like(now)
            comes[place, 0] = direct[t - 1]
            now, exponent = added(now, exponent, comes)
        if not LOW < float(np.abs(now).max()) < HIGH:
            now, exponent = normalised(now, exponent)
            now, exponent = np.ldexp(now, TOP), exponent - TOP
        exponents[t] = exponent
        found, handed = gone(ways, states, t - 1, dict(zip(states, now, strict=True)))
        now = np.zeros_like(now)
        for number, state in enumerate(states):
            totals[number, t] = found[state]
            if state in handed:
                now[number] = handed[state]
    totals[:, 0], exponents[0] = now, exponent
    return totals[:, :, 0], exponents
