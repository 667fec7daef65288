"""The same bits wherever a sweep is computed, also when a worker dies, and nothing left behind."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.work.jobs import Job
from app.work.sweeps import in_process, on_processes
from app.work.turns import Turns
from rnn_core import (
    SweepChunk,
    run_sweep_chunk,
)
from rnn_core.sweep import CHUNK_SECONDS
from scripts.serving import worker_processes
from tests.app.sweeps import PATIENCE, as_bytes, never, one_by_one, sweep_parts, until
from tests.app.workers import (
    chatter,
    die,
    die_once,
    modules,
    niceness,
    refuse,
    sleep,
    threads_of_blas,
)

SLEEP = 600.0
Run = Callable[..., Iterator[tuple[int, Any]]]


@pytest.fixture(scope="module")
def parts() -> tuple[SweepChunk, ...]:
    return sweep_parts()


@pytest.fixture(scope="module")
def serial(parts: tuple[SweepChunk, ...]) -> dict[int, bytes]:
    return one_by_one(parts)


def test_in_process_is_serial(parts: Any, serial: Any) -> None:
    assert as_bytes(in_process(run_sweep_chunk, parts, never)) == serial


def test_processes_give_the_same_bits(parts: Any, serial: Any) -> None:
    assert as_bytes(on_processes(run_sweep_chunk, parts, never, turns=Turns(2))) == serial
    assert not worker_processes(os.getpid())


def test_a_planted_difference_is_found(parts: Any, serial: Any) -> None:
    results = dict(in_process(run_sweep_chunk, parts, never))
    results[3] = np.nextafter(results[3], np.inf)
    assert as_bytes(iter(results.items())) != serial


def test_a_process_that_dies_loses_nothing(tmp_path: Path) -> None:
    flags = [str(tmp_path / name) for name in "abc"]
    assert dict(on_processes(die_once, flags, never, turns=Turns(2))) == dict(enumerate(flags))


def test_a_part_that_kills_every_process_is_given_up() -> None:
    with pytest.raises(RuntimeError, match=r"^A process that computes died again and again"):
        list(on_processes(die, [1, 2], never, turns=Turns(2)))
    assert not worker_processes(os.getpid())


def test_processes_start_clean() -> None:
    """One thread for linear algebra each, nothing of the page, and what is printed is no answer."""
    assert dict(on_processes(threads_of_blas, [0], never)) == {0: "1"}
    assert dict(on_processes(modules, [0], never)) == {0: []}
    at_first, then = dict(on_processes(niceness, [0], never))[0]
    assert at_first == os.nice(0) < then  # it starts at once; then pages go before runs
    assert dict(on_processes(chatter, [0, 5], never, turns=Turns(1))) == {0: 1, 1: 6}


@pytest.mark.parametrize("run", [in_process, on_processes])
def test_an_error_is_a_sentence(run: Run) -> None:
    with pytest.raises((ValueError, RuntimeError), match=r"^part: expected another one, got 7$"):
        list(run(refuse, [7], never))


@pytest.mark.parametrize("run", [in_process, on_processes])
def test_stop_ends_before_the_next_part(run: Run) -> None:
    """One more part would take ten minutes."""
    stopped = threading.Event()
    results = run(sleep, [0.0, SLEEP, SLEEP], stopped.is_set)
    assert next(results) == (0, 0.0)
    stopped.set()
    assert list(results) == []
    assert not worker_processes(os.getpid())


def test_a_process_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.work.sweeps.processes.SILENCE_S", 2.0)
    with pytest.raises(RuntimeError, match=r"^A process that computes died again and again"):
        list(on_processes(sleep, [SLEEP], never))
    assert not worker_processes(os.getpid())


def test_two_sweeps_take_turns() -> None:
    """The short one beside the long one is done while that has most of its way to go."""
    turns, long, short = Turns(1), [0.01] * 100, [0.01] * 5
    found: list[str] = []

    def run(name: str, parts: list[float]) -> None:
        found.extend(name for _ in in_process(sleep, parts, never, turns=turns))

    with turns.turn(never):
        threads = [
            threading.Thread(target=run, args=item) for item in (("long", long), ("short", short))
        ]
        for thread in threads:
            thread.start()
        until(lambda: turns.sharing == 2)
    for thread in threads:
        thread.join(PATIENCE)
    assert len(found) == 105
    assert max(place for place, name in enumerate(found) if name == "short") < 20


def test_closing_the_generator_ends_the_processes() -> None:
    results = on_processes(sleep, [0.0, SLEEP, SLEEP], never, turns=Turns(2))
    assert next(results) == (0, 0.0)
    assert worker_processes(os.getpid())
    results.close()  # type: ignore[attr-defined]
    assert not worker_processes(os.getpid())


def test_a_sweep_that_nobody_looks_at_does_less_than_five_seconds_of_work() -> None:
    now, done = [0.0], []

    def chunk(part: int) -> int:
        done.append(part)
        now[0] += 2 * CHUNK_SECONDS  # an estimate that was off by two
        return part

    job = Job(lambda stop: in_process(chunk, range(1000), stop), 1000, clock=lambda: now[0]).start()
    assert job.wait(30)
    assert job.progress().state == "left"
    assert len(done) * 2 * CHUNK_SECONDS < 5
