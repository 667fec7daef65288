"""Measured times: kept until they are measured again, so that a rerun shows the same numbers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from app.experiment.value import Experiment
from app.views.without_the_loop.compute.ways import WAYS, WayResult, result_of, start_of
from app.work.timing import LEAST_ROUNDS, Timing, blas_threads, measure

UNASKED_S = 0.25
ASKED_S = 1.5
LONG_S = 0.15
KEPT = 128


@dataclass(frozen=True)
class Times:
    """Times by name, all from the same rounds."""

    by_name: dict[str, Timing]
    threads: str

    @property
    def rounds(self) -> int:
        """The number of rounds that each median is over."""
        return max(one.rounds for one in self.by_name.values())


_kept: OrderedDict[Hashable, Times] = OrderedDict()
_lock = Lock()


def kept_times(key: Hashable) -> Times | None:
    """Return the times kept under a key, if any."""
    with _lock:
        return _kept.get(key)


def keep_times(key: Hashable, times: Times) -> Times:
    """Keep times in place of older ones, and return them."""
    with _lock:
        _kept[key] = times
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return times


def timed(calls: Mapping[str, Callable[[], Any]], budget_s: float) -> Times:
    """Measure the calls in turn, as `app.work.timing.measure` does."""
    return Times(measure(calls, budget_s=budget_s), blas_threads())


def times_key(experiment: Experiment, names: Iterable[str]) -> Hashable:
    """Return the key under which the times of these ways are kept."""
    return (experiment, tuple(names))


def cheap(results: Iterable[WayResult]) -> bool:
    """Whether measuring these ways would take less than `UNASKED_S`, by what one run took."""
    single = sum(result.seconds for result in results)
    return (LEAST_ROUNDS + 2) * single < UNASKED_S


def measure_times(experiment: Experiment, names: Iterable[str], budget_s: float) -> Times:
    """Measure those of the ways that give a result, and keep the times.

    One that takes longer than `LONG_S` is not run again: its time is that of the one run there was.
    """
    start, wanted = start_of(experiment), tuple(names)
    results = {name: result_of(experiment, name) for name in wanted}
    taken = {name: one.seconds for name, one in results.items() if not one.refused}
    calls = {name: partial(WAYS[name].run, start) for name, s in taken.items() if s <= LONG_S}
    found = timed(calls, budget_s)
    once = {name: Timing(s, s, s, rounds=1, calls=1) for name, s in taken.items() if s > LONG_S}
    by_name = {**found.by_name, **once}
    in_order = {name: by_name[name] for name in wanted if name in by_name}
    return keep_times(times_key(experiment, wanted), Times(in_order, found.threads))
