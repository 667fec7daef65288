"""Weights that tests of their reader write under other names."""

import numpy as np

from rnn_core import Parameters

P = Parameters.random(2, 3, 1, seed=7)


def same(found: Parameters, expected: Parameters) -> None:
    for name, array in expected.items():
        assert np.allclose(getattr(found, name), array, rtol=0, atol=1e-15), name
