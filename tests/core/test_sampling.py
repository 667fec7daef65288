"""Sampling with temperature: hand-worked probabilities, limits, frequencies, and seeds."""

import numpy as np
import pytest

from rnn_core import Parameters, forward
from rnn_core.training import sample, tempered


def network(hidden: int = 4, size: int = 3) -> Parameters:
    return Parameters.random(size, hidden, size, seed=3)


def test_probabilities_are_those_worked_by_hand() -> None:
    logits = np.log([1.0, 2.0, 5.0])
    assert np.allclose(tempered(logits, 1), [1 / 8, 2 / 8, 5 / 8], atol=1e-15)
    assert np.allclose(tempered(logits, 0.5), np.array([1, 4, 25]) / 30, atol=1e-15)
    assert np.allclose(tempered(logits, 1e9), 1 / 3, atol=1e-8)
    assert np.array_equal(tempered(logits, 0), [0, 0, 1])
    assert np.array_equal(tempered(np.array([2.0, 2.0, 1.0]), 0), [0.5, 0.5, 0])
    assert np.array_equal(tempered(logits, 1e-300), [0, 0, 1])
    assert np.allclose(tempered(np.array([1000.0, 0.0]), 1), [1, 0])


def test_the_next_one_has_the_probabilities_of_the_forward_pass() -> None:
    params, start = network(), [0, 2, 1]
    trace = forward(params, np.eye(3)[start][:, None], loss="softmax_cross_entropy")
    p = tempered(trace.logits[0, 0], 0.7)
    drawn = [sample(params, start, 1, seed=seed, temperature=0.7)[0] for seed in range(4000)]
    assert np.abs(np.bincount(drawn, minlength=3) / 4000 - p).max() < 0.03


def test_what_is_drawn_is_read_again() -> None:
    params = network(hidden=8)
    whole = sample(params, [1], 30, seed=5, temperature=0)
    read = forward(
        params, np.eye(3)[[1, *whole]][:, None], loss="softmax_cross_entropy", readout="every"
    )
    assert whole == read.logits[:-1, 0].argmax(axis=1).tolist()


def test_a_seed_gives_the_same_again() -> None:
    params = network()
    assert sample(params, [0], 50, seed=1) == sample(params, [0], 50, seed=1)
    assert sample(params, [0], 50, seed=1) != sample(params, [0], 50, seed=2)
    assert sample(params, [0], 0, seed=1) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": []}, "start: expected indices"),
        ({"start": [3]}, "start: expected indices from 0 to 2"),
        ({"count": -1}, "count: expected a whole number from 0 to 10,000, got -1"),
        ({"temperature": -1.0}, "temperature: expected a finite number of at least 0"),
        ({"temperature": float("nan")}, "temperature: expected a finite number of at least 0"),
        ({"params": Parameters.random(2, 3, 4, seed=0)}, "expected as many outputs as inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(changed, said: str) -> None:
    given = {"params": network(), "start": [0], "count": 2, "seed": 0} | changed
    with pytest.raises(ValueError, match=said):
        sample(given.pop("params"), given.pop("start"), given.pop("count"), **given)
