"""The process of a run: it dies, hangs or is no longer needed, and the run says so and goes on."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from app.views.training.runs import run as runs
from app.views.training.runs import stretch
from app.views.training.runs.course import Courses
from app.views.training.runs.run import Run
from app.views.training.runs.stretch import Order
from app.work.process import Process
from rnn_core.training import make_update
from scripts.serving import worker_processes
from tests.app.runs import PLAN, WAIT_S, finished, plan
from tests.app.workers import die, hang


def watched(run: Run, happened: Callable[[], bool]) -> None:
    """Look at a run, which would stop otherwise, until something has happened to it."""
    stop = time.monotonic() + WAIT_S
    while not happened():
        assert time.monotonic() < stop
        run.beat()
        time.sleep(0.02)


def really(
    monkeypatch: pytest.MonkeyPatch,
    instead: Callable[[Any], Any],
    at: Sequence[int],
    silence: float = WAIT_S,
) -> list[int]:
    """Ask real processes, and at some updates for something else; return what is to come."""
    monkeypatch.setattr(runs.Run.__init__, "__defaults__", (Courses(),))
    monkeypatch.setattr(stretch, "SECONDS", 0.01)
    monkeypatch.setattr(runs, "PATIENCE_S", WAIT_S)  # a busy machine is nobody who has left
    ask, left = Process.ask, list(at)

    def asked(process: Process, function: Any, part: Order, **more: Any) -> Any:
        # A run that an earlier test has left may be under way still, and is asked for nothing else.
        if left and part.plan.choice == PLAN.choice and part.at.updates >= left[0]:
            left.pop(0)
            function, more["silence"] = instead, silence
        return ask(process, function, part, **more)

    monkeypatch.setattr(Process, "ask", asked)
    return left


def test_a_process_that_dies_loses_one_stretch_and_nobody_needs_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_come = really(monkeypatch, die, [10])
    run = finished(Run(plan(updates=3000)))
    assert not to_come
    progress = run.progress()
    assert progress is not None
    assert (run.latest, progress.state) == (3000, "done")
    update = make_update(run.task, run.plan.settings, run.checkpoint(2999))
    assert np.array_equal(run.checkpoint(3000).params.vector, update.params.vector)


def test_the_second_death_is_said_and_what_was_made_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_come = really(monkeypatch, die, [10, 500])
    run = finished(Run(plan(updates=3000)))
    assert not to_come
    progress = run.progress()
    assert progress is not None
    assert progress.state == "failed"
    before = run.latest
    assert 500 <= before < 3000
    assert progress.problem == (
        f"Training: its process died or hung twice. What was made up to update {before:,} is kept, "
        "and Continue goes on from there. If it fails again, the machine may be short of memory: "
        "take a smaller batch, length or network."
    )
    run.go(5)
    run.wait(WAIT_S)
    assert run.latest == before + 5
    update = make_update(run.task, run.plan.settings, run.checkpoint(before + 4))
    assert np.array_equal(run.checkpoint(before + 5).params.vector, update.params.vector)


def test_a_process_that_hangs_is_ended_by_pause_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_come = really(monkeypatch, hang, [10])
    monkeypatch.setattr(runs, "GRACE_S", 0.3)
    run = Run(plan(updates=3000))
    run.go()
    watched(run, lambda: not to_come)
    assert run.running
    run.pause()
    run.wait(WAIT_S)
    progress = run.progress()
    assert progress is not None
    assert progress.problem == (
        "Training: its process did not answer and was ended. What was made up to update "
        f"{run.latest:,} is kept, and Continue goes on from there."
    )
    assert 10 <= run.latest < 3000
    assert not worker_processes(os.getpid())
    assert finished(run).latest == 3000


def test_a_process_that_hangs_twice_is_said_also_without_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_come = really(monkeypatch, hang, [10, 10], silence=0.5)
    run = finished(Run(plan(updates=3000)))
    assert not to_come
    progress = run.progress()
    assert progress is not None
    assert progress.problem.startswith("Training: its process died or hung twice. What was made up")


def test_it_stops_when_nobody_looks_and_its_process_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs.Run.__init__, "__defaults__", (Courses(),))
    monkeypatch.setattr(runs, "PATIENCE_S", 0.5)
    started: list[int] = []
    ask = Process.ask

    def asked(process: Process, function: Any, part: Order, **more: Any) -> Any:
        made = ask(process, function, part, **more)
        assert process._process is not None
        started.append(process._process.pid)
        return made

    monkeypatch.setattr(Process, "ask", asked)
    run = Run(plan(updates=10**6, length=50, hidden=32))
    run.go()
    assert run.running
    stop = time.monotonic() + WAIT_S
    while not started and time.monotonic() < stop:  # a process takes its time to start
        run.beat()
        time.sleep(0.02)
    while run.running and time.monotonic() < stop:  # waiting with `wait` would be looking
        time.sleep(0.02)
    progress = run.progress()
    assert progress is not None
    assert progress.state == "left"
    assert not run.over
    assert len(set(started)) == 1
    while is_there(started[0]) and time.monotonic() < stop:
        time.sleep(0.02)
    assert not is_there(started[0])


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
