"""The projection outside the loop, and the sequence in chunks, against the plain loop."""

import numpy as np
import pytest

from rnn_core import hoisted, hoisted_in_chunks
from rnn_core.recurrence import unroll
from tests.core.oracle import distance, problem


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_hoisted_is_the_loop(activation, dtype):
    case = problem(1, 9, 3, 2, 5, 1, activation, "squared_error", "last", dtype)
    z, h = unroll(case.params, case.x, case.h0, activation)
    found_z, found_h = hoisted(case.params, case.x, case.h0, activation)
    bound = 1e-14 if dtype == "float64" else 1e-6
    assert found_h.dtype == case.params.dtype
    assert distance(found_h, h) < bound
    assert distance(found_z, z) < bound


@pytest.mark.parametrize("length", [1, 2, 4, 9, 20])
def test_chunks_that_carry_the_state_are_the_whole(length):
    case = problem(2, 9, 2, 2, 4, 1, "tanh", "squared_error", "last")
    whole = hoisted(case.params, case.x, case.h0, "tanh")
    parts = hoisted_in_chunks(case.params, case.x, case.h0, "tanh", length)
    assert distance(parts[1], whole[1]) < 1e-15
    assert distance(parts[0], whole[0]) < 1e-15


def test_a_state_that_is_not_carried_is_noticed():
    case = problem(2, 9, 2, 2, 4, 1, "tanh", "squared_error", "last")
    whole = hoisted(case.params, case.x, case.h0, "tanh")[1]
    dropped = np.concatenate(
        [
            hoisted(case.params, case.x[:4], case.h0, "tanh")[1],
            hoisted(case.params, case.x[4:], 0 * case.h0, "tanh")[1][1:],
        ]
    )
    assert distance(dropped, whole) > 1e-3


def test_a_chunk_has_at_least_one_step():
    case = problem(2, 3, 1, 1, 2, 1, "tanh", "squared_error", "last")
    with pytest.raises(ValueError, match="length: expected a whole number of at least 1, got 0"):
        hoisted_in_chunks(case.params, case.x, case.h0, "tanh", 0)
