"""Whose runs they are: found by the secret of an address, copied, and never anybody else's."""

import gc
from dataclasses import replace

import pytest

from app.views.training.runs import stretch
from app.views.training.runs.course import Courses
from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run
from app.views.training.runs.visitor import Visitors
from app.views.training.tasks.offers import TaskChoice
from app.work.process import Process
from rnn_core.training import Settings

PLAN = Plan(TaskChoice("parity"), Settings(length=5, hidden=4, batch=8, updates=120))
WAIT_S = 30.0


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "SECONDS", 0.01)
    monkeypatch.setattr(Process, "ask", lambda _self, function, part, **_: function(part))


@pytest.fixture
def visitors() -> Visitors:
    return Visitors(Courses())


def made(run: Run, updates: int) -> Run:
    run.go(updates)
    run.wait(WAIT_S)
    return run


def test_three_who_press_one_update_have_one_each(visitors: Visitors) -> None:
    seats = [visitors.arrive() for _ in range(3)]
    for seat in seats:
        assert seat.visitor.find(PLAN) is None
        assert made(seat.visitor.open(PLAN), 1).latest == 1
    seats[0].visitor.forget(PLAN)
    assert seats[0].visitor.find(PLAN) is None
    for seat in seats[1:]:
        run = seat.visitor.find(PLAN)
        assert run is not None
        assert run.latest == 1


def test_an_address_finds_the_runs_and_goes_on_by_itself(visitors: Visitors) -> None:
    mine = visitors.arrive()
    run = made(mine.visitor.open(PLAN), 5)
    theirs = visitors.arrive(mine.visitor.token)
    copy = theirs.visitor.find(PLAN)
    assert copy is not None
    assert copy is not run
    assert copy.points() == run.points()
    assert theirs.visitor.token != mine.visitor.token
    assert made(copy, 2).latest == 7
    assert run.latest == 5
    theirs.visitor.forget(PLAN)
    assert mine.visitor.find(PLAN) is run
    made(run, 1)
    assert run.points() == made(Run(PLAN, Courses()), 6).points()


@pytest.mark.parametrize("token", ["", "AAAAAAAAAAAAAAAA", "../../etc", "ü"])
def test_a_token_that_nobody_has_finds_nothing(visitors: Visitors, token: str) -> None:
    mine = visitors.arrive()
    made(mine.visitor.open(PLAN), 1)
    other = visitors.arrive(token).visitor
    assert not other.runs
    assert other.missed == bool(token)
    made(other.open(PLAN), 1)
    assert not other.missed


def test_secrets_are_long_and_differ(visitors: Visitors) -> None:
    tokens = {visitors.arrive().visitor.token for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 16


def test_runs_are_kept_for_a_reload_and_let_go_afterwards() -> None:
    courses = Courses()
    for kept, found in ((60.0, True), (-1.0, False)):
        visitors = Visitors(courses, kept=kept)
        seat = visitors.arrive()
        token = seat.visitor.token
        made(seat.visitor.open(PLAN), 1)
        del seat  # the session ends
        gc.collect()
        assert bool(visitors.arrive(token).visitor.runs) == found


def test_a_visitor_without_runs_leaves_nothing(visitors: Visitors) -> None:
    for _ in range(50):
        visitors.arrive()
    gc.collect()
    assert (len(visitors._known), len(visitors._left)) == (0, 0)


def test_a_run_whose_memory_was_needed_is_missed(visitors: Visitors) -> None:
    seat = visitors.arrive()
    made(seat.visitor.open(PLAN), 1).lose()
    assert seat.visitor.find(PLAN) is None
    assert seat.visitor.missed
    assert seat.visitor.find(replace(PLAN, settings=replace(PLAN.settings, seed=9))) is None
