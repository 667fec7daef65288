"""Runs on the server: they grow in a process, stop, go on, and say what went wrong."""

import os
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.process import Process
from app.training import run as runs
from app.training import stretch
from app.training.plan import Plan
from app.training.run import Run, Store
from app.training.stretch import Order
from app.training.tasks import TaskChoice
from rnn_core.training import Clip, Settings, make_update, train

PLAN = Plan(
    TaskChoice("parity"), Settings(length=5, hidden=4, batch=8, updates=120, judge_every=20)
)
WAIT_S = 30.0


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process and short, so that a run takes many; one test has a process of its own."""
    monkeypatch.setattr(stretch, "SECONDS", 0.01)
    monkeypatch.setattr(Process, "ask", lambda _self, function, part: function(part))


def plan(**changed: Any) -> Plan:
    return replace(PLAN, settings=replace(PLAN.settings, **changed))


def finished(run: Run) -> Run:
    run.go()
    run.wait(WAIT_S)
    return run


def test_a_run_is_that_of_the_core() -> None:
    run = finished(Run(PLAN))
    records = list(train(PLAN.task(), PLAN.settings))
    assert [point.loss for point in run.points()] == [record.loss for record in records]
    assert run.points()[-1].judged == records[-1].judged
    assert run.over
    assert run.trouble is None
    assert np.array_equal(run.checkpoint(120).params.vector, records[-1].checkpoint.params.vector)


def test_paused_and_stepped_it_is_the_same_run() -> None:
    run = Run(PLAN)
    for most in (1, 1, 30):
        run.go(most)
        run.wait(WAIT_S)
    assert run.latest == 32
    assert [point.number for point in run.points(first=30)] == [31, 32]
    assert not run.running
    assert not run.over
    whole = finished(Run(PLAN))
    assert finished(run).points() == whole.points()


@pytest.mark.parametrize("chunk", [None, 2])
def test_any_update_is_had_exactly_also_where_checkpoints_were_thinned_out(
    monkeypatch: pytest.MonkeyPatch, chunk: int | None
) -> None:
    monkeypatch.setattr(runs, "KEPT_CHECKPOINTS", 3)
    run = finished(Run(plan(chunk=chunk)))
    records = list(train(PLAN.task(), run.plan.settings))
    assert len(run._checkpoints) <= 6
    for number in (1, 37, 64, 119):
        kept = run.checkpoint(number)
        assert np.array_equal(kept.params.vector, records[number - 1].checkpoint.params.vector)
        update = run.update_at(number)
        assert update.loss == records[number - 1].loss
    with pytest.raises(ValueError, match="update: expected 0 to 120, which the run has reached"):
        run.checkpoint(121)


def test_a_run_that_diverges_stops_at_the_last_good_update() -> None:
    wild = plan(activation="identity", optimiser="sgd", learning_rate=1e6, clip=Clip(), length=60)
    run = finished(Run(wild))
    assert run.trouble is not None
    assert run.over
    last = run.points()[-1]
    assert last.trouble == run.trouble
    assert run.latest == last.number - 1
    assert np.isfinite(run.checkpoint(run.latest).params.vector).all()
    run.go()
    assert not run.running


def test_a_process_that_dies_loses_one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # a real process
    monkeypatch.setattr(stretch, "SECONDS", 0.01)
    run = Run(plan(updates=3000))
    killed = threading.Event()
    ask = Process.ask

    def asked(process: Process, function: Any, part: Order) -> Any:
        if part.at.updates >= 10 and not killed.is_set():
            killed.set()
            assert process._process is not None
            os.kill(process._process.pid, 9)
        return ask(process, function, part)

    monkeypatch.setattr(Process, "ask", asked)
    run.go()
    run.wait(WAIT_S)
    progress = run.progress()
    assert progress is not None
    assert progress.state == "failed"
    assert progress.problem == (
        "Training: its process died; Continue goes on from the last checkpoint."
    )
    before = run.latest
    assert before >= 10
    run.go(5)
    run.wait(WAIT_S)
    assert run.latest == before + 5
    update = make_update(run.task, run.plan.settings, run.checkpoint(before + 4))
    assert np.array_equal(run.checkpoint(before + 5).params.vector, update.params.vector)


def test_who_waits_is_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PATIENCE_S", 0.5)
    slow = threading.Event()

    def ask(_process: Process, function: Any, part: Order) -> Any:
        slow.wait(1.5)  # as a process takes to start on a machine that is busy
        return function(part)

    monkeypatch.setattr(Process, "ask", ask)
    run = Run(PLAN)
    run.go(1)
    run.wait(WAIT_S)
    assert run.latest == 1


def test_it_stops_when_nobody_looks_and_its_process_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(runs, "PATIENCE_S", 0.5)
    started: list[int] = []
    ask = Process.ask

    def asked(process: Process, function: Any, part: Order) -> Any:
        made = ask(process, function, part)
        assert process._process is not None
        started.append(process._process.pid)
        return made

    monkeypatch.setattr(Process, "ask", asked)
    run = Run(plan(updates=10**6, length=50, hidden=32))
    run.go()
    assert run.running
    stop = time.monotonic() + WAIT_S
    while run.running and time.monotonic() < stop:  # waiting with `wait` would be looking
        time.sleep(0.02)
    progress = run.progress()
    assert progress is not None
    assert progress.state == "left"
    assert not run.over
    assert len(set(started)) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


def test_a_run_is_found_by_an_equal_plan_until_it_is_forgotten() -> None:
    store = Store()
    run = store.open(PLAN)
    assert store.find(plan()) is run
    assert store.open(plan()) is run
    assert store.find(plan(seed=1)) is None
    store.forget(PLAN)
    assert store.find(PLAN) is None
    store.forget(PLAN)


def test_the_store_lets_go_of_what_was_not_looked_at_for_longest() -> None:
    store = Store(room=int(3.5 * finished(Run(PLAN)).nbytes))
    for seed in (1, 2, 3):
        finished(store.open(plan(seed=seed)))
    assert store.find(plan(seed=1)) is not None  # looked at, so not the oldest any more
    finished(store.open(plan(seed=4)))
    store.open(plan(seed=5))
    kept = [seed for seed in range(1, 6) if store.find(plan(seed=seed)) is not None]
    assert kept == [1, 3, 4, 5]
