"""Measurement: fair in its order, gentle to the process, and right about what takes longer."""

import gc
from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from app.work import timing
from app.work.timing import LEAST_ROUNDS, MOST_ROUNDS, measure


def test_rounds_go_through_all_calls_and_turn_the_order() -> None:
    order: list[str] = []
    calls = {name: (lambda name=name: order.append(name)) for name in "abc"}
    found = measure(calls, budget_s=0.0)
    assert {one.rounds for one in found.values()} == {LEAST_ROUNDS}
    # Each sample is a run of the same call: without its repeats the order of the samples is left.
    samples = [order[0], *(b for a, b in pairwise(order) if a != b)]
    timed = samples[-3 * LEAST_ROUNDS :]
    assert {"".join(timed[i : i + 3]) for i in range(0, len(timed), 3)} <= {"abc", "bca", "cab"}


def test_statistics_are_those_of_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.cumsum([0, *([1] * 10_000)]).tolist())
    monkeypatch.setattr(timing, "perf_counter", lambda: next(clock))
    (found,) = measure({"one": lambda: None}, budget_s=7.0).values()
    assert (found.low, found.median, found.high) == (1, 1, 1)
    assert found.rounds == 7
    assert found.calls == 1


def test_spread_is_that_of_uneven_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = [1.0, *(float(k) for k in range(1, 6))]  # the first tells how many rounds fit
    ticks = iter([tick for length in lengths for tick in (0.0, length)])
    monkeypatch.setattr(timing, "perf_counter", lambda: next(ticks))
    (found,) = measure({"one": lambda: None}, budget_s=5.0).values()
    assert (found.low, found.median, found.high, found.rounds) == (2, 3, 4, 5)


def blas_threads() -> list[int]:
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def test_leaves_collector_and_threads_as_they_were() -> None:
    seen: list[tuple[bool, list[int]]] = []
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        measure({"look": lambda: seen.append((gc.isenabled(), blas_threads()))}, budget_s=0.0)
        assert all(found == (False, [1] * len(before)) for found in seen)
        assert seen
        assert gc.isenabled()
        assert blas_threads() == before
    said = "one BLAS thread" if before else "BLAS threads as NumPy chooses them"
    assert timing.blas_threads() == said


def test_what_fails_leaves_them_too() -> None:
    before = blas_threads()
    with pytest.raises(ZeroDivisionError):
        measure({"bad": lambda: 1 // 0}, budget_s=0.0)
    assert gc.isenabled()
    assert blas_threads() == before


def test_many_short_calls_make_one_sample_and_rounds_have_an_end() -> None:
    found = measure({"short": lambda: None}, budget_s=10.0)["short"]
    assert found.calls > 10
    assert found.rounds == MOST_ROUNDS
