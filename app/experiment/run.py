"""The experiment's forward and backward pass, its graph, and its first number that is not finite.

Traces and gradients are immutable, so one copy serves every session and every view that shows the
same experiment.
"""

import networkx as nx

from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    Gradients,
    NonFinite,
    Trace,
    backward,
    computational_graph,
    forward,
    precision,
)
from rnn_core.cells import ELMAN

MOST_FOLLOWED = 200
"""Steps of a run with gates whose gradients are followed one by one without being asked."""

NO_TARGET = "target: expected one, for a loss and its gradients, got none"


@cached
def trace_of(experiment: Experiment) -> Trace:
    """Return the forward pass of the experiment.

    Raises
    ------
    ValueError
        The experiment's numbers do not fit together; the message names the field.
    """
    return forward(
        experiment.parameters(),
        experiment.x(),
        experiment.target(),
        activation=experiment.activation,
        loss=experiment.loss,
        readout=experiment.readout,
        h0=experiment.h0(),
        c0=experiment.c0(),
    )


@cached
def gradients_of(experiment: Experiment) -> Gradients:
    """Return the backward pass of the experiment (truncated if the experiment says so).

    Raises
    ------
    ValueError
        There is no target, so no loss; or the forward pass does not fit together.
    """
    if not experiment.has_target:
        raise ValueError(NO_TARGET)
    return backward(trace_of(experiment), truncate=experiment.truncate)


def gradients_if_any(experiment: Experiment) -> Gradients | None:
    """Return the backward pass, or None for an experiment without a target."""
    return gradients_of(experiment) if experiment.has_target else None


@cached
def first_non_finite(experiment: Experiment) -> NonFinite | None:
    """Return the first number of the experiment's own run that is not finite, or None.

    None also where only a gradient of a long run with gates is not: to find it, the whole run is
    repeated, operation by operation.
    """
    grads = gradients_if_any(experiment)
    if experiment.kind is not ELMAN and experiment.sizes[0] > MOST_FOLLOWED:
        grads = None
    return precision.first_in(trace_of(experiment), grads)


def graph_of(
    experiment: Experiment, level: str, steps: tuple[int, int] | None
) -> "nx.DiGraph[str]":
    """Return the graph of the shown sequence, for a file; `steps` as in `computational_graph`."""
    return computational_graph(
        trace_of(experiment),
        gradients_if_any(experiment),
        level=level,
        sample=experiment.sample,
        steps=steps,
        jacobians=False,
    )
