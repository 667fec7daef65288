"""The section of the sweep as Streamlit runs it: its controls, its button, and what it says."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import default
from app.experiment.sources import Given
from app.views.gradient_flow.compute import sweep as compute
from app.views.gradient_flow.compute.sweep import Grid
from app.views.gradient_flow.figures.sweep_words import sweep_in_words
from app.work.jobs import Desk
from rnn_core import SweepChunk, run_sweep_chunk
from tests.app.sweep_map import OPENING, scalar

PATIENCE_S = 60
LONG = {"gs_longest": "5000", "gs_radii": "60", "gs_lengths": "60"}


def section() -> None:
    from app import state
    from app.views.gradient_flow.sections import sweep

    state.start()
    sweep.render(state.experiment())


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(section, default_timeout=PATIENCE_S)


def chart_text(app: AppTest) -> str:
    (component,) = app.get("bidi_component")
    (chart,) = json.loads(component.proto.bytes)["groups"][0]["charts"]
    return str(chart["views"][0]["text"])


def desk(app: AppTest) -> Desk[Any]:
    found: Desk[Any] = app.session_state["unrolled"].kept["sweep"]
    return found


def button(app: AppTest, label: str) -> Any:
    (found,) = (button for button in app.button if button.label == label)
    return found


def test_it_opens_with_its_point_made(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    assert [button.label for button in app.button] == []  # nothing to wait for
    assert chart_text(app) == sweep_in_words(compute.map_of(default(), OPENING))


def test_controls_come_from_the_address_and_a_bad_one_is_left_out(app: AppTest) -> None:
    for name, text in {"gs_longest": "30", "gs_radii": "1e9", "gs_where": "<b>"}.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    assert not app.error
    assert chart_text(app) == sweep_in_words(compute.map_of(default(), Grid(0.5, 1.6, 12, 30, 12)))


def test_a_long_sweep_waits_to_be_asked_then_shows_all(app: AppTest) -> None:
    grid = Grid(0.5, 1.6, 60, 5000, 60)
    for name, text in LONG.items():
        app.query_params[name] = text
    app.run()
    small = compute.coarse(default(), grid)
    assert chart_text(app) == sweep_in_words(compute.map_of(default(), small))
    button(app, "Run the sweep").click()
    app.run()
    job = desk(app).job
    assert job is not None
    while not job.wait(0.05):
        job.beat()  # as a browser does through the fragment
    app.run()
    assert not app.exception
    assert job.progress().state == "done"
    parts = compute.parts_of(default(), grid)
    results = [(place, run_sweep_chunk(part)) for place, part in enumerate(parts)]
    whole = compute.partial_map(default(), grid, results)
    assert chart_text(app) == sweep_in_words(whole)
    shown = compute.partial_map(default(), grid, job.items())
    assert shown.log10_norm.tobytes() == whole.log10_norm.tobytes()
    assert [b.label for b in app.button] == []


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The second chunk of a sweep waits for this."""
    opened = threading.Event()
    begun = []

    def gated(part: SweepChunk) -> Any:
        begun.append(part)
        assert len(begun) < 2 or opened.wait(PATIENCE_S)
        return run_sweep_chunk(part)

    monkeypatch.setattr("app.views.gradient_flow.sections.sweep.run_sweep_chunk", gated)
    yield opened
    opened.set()


def test_cancel_keeps_what_is_computed(app: AppTest, gate: threading.Event) -> None:
    for name, text in LONG.items():
        app.query_params[name] = text
    app.run()
    button(app, "Run the sweep").click().run()
    button(app, "Cancel").click().run()
    job = desk(app).job
    assert job is not None
    gate.set()
    assert job.wait(PATIENCE_S)
    app.run()
    assert job.progress().state == "cancelled"
    assert any(line.value.startswith("Cancelled after ") for line in app.markdown)
    had = job.items()
    button(app, "Continue the sweep" if had else "Run the sweep").click().run()
    more = desk(app).job
    assert more is not None
    assert more is not job
    assert more.items()[: len(had)] == had


def test_another_setting_cancels_the_sweep(app: AppTest, gate: threading.Event) -> None:
    for name, text in LONG.items():
        app.query_params[name] = text
    app.run()
    button(app, "Run the sweep").click().run()
    job = desk(app).job
    assert job is not None
    app.number_input(key="gs_longest").set_value(50).run()
    gate.set()
    assert job.wait(PATIENCE_S)
    assert job.progress().state == "cancelled"


@pytest.mark.parametrize(
    ("installed", "arguments", "sentence"),
    [
        (False, [], "Dask is not installed: `pip install -r requirements-dask.txt`"),
        (True, [], "No cluster: start the app with `python -m unrolled --scheduler"),
    ],
)
def test_dask_says_in_a_line_what_is_missing(
    app: AppTest,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.setattr(
        "app.views.gradient_flow.sections.sweep.cluster_available", lambda: installed
    )
    monkeypatch.setattr("sys.argv", ["main.py", *arguments])
    app.run()
    app.segmented_control(key="gs_where").set_value("dask").run()
    assert not app.exception
    assert any(line.value.startswith(sentence) for line in app.markdown)
    assert button(app, "Run the sweep").disabled
    assert chart_text(app)  # the map is there all the same


def test_a_bad_address_of_the_operator_is_one_sentence(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["main.py", "--scheduler", "localhost"])
    app.run()
    app.segmented_control(key="gs_where").set_value("dask").run()
    assert [error.value for error in app.error] == [
        "`--scheduler: expected tcp://host:port,` got 'localhost'"
    ]
    assert not app.exception


def test_weights_that_cannot_be_scaled_are_one_sentence(app: AppTest) -> None:
    nilpotent = scalar().replace(
        weights=Given(W_xh=((1.0,),), W_hh=((0.0,),), b_h=(0.0,), W_hy=((1.0,),), b_y=(0.0,))
    )
    app.query_params["e"] = link.encode(nilpotent)
    app.run()
    assert not app.exception
    (error,) = app.error
    assert re.match("spectral_radius: expected a recurrent matrix with an eigenvalue", error.value)
