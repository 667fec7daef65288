"""The gradient's length at every step, and what theory says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    Extended,
    Flow,
    Spectrum,
    Trace,
    activation_slopes,
    direct_gradients,
    flow_back,
    flow_of,
    flow_through,
    jacobian_norms,
    norm_bound,
    spectral_norms,
    spectrum,
    state_jacobians,
    theory,
)
from rnn_core.cells import ELMAN
from rnn_core.cells.cell import BEFORE, MULTIPLY, terms

Floats = NDArray[np.floating[Any]]

FREE_SECONDS = 0.3
"""Estimated work that is done without being asked for."""


@dataclass(frozen=True, eq=False)
class OverTime:
    """The measured lengths of one sequence, with theory beside them.

    `bounds` are by name: "product" of the norms of the Jacobians, where they were taken; of an
    Elman network also "bound" and "rate", which follow from W_hh.
    """

    flow: Flow
    bounds: Mapping[str, Extended]
    spectrum: Spectrum | None  # of W_hh, of an Elman network
    kept: Mapping[str, tuple[str, float]]  # by state: the gate that keeps it, and its mean
    summed: bool  # the loss enters at more than one step
    truncated: int | None  # the experiment's own cut, which the measured lengths have
    stands_in: bool  # what enters is not finite: a gradient of length 1 at step T is carried back

    @property
    def steps(self) -> int:
        """T."""
        return len(self.flow.h) - 1


def norm_seconds(experiment: Experiment) -> float:
    """Estimate the seconds that the norms of all Jacobians take on one core."""
    steps, _, _, hidden, _ = experiment.sizes
    if experiment.kind is ELMAN:
        return steps * (2e-6 + 5e-8 * hidden * hidden)
    size = hidden * len(experiment.kind.states)
    return steps * (2e-5 + 5e-8 * size**2 + 6e-10 * size**3)


@cached
def slopes_of(experiment: Experiment) -> Floats:
    """Return φ′(z_t) of the sequence shown, (T, H)."""
    return activation_slopes(trace_of(experiment), experiment.sample)


@cached
@np.errstate(all="ignore")
def over_time_of(experiment: Experiment, *, last_only: bool, with_norms: bool) -> OverTime:
    """Return measurement and theory for the sequence shown.

    `last_only` takes the gradient of the last term of the loss alone; `with_norms` also takes the
    norm of every Jacobian, which may take long.
    """
    trace, grads = trace_of(experiment), gradients_of(experiment)
    direct = direct_gradients(grads, experiment.sample, last_only=last_only)
    cut = experiment.truncate
    if not np.isfinite(direct).all():
        direct, cut, stands_in = _unit(direct), None, True
    else:
        stands_in = False
    if cut is not None and (cut >= trace.steps or last_only):
        cut = None
    measure = _of_elman if trace.cell is ELMAN else _of_any
    flow, bounds = measure(experiment, trace, direct, with_norms=with_norms)
    return OverTime(
        flow=flow if cut is None else flow_of(grads, experiment.sample),
        bounds=bounds,
        spectrum=spectrum(trace.params.W_hh) if trace.cell is ELMAN else None,
        kept=_kept(trace, experiment.sample),
        summed=bool(np.count_nonzero(direct.any(axis=1)) > 1),
        truncated=cut,
        stands_in=stands_in,
    )


def _of_elman(
    experiment: Experiment, trace: Trace, direct: Floats, *, with_norms: bool
) -> tuple[Flow, dict[str, Extended]]:
    W_hh, slope = trace.params.W_hh, slopes_of(experiment)
    norms = jacobian_norms(W_hh, slope) if with_norms else None
    found = theory(W_hh, direct, activation=experiment.activation, norms=norms)
    bounds = {"product": found.product, "bound": found.bound, "rate": found.rate}
    return flow_back(W_hh, slope, direct), {
        name: one for name, one in bounds.items() if one is not None
    }


def _of_any(
    experiment: Experiment, trace: Trace, direct: Floats, *, with_norms: bool
) -> tuple[Flow, dict[str, Extended]]:
    flow = flow_through(trace, direct, experiment.sample)
    if not with_norms:
        return flow, {}
    norms = spectral_norms(state_jacobians(trace, experiment.sample))
    return flow, {"product": norm_bound(direct, norms)}


def _kept(trace: Trace, sample: int) -> dict[str, tuple[str, float]]:
    """Return the quantity that multiplies a state before the step, entry by entry, and its mean."""
    found = {}
    for state in trace.cell.states:
        for term in terms(trace.cell.line[state].term):
            gates = [operand for operand in term.operands if operand in trace.cell.line]
            if term.op == MULTIPLY and state + BEFORE in term.operands and len(gates) == 1:
                gate = str(gates[0])
                found[state] = gate, float(trace[gate][:, sample].mean())
    return found


def _unit(direct: Floats) -> Floats:
    """Return a gradient of length 1, alike for all units, that enters at step T alone."""
    made = np.zeros_like(direct)
    made[-1] = 1 / np.sqrt(direct.shape[1])
    return made
