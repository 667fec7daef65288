"""The sweep's controls, what it computes, and what it says, without a browser."""

import json
import re
import threading
from collections.abc import Iterator
from math import log10
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS, default
from app.experiment.sources import Drawn, Given, Numbers
from app.views.gradient_flow.compute import sweep as compute
from app.views.gradient_flow.compute.sweep import Grid
from app.views.gradient_flow.figures import sweep as figures
from app.views.gradient_flow.figures.sweep_words import sweep_in_words
from app.work.jobs import Desk
from rnn_core import SweepChunk, SweepMap, run_sweep_chunk

PATIENCE_S = 60
OPENING = Grid(0.5, 1.6, 12, 100, 12)
LONG = {"gs_longest": "5000", "gs_radii": "60", "gs_lengths": "60"}


def scalar() -> Any:
    """h_t = w h_{t-1}: J_T is w^T."""
    return default().replace(
        sequence=Numbers(values=(((0.0,),),), target=(((0.0,),),)),
        weights=Given(W_xh=((1.0,),), W_hh=((1.0,),), b_h=(0.0,), W_hy=((1.0,),), b_y=(0.0,)),
        activation="identity",
    )


def made(*rows: list[float], known: tuple[bool, ...] = ()) -> SweepMap:
    radii = tuple(0.5 + 0.25 * row for row in range(len(rows)))
    lengths = tuple(10 * (1 + column) for column in range(len(rows[0])))
    return SweepMap(radii, lengths, 1, np.array(rows), known or (True,) * len(rows))


# What is computed


def test_the_map_of_a_scalar_is_the_power_of_the_radius() -> None:
    found = compute.map_of(scalar(), Grid(0.5, 1.5, 5, 50, 4))
    assert found.radii == (0.5, 0.75, 1.0, 1.25, 1.5)
    expected = np.outer(np.log10(found.radii), found.lengths)
    np.testing.assert_allclose(found.log10_norm, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_opens_at_once(name: str) -> None:
    experiment = PRESETS[name].experiment
    params = experiment.parameters()
    if not any(params[matrix].any() for matrix in params.cell.recurrent):
        with pytest.raises(
            ValueError, match="expected a recurrent matrix with an eigenvalue other than 0"
        ):
            compute.map_of(experiment, OPENING)
        return
    assert compute.seconds_of(experiment, OPENING) <= compute.FREE_SECONDS
    assert compute.map_of(experiment, OPENING).known == (True,) * 12


def test_drawn_networks_take_the_seeds_that_follow() -> None:
    drawn = default().replace(weights=Drawn(seed=2**32 - 1, hidden=3, edits=(("b_h", 0, 0, 5.0),)))
    networks = compute.sweep_of(drawn, Grid(0.5, 1, 2, 5, 2, networks=3)).networks
    assert [float(network.b_h[0]) for network in networks] == [5.0] * 3  # edits stay
    after = drawn.replace(weights=Drawn(seed=1, hidden=3)).parameters()
    np.testing.assert_array_equal(networks[2].W_hh, after.W_hh)
    given = compute.sweep_of(default(), Grid(0.5, 1, 2, 5, 2, networks=3))
    assert len(given.networks) == 1


def test_the_input_is_the_shown_sequence_or_noise() -> None:
    experiment = PRESETS["first_bit"].experiment.replace(sample=1)
    own = compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2)).x
    np.testing.assert_array_equal(own, np.resize(experiment.x()[:, 1], (20, 1)))
    noise = compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2, noise=True)).x
    assert noise.shape == (20, 1)
    np.testing.assert_array_equal(
        noise, compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2, noise=True)).x
    )


def test_a_coarse_map_is_quick_over_the_same_radii() -> None:
    large = default().replace(weights=Drawn(scheme="orthogonal", hidden=64))
    grid = Grid(0.3, 2.5, 60, 5000, 60, networks=20)
    small = compute.coarse(large, grid)
    assert compute.seconds_of(large, grid) > 60  # seconds
    assert compute.seconds_of(large, small) <= compute.FREE_SECONDS
    assert (small.low, small.high, small.radii, small.networks) == (0.3, 2.5, 12, 1)


