"""Seconds of work beside a page: it is said while it lasts, and ends when the page is left."""

import os
import time
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment.presets import default
from app.experiment.sources import Drawn, Series, make
from app.experiment.value import Experiment
from app.views.explore.compute.trust import checked_gradients
from app.views.numerics import compute as numerics
from app.views.pytorch import compute as pytorch
from app.work.process import Process, carried_out
from scripts.serving import worker_processes
from tests.app.workers import modules

WAIT_S = 60.0
PAGE = """
import streamlit as st
from app.views.shared import aside
from tests.app import workers

function, argument = st.query_params["function"], st.query_params["argument"]
argument = float(argument) if function == "sleep" else int(argument)
found = aside.computed("test", getattr(workers, function), argument, what="sleeping")
st.markdown(f"found {found}")
if st.button("end", key="end"):
    aside.end("test")
"""


def page(function: str, argument: object) -> AppTest:
    app = AppTest.from_string(
        "from app import state\nstate.start()\n" + PAGE, default_timeout=WAIT_S
    )
    app.query_params["function"] = function
    app.query_params["argument"] = str(argument)
    return app.run()


def until(happened: Callable[[], bool]) -> None:
    stop = time.monotonic() + WAIT_S
    while not happened():
        assert time.monotonic() < stop
        time.sleep(0.05)


def text(app: AppTest) -> str:
    assert not app.exception
    return " ".join(element.value for element in app.markdown)


def test_it_is_said_while_it_lasts_and_then_there() -> None:
    app = page("sleep", 0.5)
    assert "sleeping: 0 s" in text(app)
    assert "found None" in text(app)
    until(lambda: "found 0.5" in text(app.run()))
    assert "found 0.5" in text(app.run())  # and kept
    assert not worker_processes(os.getpid())


@pytest.mark.parametrize(
    ("function", "argument", "expected"),
    [("refuse", 7, "part: expected another one, got 7"), ("die", 7, "sleeping: expected a result")],
)
def test_what_cannot_be_computed_is_one_sentence(
    function: str, argument: int, expected: str
) -> None:
    app = page(function, argument)
    until(lambda: bool(app.run().error))
    assert expected in app.error[0].value
    assert not worker_processes(os.getpid())


def test_it_ends_when_nobody_looks_and_begins_anew_for_who_comes_back() -> None:
    app = page("sleep", 600.0)
    until(lambda: bool(worker_processes(os.getpid())))
    until(lambda: not worker_processes(os.getpid()))  # nobody draws the page any more
    until(lambda: bool(app.run() and worker_processes(os.getpid())))
    app.button(key="end").click()
    app.run()
    until(lambda: not worker_processes(os.getpid()))


@pytest.fixture
def large() -> Experiment:
    return default().replace(
        sequence=make(Series, name="sine", length=60, scaling="none"),
        loss="squared_error",
        weights=Drawn(scheme="orthogonal", hidden=16, seed=1),
    )


def test_it_is_the_same_in_another_process_which_knows_no_page(large: Experiment) -> None:
    process = Process()
    try:
        assert process.ask(carried_out, (checked_gradients, (large,))) == checked_gradients(large)
        order = (pytorch.agreement_of, (large, "float64"))
        assert process.ask(carried_out, order) == carried_out(order)
        found = process.ask(
            carried_out, (numerics.format_run, (large, "float16", "stable", 1.0, None))
        )
        here = numerics.format_run(large, "float16", "stable", 1.0, None)
        assert np.array_equal(found.trace.h, here.trace.h)
        assert found.first == here.first
        assert "streamlit" not in process.ask(modules, 0)
    finally:
        process.close()
