"""An activation, loss, optimiser, task, preset, page and cell, each planted as one entry.

Every page and section opens with them, and their numbers are those of PyTorch: nothing else in the
code knows a name.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from app.components.editor import payload as controls
from app.components.graph_view.payload import payload
from app.experiment import link, presets
from app.experiment.changes import with_loss, with_network, with_weights
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.listings import numpy_script, torch_script
from app.listings.worksheets import FORMATS
from app.pytorch.torch_reference import compare
from app.pytorch.torch_runs import line
from app.views import shell
from app.views.gradient_flow import page as gradient_flow
from app.views.numerics import page as numerics
from app.views.pytorch import page as pytorch
from app.views.shared import sheets
from app.views.training import page as training
from app.views.training.runs.plan import Plan
from app.views.training.scripts import numpy_run, torch_run
from app.views.training.tasks.offers import TaskChoice
from app.views.without_the_loop import page as without_the_loop
from rnn_core import (
    ACTIVATIONS,
    CELLS,
    LOSSES,
    Parameters,
    backward,
    forward,
    gradient_check,
)
from rnn_core.cells import Cell, Line, product, weights
from rnn_core.practice import mark
from rnn_core.precision import run_in_format
from rnn_core.training import OPTIMISERS, TASKS, Settings, train
from tests.app.plants import ECHO, LOG_COSH, NESTEROV, SOFTSIGN
from tests.conftest import ROOT
from tests.core.graph_cells import MIN_GRU


def planted() -> Experiment:
    found = presets.default().replace(activation="softsign", loss="log_cosh", title="Planted")
    return found.replace(weights=found.weights)


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIVATIONS, "softsign", SOFTSIGN)
    monkeypatch.setitem(LOSSES, "log_cosh", LOG_COSH)
    monkeypatch.setitem(OPTIMISERS, "nesterov", NESTEROV)
    monkeypatch.setitem(TASKS, "echo", ECHO)
    preset = presets.Preset("planted", "Planted", "look", planted())
    monkeypatch.setitem(presets.PRESETS, "planted", preset)
    return


SECTIONS = [
    ("explore", "", ""),
    *(("pytorch", "pt", section) for section in pytorch.SECTIONS),
    *(("gradient_flow", "gf", section) for section in gradient_flow.SECTIONS),
    *(("numerics", "nu", section) for section in numerics.SECTIONS),
    *(("without_the_loop", "wl", section) for section in without_the_loop.SECTIONS),
    *(("training", "tr", section) for section in training.SECTIONS),
    ("practice", "pr", "0"),
    ("lessons", "", ""),
]


def page(name: str, experiment: Experiment | None = None, **controls: str) -> AppTest:
    leads = "lambda title: None" if name in ("explore", "training") else ""
    script = (
        f"from app import state\nfrom app.views.{name} import page\n"
        f"state.start()\npage.render({leads})"
    )
    app = AppTest.from_string(script, default_timeout=60)
    app.query_params["e"] = link.encode(experiment or planted())
    for key, value in controls.items():
        app.query_params[key] = value
    return app.run()


@pytest.mark.parametrize(("name", "key", "section"), SECTIONS)
def test_every_section_opens_with_planted_entries(name: str, key: str, section: str) -> None:
    controls = {key: section} if key else {}
    if name == "training":
        controls |= {"tr_task": "echo", "tr_opt": "nesterov", "tr_act": "softsign"}
    app = page(name, **controls)
    assert not app.exception
    assert not [error.value for error in app.error]


FIRST = {name: (name, key, section) for name, key, section in reversed(SECTIONS)}
OF_A_CELL = [case for case in SECTIONS if case in FIRST.values() or case[0] == "gradient_flow"]


@pytest.mark.parametrize(("name", "key", "section"), OF_A_CELL)
def test_every_page_opens_with_a_planted_cell(
    name: str, key: str, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """minGRU has no matrix that a state is multiplied by, so none whose radius is asked for."""
    monkeypatch.setitem(CELLS, MIN_GRU.name, MIN_GRU)
    app = page(name, with_network(planted(), MIN_GRU.name), **({key: section} if key else {}))
    assert not app.exception
    assert not [error.value for error in app.error]
    if name == "gradient_flow":
        said = [caption.value for caption in app.caption]
        assert any("unchanged, with T = 3 and φ = softsign." in caption for caption in said)
        assert [slider.key for slider in app.select_slider] == ["gf_steps"]


def test_the_shell_offers_a_planted_page_and_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    def render() -> None:
        import streamlit as st

        st.markdown("a planted page")

    pages = {"Planted": shell.Entry(render, "planted"), **shell.OFFERED}
    monkeypatch.setattr(shell, "OFFERED", pages)
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    app.query_params["e"] = link.encode(planted())
    app.run()
    assert not app.exception
    assert not app.error
    assert "a planted page" in " ".join(part.value for part in app.markdown)
    sent = [part.proto.bytes.decode() for part in app.get("bidi_component")]
    offered = next(data for data in sent if '"presets"' in data)
    assert '["planted","Planted","look"]' in offered
    assert '["softsign","softsign"]' in offered
    assert '["log_cosh","log-cosh"]' in offered


def test_a_sheet_of_planted_entries_is_marked_and_taken_away_in_every_format() -> None:
    sheet = sheets.own(planted())
    marks = mark(sheet, dict(zip(sheet.questions, sheet.answers, strict=True)))
    assert {each.status for each in marks.values()} == {"right"}
    for form in FORMATS.values():
        assert all(content for _, content in form.files([sheet]))
    (told,) = json.loads(next(FORMATS["json"].files([sheet]))[1])
    assert (told["network"]["activation"], told["network"]["loss"]) == ("softsign", "log_cosh")
    text = next(FORMATS["latex"].files([sheet]))[1].decode()
    assert r"\operatorname{softsign}" in text
    assert r"\log\cosh" in text


def test_a_link_with_planted_entries_restores_them() -> None:
    assert link.decode(link.encode(planted())) == planted()


def test_a_loss_of_numbers_leaves_sizes_and_targets_alone() -> None:
    before = presets.default()
    for loss in ("log_cosh", "mean_squared_error"):
        changed = with_loss(before, loss)
        assert changed.sizes == before.sizes
        np.testing.assert_array_equal(changed.kept_target(), before.kept_target())


def test_numbers_of_planted_entries_are_those_of_torch() -> None:
    trace, grads = trace_of(planted()), gradients_of(planted())
    x, y = torch.tensor(np.array(trace.x)), torch.tensor(np.array(trace.target))
    leaves = {n: torch.tensor(np.array(v), requires_grad=True) for n, v in trace.params.items()}
    h = torch.tensor(np.array(trace.h0))
    for x_t in x:
        h = torch.nn.functional.softsign(
            x_t @ leaves["W_xh"].T + h @ leaves["W_hh"].T + leaves["b_h"]
        )
    a = h @ leaves["W_hy"].T + leaves["b_y"]
    loss = torch.log(torch.cosh(a - y[0])).mean()
    loss.backward()
    assert trace.loss == pytest.approx(loss.item(), rel=1e-13)
    for name, leaf in leaves.items():
        assert leaf.grad is not None
        found = getattr(grads.parameters, name)
        np.testing.assert_allclose(found, leaf.grad.numpy(), rtol=1e-12, atol=1e-15)
    assert compare(trace, grads).difference < 1e-12
    check = gradient_check(trace, grads)
    assert all(found.relative <= found.tolerance for found in check.differences.values())


def test_the_lines_of_a_planted_entry_for_torch_are_its_numbers() -> None:
    z = np.linspace(-3, 3, 7)
    found = line(SOFTSIGN.in_torch("z"), "z")(torch.tensor(z)).numpy()
    np.testing.assert_allclose(found, torch.nn.functional.softsign(torch.tensor(z)), rtol=1e-15)
    a, y = torch.tensor(z), torch.tensor(z[::-1].copy())
    wanted = torch.log(torch.cosh(a - y)).mean().item()
    assert line(LOG_COSH.in_torch(), "a, y")(a, y).item() == pytest.approx(wanted, rel=1e-14)


def test_both_scripts_of_an_experiment_print_its_numbers(tmp_path: Path) -> None:
    trace, grads = trace_of(planted()), gradients_of(planted())
    for write in (numpy_script, torch_script):
        printed = dict(line.split(" = ", 1) for line in run(write(planted()), tmp_path))
        assert float(printed["loss"]) == pytest.approx(trace.loss, rel=1e-13)
        found = np.array(json.loads(printed["dW_hh"]))
        np.testing.assert_allclose(found, grads.parameters.W_hh, rtol=1e-11, atol=1e-15)


def test_both_scripts_of_a_run_repeat_its_losses(tmp_path: Path) -> None:
    made = Plan(TaskChoice("echo"), Settings.of(ECHO))
    ours = [record.loss for record in islice(train(ECHO, made.settings, made.begin()), 8)]
    for write in (numpy_run, torch_run):
        losses = [float(line.split()[1]) for line in run(write(made), tmp_path)]
        np.testing.assert_allclose(losses, ours, rtol=1e-10)


def run(script: str, folder: Path) -> list[str]:
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_planted_optimiser_is_torchs() -> None:
    rng = np.random.default_rng(1)
    params = Parameters.random(1, 3, 1, seed=2)
    x, y = rng.normal(size=(4, 2, 1)), rng.normal(size=(1, 2, 1))
    tensor = torch.tensor(params.vector.copy(), requires_grad=True)
    theirs = torch.optim.SGD([tensor], lr=0.1, momentum=0.9, nesterov=True)
    state = NESTEROV.start(params)
    for _ in range(20):
        trace = forward(params, x, y, activation="softsign", loss="log_cosh")
        gradient = backward(trace).parameters
        params, state = NESTEROV.step(params, gradient, state, 0.1)
        tensor.grad = torch.tensor(gradient.vector.copy())
        theirs.step()
    np.testing.assert_allclose(params.vector, tensor.detach().numpy(), rtol=1e-12)


def test_the_graph_sends_what_the_browser_needs_to_print_planted_entries() -> None:
    data = payload(trace_of(planted()), gradients_of(planted()))
    said = json.loads(data["program"])
    assert said["loss"]["name"] == "log_cosh"
    assert all(described["latex"] for described in [said["loss"], *said["ops"].values()])
    for level in ("step", "operation", "scalar"):
        sent = json.loads(data["levels"][level]["topology"])
        ops, _ = sent["fields"]["op"]
        named = {*said["ops"], "log_cosh", *sent["wholes"]}
        assert "log_cosh" in ops
        assert named & set(ops) - {"log_cosh"}, level
        assert all(whole["of"] == "softsign" for whole in sent["wholes"].values())


def test_planted_entries_run_in_a_format() -> None:
    run_16 = run_in_format(trace_of(planted()), dtype="float16")
    assert run_16.trace.loss == pytest.approx(trace_of(planted()).loss, abs=2e-3)


def test_the_sidebar_has_the_radius_of_the_only_recurrent_matrix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever it is called; a rotation by 0.5 stretches nothing else."""
    lines = (Line("h", "add", (product("W_xn", "x"), product("W_hn", "h'"), "b_n")),)
    one = Cell(
        name="one",
        title="One matrix",
        states=("h",),
        weights=weights("W_xn", "W_hn", "b_n"),
        lines=lines,
        source="this test",
    )
    monkeypatch.setitem(CELLS, one.name, one)
    turning = np.array([[0.0, -0.5], [0.5, 0.0]])
    params = Parameters.random(1, 2, 1, seed=0, cell=one).replace(W_hn=turning)
    shown = controls.payload(with_weights(planted(), params), {})["weights"]
    assert shown["recurrent"] == "W_hn"
    assert shown["radius"] == pytest.approx(0.5, rel=1e-15)
    for cell in ("lstm", "gru"):
        shown = controls.payload(with_network(planted(), cell), {})["weights"]
        assert shown["recurrent"] is shown["radius"] is None
