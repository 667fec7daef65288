"""Runs on the server: they grow in a process, stop, go on, and say what went wrong."""

import threading
from typing import Any

import numpy as np
import pytest

from app.views.training.runs import course as courses
from app.views.training.runs import run as runs
from app.views.training.runs import stretch
from app.views.training.runs.course import FULL, Courses
from app.views.training.runs.run import Run
from app.views.training.runs.stretch import Order
from app.work.process import Process
from rnn_core.training import Clip, make_update, train
from tests.app.runs import PLAN, WAIT_S, finished, plan


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process and short, so that a run takes many."""
    monkeypatch.setattr(stretch, "SECONDS", 0.01)
    monkeypatch.setattr(Process, "ask", lambda _self, function, part, **_: function(part))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another test was computed before."""
    monkeypatch.setattr(runs.Run.__init__, "__defaults__", (Courses(),))


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
    monkeypatch.setattr(courses, "KEPT_CHECKPOINTS", 3)
    run = finished(Run(plan(chunk=chunk)))
    records = list(train(PLAN.task(), run.plan.settings))
    assert len(run._course._checkpoints) <= 6
    for number in (1, 37, 64, 119):
        kept = run.checkpoint(number)
        assert np.array_equal(kept.params.vector, records[number - 1].checkpoint.params.vector)
        update = make_update(run.task, run.plan.settings, run.checkpoint(number - 1))
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


def test_who_waits_is_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PATIENCE_S", 0.5)
    slow = threading.Event()

    def ask(_process: Process, function: Any, part: Order, **_: Any) -> Any:
        slow.wait(1.5)  # as a process takes to start on a machine that is busy
        return function(part)

    monkeypatch.setattr(Process, "ask", ask)
    run = Run(PLAN)
    run.go(1)
    run.wait(WAIT_S)
    assert run.latest == 1


def test_an_equal_run_takes_what_was_computed_and_stands_where_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "REPLAY_S", 0.05)
    first = finished(Run(PLAN))
    asked: list[Order] = []
    monkeypatch.setattr(
        Process, "ask", lambda _self, function, part, **_: asked.append(part) or function(part)
    )
    second = Run(plan())
    assert (second.latest, second.points(), second.over) == (0, [], False)
    second.go(1)
    second.wait(WAIT_S)
    assert (second.latest, second.points()) == (1, first.points()[:1])
    third = Run(plan())
    assert third.latest == 0
    assert finished(third).points() == first.points()
    assert not asked
    for number in (0, 1, 60, 119, 120):
        kept = third.checkpoint(number).params.vector
        assert np.array_equal(kept, first.checkpoint(number).params.vector)
    assert second.latest == 1


def test_equal_runs_at_one_time_compute_every_update_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "REPLAY_S", 0.05)
    made: list[int] = []

    def ask(_process: Process, function: Any, part: Order, **_: Any) -> Any:
        found = function(part)
        made.extend(point.number for point in found.points)
        return found

    monkeypatch.setattr(Process, "ask", ask)
    together = [Run(PLAN) for _ in range(3)]
    for run in together:
        run.go()
    for run in together:
        run.wait(WAIT_S)
    assert [run.latest for run in together] == [120, 120, 120]
    assert made == list(range(1, 121))


def test_an_equal_run_that_diverged_diverges_again() -> None:
    wild = plan(activation="identity", optimiser="sgd", learning_rate=1e6, clip=Clip(), length=60)
    first, second = finished(Run(wild)), finished(Run(wild))
    assert second.trouble == first.trouble
    assert (second.latest, second.points()) == (first.latest, first.points())


def test_a_short_run_beside_two_of_the_longest_has_its_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted, not timed: of the stretches made until it ends, at most half again are its own."""
    order: list[int] = []

    def ask(_process: Process, function: Any, part: Order, **_: Any) -> Any:
        order.append(part.plan.settings.seed)
        return function(part)

    monkeypatch.setattr(Process, "ask", ask)
    long = [Run(plan(seed=seed, updates=10**6)) for seed in (1, 2)]
    short = Run(plan(seed=3, updates=200))
    for run in (*long, short):
        run.go()
    short.wait(WAIT_S)
    for run in long:
        run.pause()
        run.wait(WAIT_S)
    assert short.over
    assert not any(run.over for run in long)
    last = max(place for place, seed in enumerate(order) if seed == 3)
    own = order.count(3)
    assert own > 3
    assert own / (last + 1 - order.index(3)) > 0.2  # a third, were all equally quick


def test_memory_is_bounded_over_all_runs_and_the_one_not_looked_at_for_longest_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courses, "LOOKED_S", 0.0)
    one = finished(Run(PLAN))._course.nbytes
    room = Courses(room=int(3.5 * one))
    kept = [finished(Run(plan(seed=seed), room)) for seed in (1, 2, 3)]
    kept[0].beat()
    kept += [finished(Run(plan(seed=seed), room)) for seed in (4, 5)]
    assert [run.lost for run in kept] == [False, True, True, False, False]
    assert kept[1].points() == []
    assert room.nbytes <= 3.5 * one


def test_where_everybody_is_computing_the_last_to_grow_says_that_memory_is_full() -> None:
    tiny = Courses(room=1)
    run = Run(PLAN, tiny)
    run.go()
    run.wait(WAIT_S)
    progress = run.progress()
    assert progress is not None
    assert (progress.state, progress.problem) == ("failed", FULL)
