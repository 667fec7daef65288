"""Logistic gates, from what they are a function of with its sign turned: σ(a) from −a.

The sign is in the weights already. So σ(a) = 1 / (1 + exp(−a)) takes three operations on all gates
of a step, and keeps its digits however small it is. (½ tanh(a/2) + ½ is one call less and loses
them below 1e-8.)
"""

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import ONE

NEAR_ONE = 1 - 1e-4
"""Gates above it have lost more digits in 1 − σ than the results may."""


def slopes_from_turned(turned: FloatArray, gates: FloatArray, out: FloatArray) -> None:
    """Write dσ/d(−a) = −σ (1 − σ) for gates σ(a), given −a.

    1 − σ is computed as exp(−a) σ where too little is left of it otherwise.
    """
    np.subtract(gates, ONE[gates.dtype], out)
    if np.maximum.reduce(gates, None) > NEAR_ONE:
        shut = gates > NEAR_ONE
        out[shut] = -np.exp(turned[shut]) * gates[shut]
    np.multiply(out, gates, out)
