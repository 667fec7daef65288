"""Training with every cell: controls, links, what is shown of a run, and where it can be opened."""

import base64
import json
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import changes, link, presets
from app.experiment.resizing import given_weights
from app.experiment.run import trace_of
from app.experiment.sources import Weights
from app.experiment.value import Experiment
from app.views.training.page import SECTIONS
from app.views.training.runs import token
from app.views.training.runs.compared import differences
from app.views.training.runs.examples import COMPARISONS
from app.views.training.runs.lens import lens_of
from app.views.training.runs.plan import Plan
from app.views.training.runs.probe import experiment_of, probe
from app.views.training.runs.run import Run
from app.views.training.tasks.offers import TaskChoice, sequence_of
from rnn_core import CELLS, forward
from rnn_core.training import TASKS, Settings, make_update
from tests.app.training import charts, page, said

GATED = [name for name in CELLS if name != "elman"]
SMALL = {"tr_hidden": "3", "tr_length": "6", "tr_batch": "4", "tr_updates": "8"}


def plan(cell: str, task: str = "first_bit", **changed: Any) -> Plan:
    settings = replace(Settings.of(TASKS[task]), hidden=3, length=6, batch=4, updates=8, cell=cell)
    return Plan(TaskChoice(task), replace(settings, **changed))


def of_cell(cell: str) -> Experiment:
    return changes.with_network(presets.default(), cell)


def as_numbers(cell: str) -> Weights:
    arrays = of_cell(cell).parameters().items()
    return given_weights({name: np.asarray(array) for name, array in arrays})


@pytest.mark.parametrize("cell", GATED)
def test_every_section_shows_a_run_of_every_cell(cell: str) -> None:
    app = page("", tr_task="text", tr_cell=cell, **SMALL)
    assert app.selectbox(key="tr_cell").value == cell
    for section in SECTIONS:
        app.segmented_control(key="tr").set_value(section).run()
        assert not app.error, section
        assert said(app)
        assert charts(app) or section in ("compare", "files"), section


def test_a_link_of_before_there_were_cells_is_an_elman_network() -> None:
    app = page("one_update", **SMALL)
    assert app.selectbox(key="tr_cell").value == "elman"
    assert app.segmented_control(key="tr_par").value == "W_hh"
    old = {"task": "parity", "data": "", "learning_rate": 0.5}
    (pinned,) = token.decode(packed([old]))
    assert pinned.settings.cell == "elman"
    assert pinned.begin().params.cell.name == "elman"


def packed(plans: list[dict[str, Any]]) -> str:
    whole = zlib.compress(json.dumps(plans).encode(), 9)
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


@pytest.mark.parametrize("cell", [{"name": "mine"}, ["lstm"], None, 3, "lsmt"])
def test_a_pin_names_a_known_cell_or_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="pinned runs: expected what this page has put"):
        token.decode(packed([{"task": "parity", "data": "", "cell": cell}]))


@pytest.mark.parametrize("cell", CELLS)
def test_a_pin_keeps_its_cell(cell: str) -> None:
    keep = 2.0 if CELLS[cell].keeping else None
    plans = [plan(cell, keep_bias=keep), plan("elman", seed=4)]
    assert token.decode(token.encode(plans)) == plans


def test_a_pin_of_the_sidebars_gates_keeps_their_numbers() -> None:
    start = of_cell("lstm").weights
    begun = replace(plan("lstm", "parity"), start=start)
    (found,) = token.decode(token.encode([begun]))
    assert found == begun
    names = found.begin().params.names
    assert names == CELLS["lstm"].parameters


def test_runs_that_differ_in_their_cells_say_so() -> None:
    rows = differences([plan("elman"), plan("lstm", keep_bias=5.0)])
    assert rows == {"cell": ["Elman", "LSTM"], "keeping bias": ["none", "5"]}


