"""Every page with every cell: it shows the network, or says in a sentence what it is about."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import changes, link, presets
from app.experiment.run import first_non_finite, gradients_of, trace_of
from app.experiment.value import Experiment
from app.views.numerics import compute
from app.views.shared import non_finite
from rnn_core import CELLS, Parameters
from tests.app import loop_free

SECTION = (
    "from app import state\nfrom app.views.numerics.sections import non_finite_run\n"
    "state.start()\nnon_finite_run.render()"
)
PYTORCH = "from app import state\nfrom app.views.pytorch import page\nstate.start()\npage.render()"
MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
PAGES = ("gradient-flow", "training", "numerics", "without-the-loop", "pytorch")
TOO_LONG = 60


def opened(cell: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=TOO_LONG)
    app.query_params["e"] = link.encode(changes.with_network(presets.default(), cell))
    return app


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
def test_explore_shows_a_network_of_any_cell(cell: str) -> None:
    app = opened(cell).run()
    assert not app.exception
    assert not app.error
    parts = [part.proto.bytes for part in app.get("bidi_component")]
    sent = next(data for data in map(json.loads, filter(None, parts)) if "equations" in data)
    equations = json.dumps(sent["equations"])
    for name in CELLS[cell].states:
        assert f"{name}_t =" in equations


def exploding(cell: str) -> Experiment:
    """Numbers near the largest: a sum of a few of them leaves float64."""
    experiment = changes.with_network(presets.default(), cell)
    weights = {
        name: np.full_like(array, 1.0 if name in ("W_hy", "b_y") else 1.5e308)
        for name, array in experiment.parameters().items()
    }
    params = Parameters.of(cell, weights)
    return changes.with_weights(experiment, params).replace(activation="identity")


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
def test_the_first_number_that_is_not_finite_is_named_for_every_cell(cell: str) -> None:
    experiment = exploding(cell)
    trace, grads = trace_of(experiment), gradients_of(experiment)
    found = first_non_finite(experiment)
    assert found is not None
    sentence = non_finite.explanation(experiment, trace, grads)
    assert "Not every number of this run is finite. The first is" in sentence
    assert f" at step {found.t}" in sentence


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
def test_numerics_runs_every_cell_in_a_format(cell: str) -> None:
    experiment = changes.with_network(presets.default(), cell)
    whole = compute.format_run(experiment, "float64")
    assert whole.trace.loss == pytest.approx(trace_of(experiment).loss, rel=1e-12)
    run = compute.format_run(experiment, "float16", "stable", 1e5, "identity")
    assert run.first is not None
    scaled = compute.scaled_weights(CELLS[cell])
    assert run.first.node in scaled  # 1e5 times a weight does not fit
    app = AppTest.from_string(SECTION, default_timeout=TOO_LONG)
    app.query_params["e"] = link.encode(experiment)
    app.query_params["nu_g"] = "10000"
    app.run()
    assert not app.exception
    assert not app.error
    names = ", ".join(scaled)
    told = [*app.warning, *app.success]
    assert len(told) == 1
    assert app.get("select_slider")[0].label.replace(" and ", ", ") == f"{names} times"
    (graph,) = app.get("bidi_component")
    sent = json.loads(graph.proto.bytes)
    assert sent["arithmetic"]["dtype"] == "float16"


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
@pytest.mark.parametrize("section", ["graphs", "effects", "scripts"])
def test_pytorch_compares_every_cell(cell: str, section: str) -> None:
    pytest.importorskip("torch")
    app = AppTest.from_string(PYTORCH, default_timeout=TOO_LONG)
    app.query_params["e"] = link.encode(changes.with_network(presets.default(), cell))
    app.query_params["pt"] = section
    app.run()
    assert not app.exception
    assert not app.error
    text = "\n".join(element.value for element in (*app.markdown, *app.info))
    assert "Elman" not in text
    if section == "graphs":
        assert ":green-badge[:material/check: agrees]" in text
        assert "differs]" not in text
        assert "Each operation on tensors leaves a node" in text
    if section == "effects":
        lines = [f"`{state}[1] = {state}[1].detach()`" for state in CELLS[cell].states]
        assert " and ".join(lines) in text
    if section == "scripts":
        kind = CELLS[cell]
        assert f"nn.{kind.torch.module}" in text if kind.torch else "as a loop" in text
        assert kind.title in app.code[0].value


def test_without_the_loop_shows_an_elman_network_in_place_of_another_cell_and_says_so() -> None:
    gated = changes.with_network(presets.PRESETS["parity"].experiment, "lstm")
    app = loop_free.page(gated, "compare")
    said = loop_free.shown(app)
    assert "Yours, with the cell LSTM, stays in the sidebar." in said
    instead = loop_free.page(changes.with_network(gated, "elman"), "compare")
    assert len(loop_free.rows(app)) > 3
    assert loop_free.rows(app) == loop_free.rows(instead)
    app.button(key="take-elman").click()
    app = app.run()
    assert loop_free.shown(app) == loop_free.shown(instead)
    assert not [button for button in app.button if button.key == "take-elman"]
