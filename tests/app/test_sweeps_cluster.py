"""A sweep on a cluster: the same bits, whoever goes in between, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster

from app.work.sweeps import cluster, cluster_available, on_cluster
from app.work.sweeps.cluster import FEWEST_AHEAD
from rnn_core import (
    Parameters,
    Sweep,
    SweepChunk,
    run_sweep_chunk,
    sweep_chunks,
)
from tests.app.sweeps import PATIENCE, as_bytes, never, one_by_one, sweep_parts, until
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def parts() -> tuple[SweepChunk, ...]:
    return sweep_parts()


@pytest.fixture(scope="module")
def serial(parts: tuple[SweepChunk, ...]) -> dict[int, bytes]:
    return one_by_one(parts)


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


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what a busy machine has not said yet: what is to be seen is who goes."""
    monkeypatch.setattr(cluster, "ANSWER_S", float(PATIENCE))


@pytest.mark.usefixtures("patient")
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


@pytest.mark.usefixtures("patient")
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


@pytest.mark.parametrize(
    ("whom", "blow", "sentence"),
    [
        ("scheduler", signal.SIGSTOP, r"^scheduler: expected tcp://.* or compute in process"),
        ("workers", signal.SIGKILL, r"^cluster: expected a worker at tcp://.*start one \("),
        ("workers", signal.SIGSTOP, r"^cluster: expected a chunk from tcp://.*within 3 s"),
    ],
)
def test_a_cluster_that_hangs_or_has_no_worker_is_told(
    dask: Dask,
    parts: Any,
    monkeypatch: pytest.MonkeyPatch,
    whom: str,
    blow: signal.Signals,
    sentence: str,
) -> None:
    results = on_cluster(run_sweep_chunk, parts * 50, never, address=dask.address)
    next(results)
    hurry(monkeypatch)
    for process in dask.workers if whom == "workers" else [dask.scheduler]:
        process.send_signal(blow)
    with pytest.raises(RuntimeError, match=sentence):
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