@pytest.mark.parametrize("cell", GATED)
def test_the_sidebars_weights_bring_their_cell_along(cell: str) -> None:
    experiment = of_cell(cell)
    app = page("one_update", experiment, tr_start="sidebar", tr_cell="elman")
    assert app.selectbox(key="tr-cell-fixed").value == CELLS[cell].title
    assert app.selectbox(key="tr-cell-fixed").disabled
    assert not app.error
    begun = Plan(TaskChoice("first_bit"), plan(cell).settings, experiment.weights).begin().params
    wanted = experiment.parameters()
    assert begun.cell is wanted.cell
    np.testing.assert_array_equal(begun.vector, wanted.vector)


def test_weights_of_another_cell_or_size_are_refused_in_a_sentence() -> None:
    gates = as_numbers("lstm")
    with pytest.raises(ValueError, match=r"expected W_xr, .* for the cell gru"):
        Plan(TaskChoice("first_bit"), plan("gru").settings, gates).begin()
    with pytest.raises(ValueError, match="The sidebar's weights: expected D = 2 inputs"):
        Plan(TaskChoice("adding"), plan("lstm").settings, gates).begin()


def test_an_unknown_cell_in_the_address_is_said() -> None:
    app = page("", tr_cell="lsmt")
    assert app.selectbox(key="tr_cell").value == "elman"


def test_only_a_cell_with_such_a_gate_can_begin_by_keeping_its_state() -> None:
    app = page("", tr_cell="lstm", tr_keep="4", **SMALL)
    assert not app.number_input(key="tr_keep").disabled
    app.selectbox(key="tr_cell").set_value("leaky").run()
    assert app.number_input(key="tr_keep").disabled
    assert not app.error
    app.selectbox(key="tr_cell").set_value("gru").run()
    assert drawn_bias(app, 4.0)


def drawn_bias(app: AppTest, expected: float | None) -> bool:
    return app.number_input(key="tr_keep").value == expected


def test_a_keeping_bias_of_zero_is_zero_and_an_empty_one_is_as_drawn() -> None:
    app = page("", tr_cell="lstm", tr_keep="0", **SMALL)
    assert not app.error
    assert drawn_bias(app, 0.0)
    assert drawn_bias(page("", tr_cell="lstm", **SMALL), None)
    settings = {"initialiser": "uniform_pytorch"}
    zero, drawn = (plan("lstm", keep_bias=each, **settings).begin().params for each in (0.0, None))
    np.testing.assert_array_equal(zero.b_f, np.zeros(3))
    assert drawn.b_f.any()


def test_usual_settings_keep_the_cell() -> None:
    app = page("", tr_cell="lstm", tr_keep="3", tr_rate="0.5", **SMALL)
    app.button(key="tr-usual").click().run()
    assert not app.error
    assert app.selectbox(key="tr_cell").value == "lstm"
    assert drawn_bias(app, None)
    assert app.number_input(key="tr_rate").value != 0.5
    app.selectbox(key="tr_task").set_value("parity").run()
    assert app.selectbox(key="tr_cell").value == "lstm"
    begun = plan("gru", keep_bias=4.0).begin().params
    np.testing.assert_array_equal(begun.b_u, np.full(3, 4.0))


def test_the_network_of_a_moment_shows_what_carries_its_state() -> None:
    app = page("network", tr_cell="lstm", **SMALL)
    found = charts(app)
    assert {"state_c", "line_f", "line_i", "tr_weights"} <= set(found)
    assert "spectral radius" not in said(app)
    app = page("network", tr_cell="leaky", **SMALL)
    assert "spectral radius of W_hh" in said(app)


def test_another_cell_in_one_update_shows_its_own_parameters() -> None:
    app = page("one_update", **SMALL)
    app.segmented_control(key="tr_par").set_value("b_h").run()
    assert "b_h changes by" in charts(app)["tr_lens_table"]["views"][0]["text"]
    app.selectbox(key="tr_cell").set_value("lstm").run()
    assert not app.error
    assert app.selectbox(key="tr_par").options == list(CELLS["lstm"].parameters)
    assert app.selectbox(key="tr_par").value == "W_hi"
    app.selectbox(key="tr_par").set_value("b_f").run()
    assert "b_f changes by" in charts(app)["tr_lens_table"]["views"][0]["text"]
    app.selectbox(key="tr_cell").set_value("elman").run()
    assert app.segmented_control(key="tr_par").value == "W_hh"