def test_one_radius_where_both_ends_are_the_same() -> None:
    found = compute.map_of(scalar(), Grid(2.0, 2.0, 12, 4, 2))
    assert (found.radii, found.lengths) == ((2.0,), (1, 4))
    assert figures.chart(found)["views"][0]["figure"] is not None


# What is said and drawn


def test_the_sentence_states_numbers_worked_by_hand() -> None:
    """0.5^T < 1e-6 from T = 20 on, 2^T > 1e6 likewise; at radius 1 all is 1."""
    lengths = (10, 19, 20, 100)
    found = SweepMap(
        (0.5, 1.0, 2.0),
        lengths,
        1,
        np.outer([-log10(2), 0, log10(2)], lengths),
        (True,) * 3,
    )
    assert sweep_in_words(found) == (
        "At T = 100, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for spectral radius 1; "
        "below 10⁻⁶ for 0.5 (at 0.5 from T = 20 on); above 10⁶ for 2 (at 2 from T = 20 on)."
    )


def test_the_sentence_says_from_where_on_it_stays_below() -> None:
    found = made([-7, -1, -8], [-1.5, -1.5, -1.5])
    assert sweep_in_words(found) == (
        "At T = 30, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for no spectral radius of the map "
        "(nearest: log₁₀ = −1.5 at 0.75); below 10⁻⁶ for 0.5 (at 0.5 from T = 30 on)."
    )


def test_the_sentence_says_where_there_is_no_number() -> None:
    found = made([0.0, 0.5], [400.0, float("nan")])
    assert sweep_in_words(found).endswith(
        "for spectral radius 0.5; without a number for 0.75, where the states overflow."
    )


def test_the_sentence_while_it_fills_in() -> None:
    nan = float("nan")
    none = made([nan, nan], [nan, nan], known=(False, False))
    assert sweep_in_words(none) == "Nothing is computed yet."
    half = made([0.0, 0.5], [nan, nan], known=(True, False))
    assert sweep_in_words(half) == (
        "So far, 1 of 2 radii: at T = 20, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for spectral "
        "radius 0.5."
    )
    notes = figures.chart(half)["views"][0]["notes"]
    assert not any("NaN" in note for note in notes)  # not yet computed is not without a number


def test_cells_beyond_numbers_are_named() -> None:
    found = made([-324.0, -np.inf], [309.0, float("nan")])
    notes = " ".join(figures.chart(found)["views"][0]["notes"])
    assert "The colours end at 10 to the ±20" in notes
    assert "1 cell: underflow: below 5·10⁻³²⁴" in notes
    assert "1 cell: overflow: above 1.8·10³⁰⁸" in notes
    assert "1 cell: exactly 0, marked 0" in notes
    assert "1 cell: without a number, marked NaN" in notes
    figure = figures.chart(found)["views"][0]["figure"]
    assert figure is not None
    assert figure["data"][1]["text"] == ["−324", "0", "309", "NaN"]


def test_colours_are_centred_on_one_and_the_table_has_every_number() -> None:
    found = compute.map_of(default(), OPENING)
    chart = figures.chart(found)
    figure = chart["views"][0]["figure"]
    assert figure is not None
    heat = figure["data"][0]
    assert heat["zmin"] == -heat["zmax"] == -20.0
    assert heat["meta"] == {"scale": "diverging"}
    (table,) = chart["tables"]
    assert table["cells"]["shape"] == "12, 12"
    json.dumps(chart, allow_nan=False)  # what travels is JSON


def test_a_large_map_writes_names_only_and_marks_radius_one() -> None:
    found = compute.map_of(scalar(), Grid(0.5, 1.5, 30, 50, 20))
    figure = figures.chart(found)["views"][0]["figure"]
    assert figure is not None
    assert [trace["type"] for trace in figure["data"]] == ["heatmap", "scatter"]
    assert figure["data"][1]["y"] == [1, 1]


# The section as Streamlit runs it


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
