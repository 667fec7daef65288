"""The page's own what-if: the sidebar's experiment with another radius, length or activation."""

from dataclasses import dataclass

import numpy as np

from app.experiment.changes import with_radius
from app.experiment.resizing import given_weights, with_steps
from app.experiment.run import trace_of
from app.experiment.sources import Drawn
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import spectrum


@dataclass(frozen=True)
class WhatIf:
    """What the page's sliders say; None leaves the experiment's own."""

    radius: float | None = None
    steps: int | None = None
    activation: str | None = None


@dataclass(frozen=True)
class Shown:
    """The experiment that the page shows, and what could not be changed, in sentences."""

    experiment: Experiment
    problems: tuple[str, ...]


@cached
def shown_of(experiment: Experiment, what_if: WhatIf) -> Shown:
    """Return the experiment with what the sliders change; what is refused stays as it was.

    Raises
    ------
    ValueError
        The sidebar's own experiment cannot be computed.
    """
    trace_of(experiment)
    made, problems = experiment, []
    for change in (_length, _radius, _activation):
        try:
            changed = change(made, what_if)
            trace_of(changed)
        except ValueError as error:
            problems.append(str(error))
        else:
            made = changed
    return Shown(made, tuple(problems))


def _length(experiment: Experiment, what_if: WhatIf) -> Experiment:
    return experiment if what_if.steps is None else with_steps(experiment, what_if.steps)


def _activation(experiment: Experiment, what_if: WhatIf) -> Experiment:
    if what_if.activation in (None, experiment.activation):
        return experiment
    return experiment.replace(activation=what_if.activation)


def _radius(experiment: Experiment, what_if: WhatIf) -> Experiment:
    if what_if.radius is None:
        return experiment
    weights = experiment.weights
    if isinstance(weights, Drawn) and any(
        name in experiment.kind.recurrent for name, *_ in weights.edits
    ):
        # Edits are made after the scaling, so the radius would not be the one asked for.
        arrays = {
            name: np.asarray(array, np.float64) for name, array in experiment.parameters().items()
        }
        experiment = experiment.replace(weights=given_weights(arrays))
    return with_radius(experiment, what_if.radius)


def radii_of(experiment: Experiment) -> dict[str, float]:
    """Return ρ, the largest magnitude of an eigenvalue, of W_hh or of each W_h… by name."""
    params = experiment.parameters()
    return {name: spectrum(params[name]).radius for name in params.cell.recurrent}
