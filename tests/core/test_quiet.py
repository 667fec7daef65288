"""Computing without NumPy's warnings: nothing of it reaches the caller, in any thread."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnn_core._quiet import quietly


@quietly
def overflow(times: int = 1) -> float:
    """Square a number that is too large, also from within itself."""
    return float(np.float64(1e200) ** 2) if times == 1 else overflow(times - 1)


@quietly
def refuse() -> None:
    """Raise."""
    raise ValueError("refused")


def test_the_callers_errors_stay_as_they_were():
    with np.errstate(over="raise"):
        assert overflow() == np.inf
        with pytest.raises(ValueError, match="refused"):
            refuse()
        assert np.geterr()["over"] == "raise"
        with pytest.raises(FloatingPointError):
            np.float64(1e200) ** 2


def test_it_may_be_entered_again_from_within_and_by_many_threads():
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(overflow, [1, 2, 3] * 50)) == {np.inf}
