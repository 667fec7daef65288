"""The values the core passes around: frozen, with read-only arrays.

Sizes, everywhere: T time steps, B sequences in the batch, D inputs, H hidden units, K outputs,
S steps read out (1 for readout "last", T for "every"). Time comes first, then the batch.
"""

from rnn_core._parameters import PARAMETER_NAMES, Parameters
from rnn_core.types.gradients import (
    Gradients,
    GradientsFromTheEnd,
    Use,
    require_gradients_of,
)
from rnn_core.types.trace import Trace

__all__ = [
    "PARAMETER_NAMES",
    "Gradients",
    "GradientsFromTheEnd",
    "Parameters",
    "Trace",
    "Use",
    "require_gradients_of",
]
