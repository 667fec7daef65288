"""Without the loop: what takes seconds is computed beside the page, when it is asked for."""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from app.experiment.sources import Drawn, Series
from app.experiment.value import Experiment
from app.views.without_the_loop.compute import (
    batches,
    expected,
    pieces,
    times,
    ways,
)
from app.views.without_the_loop.sections import words
from scripts.serving import worker_processes
from tests.app.loop_free import page, rows, shown

SLOW = Experiment(
    sequence=Series(name="sine", length=1000, scaling="none"),
    weights=Drawn(scheme="orthogonal", seed=1, hidden=64),
    loss="squared_error",
    readout="every",
)


def until(happened: Callable[[], bool]) -> None:
    stop = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < stop
        time.sleep(0.3)  # a page drawn on end takes time from what it waits for


def test_slow_ways_wait_until_they_are_asked_for() -> None:
    assert expected.estimate(SLOW, "newton") > 0.3
    app = page(SLOW, "compare")
    assert "Newton (DEER)" not in rows(app)
    assert app.toggle(key="wl_all").label.startswith("Also the")
    assert times.kept_times(times.times_key(SLOW, tuple(ways.WAYS))) is None


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was computed in this process, where it would go on when the page is left."""
    done: list[str] = []
    run, measure = ways._run, times.timed

    def noted(way: ways.Way, start: ways.Start) -> Any:
        done.append(way.name)
        return run(way, start)

    def measured(calls: Any, budget_s: float) -> Any:
        done.append("measured")
        return measure(calls, budget_s)

    monkeypatch.setattr(ways, "_run", noted)
    for module in (times, pieces, batches):
        monkeypatch.setattr(module, "timed", measured)
    return done


def test_slow_ways_are_computed_beside_the_page_and_end_with_it(here: list[str]) -> None:
    slow = SLOW.replace(title="Slow")  # nothing of it was computed before
    app = page(slow, "compare", wl_all="true")
    assert "computing the slow ones: " in shown(app)
    until(lambda: bool(worker_processes(os.getpid())))
    until(lambda: not worker_processes(os.getpid()))  # nobody draws the page any more
    assert "newton" not in here
    until(lambda: "Newton (DEER)" in rows(app.run()))
    assert "newton" not in here
    newton = ways.result_of(slow, "newton")
    assert rows(app)["Newton (DEER)"][2] == words.off(newton.difference)
    assert rows(app)["Newton (DEER)"][0] == str(newton.solution and newton.solution.iterations)


@pytest.mark.parametrize(
    ("section", "button"), [("compare", "wl_go"), ("relu", "wl_relu"), ("batch", "wl_rate")]
)
def test_times_asked_for_are_measured_beside_the_page_and_end_with_it(
    section: str, button: str, here: list[str]
) -> None:
    app = page(SLOW.replace(title=f"Times of {section}"), section)
    here.clear()
    app.button(key=button).click()
    app.run()
    assert "measuring: " in shown(app)
    until(lambda: bool(worker_processes(os.getpid())))
    until(lambda: not worker_processes(os.getpid()))  # nobody draws the page any more
    until(lambda: "one BLAS thread" in shown(app.run()))
    assert "measured" not in here
