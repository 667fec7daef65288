"""Whoever waits reads his place and the time, in the same words on every page."""

import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from streamlit.testing.v1 import AppTest

from app.views.shared import aside
from app.views.shared.queue import about
from app.views.training.runs import run as runs
from app.work import sweeps
from app.work.process import never
from app.work.turns import Turns
from tests.app.test_aside import page as page_that_waits
from tests.app.training import page as training_page

PATIENCE_S = 60.0


def sweep_section() -> None:
    from app import state
    from app.views.gradient_flow.sections import sweep

    state.start()
    sweep.render(state.experiment())


def waiting() -> AppTest:
    return page_that_waits("sleep", 0.0)


def training() -> AppTest:
    opened = training_page()
    next(button for button in opened.button if button.label == "Start").click()
    return opened.run()


def sweep(where: str) -> AppTest:
    opened = AppTest.from_function(sweep_section, default_timeout=PATIENCE_S)
    opened.query_params["gs_longest"] = "5000"
    opened.query_params["gs_radii"] = "60"
    opened.query_params["gs_where"] = where
    opened.run()
    opened.button(key="gs-run").click()
    return opened.run()


def shown(app: AppTest) -> str:
    assert not app.exception
    progress = [bar.proto.text for bar in app.main.get("progress")]
    return " ".join([*progress, *(line.value for line in app.markdown)])


@pytest.mark.parametrize(
    ("turns", "opened"),
    [
        (aside.TURNS, waiting),
        (runs.TURNS, training),
        (sweeps.TURNS, lambda: sweep("here")),
        (sweeps.TURNS, lambda: sweep("processes")),
    ],
    ids=["a check", "a run", "a sweep here", "a sweep on processes"],
)
def test_whoever_waits_reads_his_place_and_the_time(
    turns: Turns, opened: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(turns, "_clock", lambda: now[0])
    turns._lately.clear()
    with turns.turn(never):
        now[0] += 12
    with ExitStack() as others:
        for _ in range(turns.places):
            others.enter_context(turns.turn(never))
        app = opened()
        expected = f"{turns.places} before you, about 12 s"
        until = time.monotonic() + PATIENCE_S
        while expected not in shown(app):
            assert time.monotonic() < until
            app.run()
        for button in app.button:
            if button.label in ("Pause", "Cancel", "end"):
                button.click()
        app.run()
    while turns.sharing:  # leaves nothing behind for other tests
        assert time.monotonic() < until
        time.sleep(0.01)
    turns._lately.clear()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "less than 1 s"), (12.2, "about 12 s"), (600.0, "about 10 min"), (7200.0, "about 2 h")],
)
def test_an_estimate_is_said_in_a_unit_that_suits_it(seconds: float, words: str) -> None:
    assert about(seconds) == words
