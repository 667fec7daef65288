"""Experiments that many tests begin with."""

from app.experiment.presets import PRESETS
from app.experiment.value import Experiment


def six_steps() -> Experiment:
    """T = 6, one input, two hidden tanh units, binary cross-entropy at the end."""
    return PRESETS["spiral"].experiment
