"""What states found in whatever way are worth: their loss, and their difference to others."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import trace_of
from app.experiment.value import Experiment
from rnn_core import LOSSES

Floats = NDArray[np.floating[Any]]


def loss_of(experiment: Experiment, h: Floats) -> float | None:
    """Return the loss of states (T + 1, B, H) found in whatever way."""
    trace = trace_of(experiment)
    if trace.target is None:
        return None
    params = trace.params
    with np.errstate(all="ignore"):
        logits = h[np.asarray(trace.readout_steps)] @ params.W_hy.T + params.b_y
        return LOSSES[trace.loss_name].mean(logits, trace.target)


def difference(found: Floats, reference: Floats) -> float:
    """Return the largest |found − reference|; equal infinities do not differ."""
    with np.errstate(all="ignore"):
        apart = np.where(found == reference, 0.0, np.abs(found - reference))
    return float(apart.max())
