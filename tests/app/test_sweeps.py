"""The same bits wherever a sweep is computed, also when a worker dies, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster

from app.work.jobs import Job
from app.work.sweeps import cluster, cluster_available, in_process, on_cluster, on_processes
from app.work.sweeps.cluster import FEWEST_AHEAD
from app.work.turns import Turns
from rnn_core import (
    Parameters,
    Sweep,
    SweepChunk,
    initialise,
    run_sweep_chunk,
    spaced_lengths,
    sweep_chunks,
)
from rnn_core.sweep import CHUNK_SECONDS
from scripts.serving import worker_processes
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
from tests.conftest import ROOT

PATIENCE = 60  # seconds until a test gives up: nothing comes near it
SLEEP = 600.0
Run = Callable[..., Iterator[tuple[int, Any]]]


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def parts() -> tuple[SweepChunk, ...]:
    networks = tuple(initialise("xavier_normal", 3, 9, seed=seed) for seed in range(2))
    x = np.random.default_rng(3).normal(size=(300, 3))
    sweep = Sweep(networks, x, tuple(np.linspace(0.3, 1.8, 12)), spaced_lengths(300, 10))
    return sweep_chunks(sweep, 0.004)


@pytest.fixture(scope="module")
def serial(parts: tuple[SweepChunk, ...]) -> dict[int, bytes]:
    assert len(parts) > 6
    return {place: run_sweep_chunk(part).tobytes() for place, part in enumerate(parts)}


def as_bytes(results: Iterator[tuple[int, Any]]) -> dict[int, bytes]:
    return {place: result.tobytes() for place, result in results}


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
    assert dict(on_processes(niceness, [0], never))[0] > os.nice(0)  # pages go before runs
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


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    """Two workers in processes of their own, on the loopback only, without a dashboard.

    They start by `multiprocessing`, which imports the main script again. Where Streamlit has run a
    page before, that is the page: an empty one stands in for it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        with LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # the usual one may be taken
        ) as cluster:
            yield cluster


def tasks_left(address: str) -> int:
    """Return how many tasks the scheduler still knows, once it has settled."""
    with Client(address, timeout=PATIENCE, set_as_default=False) as client:
        for _ in range(200):
            left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
            if not left:
                break
            threading.Event().wait(0.05)
        return int(left)


def test_a_local_cluster_gives_the_same_bits(local: LocalCluster, parts: Any, serial: Any) -> None:
    address = local.scheduler_address
    assert cluster_available()
    assert as_bytes(on_cluster(run_sweep_chunk, parts, never, address=address)) == serial
    assert tasks_left(address) == 0


def test_cancel_leaves_nothing_on_the_cluster(local: LocalCluster, parts: Any) -> None:
    address = local.scheduler_address
    stopped = threading.Event()
    results = on_cluster(run_sweep_chunk, parts * 50, stopped.is_set, address=address)
    next(results)
    stopped.set()
    assert list(results) == []
    assert tasks_left(address) == 0


def test_an_error_on_the_cluster_is_a_sentence(local: LocalCluster) -> None:
    nilpotent = Parameters([[1.0]], [[0.0]], [0.0], [[1.0]], [0.0])
    bad = sweep_chunks(Sweep((nilpotent,), np.zeros((1, 1)), (1.0,), (1,)))
    sentence = (
        r"^cluster: a chunk could not be computed: spectral_radius: expected a recurrent matrix"
    )
    with pytest.raises(RuntimeError, match=sentence):
        list(on_cluster(run_sweep_chunk, bad, never, address=local.scheduler_address))


