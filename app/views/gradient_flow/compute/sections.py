"""Spectrum, Jacobians, clipping and remedies of the experiment that the page shows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.changes import with_weights
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.views.gradient_flow.compute.over_time import slopes_of
from app.work.caching import cached
from rnn_core import (
    REMEDIES,
    Clipped,
    Cut,
    EndJacobian,
    Parameters,
    Spectrum,
    Treated,
    apply_remedy,
    clip_by_norm,
    clip_by_value,
    end_jacobians,
    end_jacobians_of,
    gradient_norm,
    spectrum,
    state_jacobians,
    truncation_loss,
)
from rnn_core.cells import ELMAN
from rnn_core.remedies import OF_ELMAN, with_remedy

Floats = NDArray[np.floating[Any]]

MOST_STATES = 120
"""States k for which the singular values of ∂h_T/∂h_k are taken: each costs a decomposition."""

FREE_WORK = 2.5e7
"""H³ times states: about 0.3 s of decompositions."""


@cached
def spectrum_of(experiment: Experiment) -> Spectrum:
    """Return eigenvalues and singular values of W_hh."""
    return spectrum(experiment.parameters().W_hh)


def states_listed(steps: int, size: int) -> tuple[int, ...]:
    """Return the k, from 0 to T, for which singular values are taken: evenly spread, ends in.

    `size` is that of the matrices: H, or of a cell with several states as many times H.
    """
    most = int(np.clip(FREE_WORK // size**3, 12, MOST_STATES))
    return tuple(sorted({round(k) for k in np.linspace(0, steps, min(steps + 1, most)).tolist()}))


@cached
def step_jacobians_of(experiment: Experiment) -> Floats:
    """Return ∂s_t/∂s_{t-1} of the sequence shown for all steps, (T, S·H, S·H)."""
    return state_jacobians(trace_of(experiment), experiment.sample)


@cached
def jacobians_of(experiment: Experiment, ks: tuple[int, ...]) -> tuple[EndJacobian, ...]:
    """Return ∂s_T/∂s_k of the sequence shown for each k, falling; s are all states of the cell."""
    if experiment.kind is not ELMAN:
        return end_jacobians_of(step_jacobians_of(experiment), ks)
    return end_jacobians(experiment.parameters().W_hh, slopes_of(experiment), ks)


@dataclass(frozen=True, eq=False)
class Clippings:
    """The gradient of the parameters, and both ways to clip it."""

    before: Parameters
    largest: float  # the largest |number|
    by_norm: Clipped
    by_value: Clipped
    max_norm: float
    limit: float


@cached
@np.errstate(all="ignore")
def clippings_of(experiment: Experiment, norm_share: float, value_share: float) -> Clippings:
    """Clip to shares of the gradient's length, and of its largest number.

    Raises
    ------
    ValueError
        The gradient is zero or not finite: a share of it is no threshold.
    """
    before = gradients_of(experiment).parameters
    largest = max(float(np.abs(array).max()) for _, array in before.items())
    if not (np.isfinite(largest) and largest > 0):
        what = "zero" if largest == 0 else "not finite"
        raise ValueError(f"gradient: expected numbers to clip, got one that is {what}")
    max_norm, limit = norm_share * gradient_norm(before), value_share * largest
    return Clippings(
        before=before,
        largest=largest,
        by_norm=clip_by_norm(before, max_norm),
        by_value=clip_by_value(before, limit),
        max_norm=max_norm,
        limit=limit,
    )


def truncation_seconds(experiment: Experiment, truncate: int) -> float:
    """Estimate the seconds that the gradients of every loss, cut to so many steps, take."""
    if experiment.readout == "last":
        return 0.0
    steps, batch, _, hidden, _ = experiment.sizes
    return 2 * steps * batch * hidden * min(truncate, steps) * (hidden / 4e9 + 1e-9)


def remedies_of(experiment: Experiment) -> tuple[str, ...]:
    """Return the names of the remedies that the network can have; itself, untreated, is first.

    Its own cell with other weights is none.
    """
    kind = experiment.kind
    return tuple(
        name for name in REMEDIES if name != kind.name and (kind is ELMAN or name not in OF_ELMAN)
    )


@cached
def treated_of(
    experiment: Experiment, name: str, step: float, truncate: int, *, last_only: bool
) -> Treated:
    """Return a run of the sequence shown with a remedy."""
    return apply_remedy(
        trace_of(experiment),
        name,
        experiment.sample,
        step=step,
        truncate=truncate,
        last_only=last_only,
    )


@cached
def cut_of(experiment: Experiment, truncate: int) -> Cut:
    """Return what truncation does to the gradients of the parameters, the whole batch."""
    return truncation_loss(trace_of(experiment), (truncate,), kind="window")[0]


def truncated_of(experiment: Experiment, truncate: int, last_only: bool) -> tuple[Treated, Cut]:
    """Return the run with truncation and what that does, together: what takes long of a page."""
    treated = treated_of(experiment, "truncation", 1.0, truncate, last_only=last_only)
    return treated, cut_of(experiment, truncate)


def remedied(experiment: Experiment, name: str, truncate: int) -> Experiment:
    """Return the experiment with a remedy; the one of a smaller step is no cell of the sidebar."""
    if name not in REMEDIES or name in ("none", "step"):
        return experiment
    if name == "truncation":
        return experiment.replace(truncate=truncate)
    params, activation = with_remedy(experiment.parameters(), experiment.activation, name)
    if name == "relu":
        return experiment.replace(activation=activation)
    return with_weights(experiment, params).replace(activation=activation)
