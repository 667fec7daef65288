"""Fair measurement of how long calls take: warmed up, interleaved, one BLAS thread, medians."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

MOST_ROUNDS = 60
LEAST_ROUNDS = 5
SHORTEST_S = 100e-6
"""A sample shorter than this would be mostly the clock: several calls make one sample."""

_measuring = Lock()


@dataclass(frozen=True)
class Timing:
    """Seconds a call: the median over the rounds, with the quartiles as its spread."""

    median: float
    low: float
    high: float
    rounds: int
    calls: int  # in each round


def measure(calls: Mapping[str, Callable[[], Any]], *, budget_s: float) -> dict[str, Timing]:
    """Time each call in rounds that go through all of them, within about `budget_s` seconds.

    Two rounds are not counted: they warm caches up and tell how many rounds the budget allows. The
    order turns by one each round, so that none always follows the same other one, and what slows
    the machine for a while slows all alike. The garbage collector rests meanwhile.
    """
    with _measuring, _one_blas_thread(), _without_collector():
        for call in calls.values():
            call()
        singles = {name: _time(call, 1) for name, call in calls.items()}
        repeats = {name: max(1, round(SHORTEST_S / max(s, 1e-9))) for name, s in singles.items()}
        round_s = sum(singles[name] * repeats[name] for name in calls)
        rounds = int(np.clip(budget_s / max(round_s, 1e-9), LEAST_ROUNDS, MOST_ROUNDS))
        samples: dict[str, list[float]] = {name: [] for name in calls}
        names = list(calls)
        for turn in range(rounds):
            at = turn % len(names)
            for name in names[at:] + names[:at]:
                samples[name].append(_time(calls[name], repeats[name]))
    return {name: _summary(taken, repeats[name]) for name, taken in samples.items()}


def blas_threads() -> str:
    """Say in a few words how many threads matrix products use while `measure` runs."""
    return "one BLAS thread" if _blas().lib_controllers else "BLAS threads as NumPy chooses them"


def _time(call: Callable[[], Any], repeats: int) -> float:
    start = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - start) / repeats


def _summary(samples: list[float], calls: int) -> Timing:
    low, median, high = np.percentile(samples, (25, 50, 75)).tolist()
    return Timing(median=median, low=low, high=high, rounds=len(samples), calls=calls)


@contextmanager
def _without_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Let matrix products use one thread, and give back what was set before."""
    with _blas().limit(limits=1):
        yield


@cache
def _blas() -> ThreadpoolController:
    """Return what controls the threads of the BLAS that NumPy was built with, looked for once."""
    return ThreadpoolController().select(user_api="blas")