class Dask:
    """A scheduler and two workers as an operator starts them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.log = (folder / "dask.log").open("wb")
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        alone = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(self.file)]
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0", *alone
        )
        while not self.file.exists() or not self.file.stat().st_size:
            assert self.scheduler.poll() is None, "the scheduler stopped at its start"
            threading.Event().wait(0.05)
        one = ["--no-nanny", "--nthreads", "1", *alone]
        self.workers = [self._start("worker", *one) for _ in range(2)]

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command: Sequence[str] = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(
            command, cwd=self.file.parent, env=self.environment, stdout=self.log, stderr=self.log
        )

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    running = Dask(tmp_path)
    try:
        with Client(running.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield running
    finally:
        running.end()


def test_a_killed_worker_loses_nothing(dask: Dask, parts: Any, serial: Any) -> None:
    many = parts * 8
    results = on_cluster(run_sweep_chunk, many, never, address=dask.address)
    found = [next(results), next(results)]
    dask.workers[0].send_signal(signal.SIGKILL)
    found += results
    assert dask.workers[1].poll() is None
    assert sorted(place for place, _ in found) == list(range(len(many)))
    assert {
        place % len(parts): result.tobytes() for place, result in found[::-1]
    } == serial  # and so do those of each repetition:
    assert all(result.tobytes() == serial[place % len(parts)] for place, result in found)


def test_a_result_that_dies_with_its_worker_is_computed_again(dask: Dask) -> None:
    seconds = [1.0] * FEWEST_AHEAD
    results = on_cluster(time.sleep, seconds, never, address=dask.address)
    found = [next(results)]
    with Client(dask.address, timeout=PATIENCE, set_as_default=False) as other:
        until(lambda: not any(other.processing().values()))
        dask.workers[0].send_signal(signal.SIGKILL)  # it holds results that nobody has read
        until(lambda: len(other.nthreads()) == 1)
        found += results
    assert sorted(place for place, _ in found) == list(range(len(seconds)))


def until(happened: Callable[[], bool]) -> None:
    stop = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < stop
        time.sleep(0.02)


def test_a_scheduler_that_goes_away_is_told(dask: Dask, parts: Any) -> None:
    results = on_cluster(run_sweep_chunk, parts * 50, never, address=dask.address)
    next(results)
    dask.scheduler.send_signal(signal.SIGKILL)
    with pytest.raises(
        RuntimeError, match=r"^scheduler: expected tcp://127\.0\.0\.1:\d+ to answer"
    ):
        list(results)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Watch the cluster from now on in a fraction of the time."""
    assert cluster.ANSWER_S + max(cluster.ALONE_S, cluster.SILENCE_S) < 30
    monkeypatch.setattr(cluster, "ANSWER_S", 1.0)
    monkeypatch.setattr(cluster, "ALONE_S", 1.0)
    monkeypatch.setattr(cluster, "SILENCE_S", 3.0)


def test_a_scheduler_that_hangs_is_told(
    dask: Dask, parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = on_cluster(run_sweep_chunk, parts * 50, never, address=dask.address)
    next(results)
    hurry(monkeypatch)
    dask.scheduler.send_signal(signal.SIGSTOP)
    with pytest.raises(RuntimeError, match=r"^scheduler: expected tcp://.* or compute in process"):
        list(results)


def test_a_cluster_without_a_worker_is_told(
    dask: Dask, parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = on_cluster(run_sweep_chunk, parts * 50, never, address=dask.address)
    next(results)
    hurry(monkeypatch)
    for worker in dask.workers:
        worker.send_signal(signal.SIGKILL)
    with pytest.raises(RuntimeError, match=r"^cluster: expected a worker at tcp://.*start one \("):
        list(results)


def test_workers_that_hang_are_told(
    dask: Dask, parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = on_cluster(run_sweep_chunk, parts * 50, never, address=dask.address)
    next(results)
    hurry(monkeypatch)
    for worker in dask.workers:
        worker.send_signal(signal.SIGSTOP)
    with pytest.raises(RuntimeError, match=r"^cluster: expected a chunk from tcp://.*within 3 s"):
        list(results)


def test_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.work.sweeps.cluster.CONNECT_S", 0.5)
    sentence = r"^scheduler: expected an answer from tcp://127\.0\.0\.1:9 within 0.5 s, got none$"
    with pytest.raises(RuntimeError, match=sentence):
        list(on_cluster(run_sweep_chunk, [], never, address="tcp://127.0.0.1:9"))


def test_a_result_that_goes_with_the_scheduler_is_told() -> None:
    class Lost:
        status = "finished"

        def result(self, timeout: float) -> None:
            raise CancelledError("scheduler-connection")

    with pytest.raises(RuntimeError, match=r"^scheduler: expected tcp://here:1 to answer"):
        cluster._result(Lost(), "tcp://here:1")


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