def test_the_loss_after_an_update_starts_from_all_states_that_were_carried() -> None:
    chunked = plan("lstm", "parity", length=6, chunk=3)
    at = chunked.begin()
    at = at.after(make_update(chunked.task(), chunked.settings, at), chunked.settings)
    lens = lens_of(chunked.task(), chunked.settings, at)
    trace = lens.update.trace
    assert np.abs(trace["c"][0]).max() > 0
    again = forward(
        lens.update.params,
        trace.x,
        trace.target,
        readout="every",
        h0=trace["h"][0],
        c0=trace["c"][0],
    )
    assert lens.loss_after == again.loss


@pytest.mark.parametrize("cell", GATED)
def test_a_moment_opens_as_an_experiment_with_its_cell(cell: str) -> None:
    chosen = plan(cell)
    params = chosen.begin().params
    experiment = experiment_of(chosen.choice, chosen.settings, params, 1)
    assert experiment.cell == cell
    batch = probe(chosen.choice, chosen.settings)
    ours = forward(params, batch.x[:, 1:2], batch.target[:, 1:2]).loss
    assert trace_of(experiment).loss == pytest.approx(ours, rel=1e-14)
    assert link.decode(link.encode(experiment)) == experiment


def test_the_sidebars_own_sequence_is_one_task_whatever_its_network_is() -> None:
    lstm = of_cell("lstm")
    begun = lstm.replace(initial_cell=((0.5,) * lstm.hidden,) * lstm.sizes[1])
    assert sequence_of(begun) == sequence_of(lstm) == sequence_of(presets.default())
    app = page("", begun, tr_task="this_sequence")
    assert app.selectbox(key="tr-cell-fixed").value == "LSTM"
    assert not app.error


def test_in_the_example_of_a_long_delay_a_gradient_arrives_along_the_cell_state_alone() -> None:
    elman, lstm = COMPARISONS["delay"].plans
    assert differences([elman, lstm]) == {"cell": ["Elman", "LSTM"]}
    first = {
        (one.settings.cell, state): float(np.linalg.norm(update.gradients[state][1]))
        for one in (elman, lstm)
        for update in [make_update(one.task(), one.settings, one.begin())]
        for state in update.trace.cell.states
    }
    assert first["elman", "h"] < 1e-30
    assert first["lstm", "c"] > 1e-3


def test_an_elman_network_fails_in_the_example_of_a_long_delay_and_an_lstm_learns_it() -> None:
    runs = [Run(judged_seldom(one)) for one in COMPARISONS["delay"].plans]
    for run in runs:
        run.go()
    while not all(run.over for run in runs):
        for run in runs:
            run.wait()
            run.go()
    elman, lstm = ([p.judged for p in run.points() if p.judged] for run in runs)
    assert max(found.value for found in elman) < 0.65
    assert lstm[-1].solved


def judged_seldom(plan: Plan) -> Plan:
    """Return a plan with the same updates that is judged seldom, which takes most of the time."""
    return replace(plan, settings=replace(plan.settings, judge_every=200))


def test_one_click_pins_and_starts_the_runs_of_an_example() -> None:
    app = page("compare")
    app.button(key="tr-example-delay").click().run()
    assert not app.error
    assert "A and B (this run) differ only in **cell** (Elman against LSTM)." in said(app)
    assert "tr-example-delay" not in {button.key for button in app.button}
    assert "At the end of 150 steps the first bit is asked for." in said(app)
    assert app.button(key="tr-go").label == "Pause"
    assert app.number_input(key="tr_length").value == 150
    assert {"tr-run-A", "tr-run-B"}.isdisjoint({button.key for button in app.button})  # they run
    app.button(key="tr-go").click().run()


def test_an_example_is_offered_where_there_is_room_for_it() -> None:
    pins = [plan("elman", seed=seed) for seed in (1, 2)]
    app = page("compare", tr_pins=token.encode(pins))
    assert "tr-example-delay" not in {button.key for button in app.button}
    app = page("compare", tr_pins=token.encode(pins[:1]))
    assert app.button(key="tr-example-delay")
