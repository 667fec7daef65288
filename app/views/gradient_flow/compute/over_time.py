"""The gradient's length at every step, and what theory says of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    Flow,
    Spectrum,
    Theory,
    activation_slopes,
    direct_gradients,
    flow_back,
    flow_of,
    jacobian_norms,
    spectrum,
    theory,
)

Floats = NDArray[np.floating[Any]]

FREE_SECONDS = 0.3
"""Estimated work that is done without being asked for."""


@dataclass(frozen=True, eq=False)
class OverTime:
    """The measured lengths of one sequence, with theory beside them."""

    flow: Flow
    theory: Theory
    spectrum: Spectrum
    summed: bool  # the loss enters at more than one step
    truncated: int | None  # the experiment's own cut, which the measured lengths have
    stands_in: bool  # what enters is not finite: a gradient of length 1 at step T is carried back

    @property
    def steps(self) -> int:
        """T."""
        return len(self.flow.z)


def norm_seconds(experiment: Experiment) -> float:
    """Estimate the seconds that the norms of all Jacobians take on one core."""
    steps, _, _, hidden, _ = experiment.sizes
    return steps * (2e-6 + 5e-8 * hidden * hidden)


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
    W_hh, slope = trace.params.W_hh, slopes_of(experiment)
    cut = experiment.truncate
    if not np.isfinite(direct).all():
        direct, cut, stands_in = _unit(direct), None, True
    else:
        stands_in = False
    if cut is not None and (cut >= trace.steps or last_only):
        cut = None
    flow = flow_back(W_hh, slope, direct) if cut is None else flow_of(grads, experiment.sample)
    return OverTime(
        flow=flow,
        theory=theory(
            W_hh,
            direct,
            activation=experiment.activation,
            norms=jacobian_norms(W_hh, slope) if with_norms else None,
        ),
        spectrum=spectrum(W_hh),
        summed=bool(np.count_nonzero(direct.any(axis=1)) > 1),
        truncated=cut,
        stands_in=stands_in,
    )


def _unit(direct: Floats) -> Floats:
    """Return a gradient of length 1, alike for all units, that enters at step T alone."""
    made = np.zeros_like(direct)
    made[-1] = 1 / np.sqrt(direct.shape[1])
    return made
