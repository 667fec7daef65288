"""The page Gradient flow for every cell: its numbers are those of the backward pass."""

import numpy as np
import pytest

from app.experiment import changes
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures.types import Steps
from app.figures.words import short
from app.views.gradient_flow import page as gradient_flow
from app.views.gradient_flow.compute import sections
from app.views.gradient_flow.figures import clipping, jacobian
from app.views.gradient_flow.figures import over_time as over_time_figures
from app.views.gradient_flow.figures import remedies as remedies_figures
from app.views.gradient_flow.page import SECTIONS
from rnn_core import CELLS, forward
from tests.app.gradient_flow import flow, numbers, page, said, sine
from tests.app.training import charts

OTHERS = [name for name in CELLS if name != "elman"]


def of_cell(cell: str, **changed: object) -> Experiment:
    return changes.with_network(sine(3, steps=12), cell).replace(**changed)


@pytest.mark.parametrize("cell", OTHERS)
def test_every_section_opens_for_every_cell_or_says_whose_equation_it_shows(cell: str) -> None:
    for section in SECTIONS:
        app = page(section, of_cell(cell))
        assert not app.exception, section
        assert not app.error, section
        elman = [one.key for one in app.button if one.key == "take-elman"]
        assert bool(elman) == (section in ("spectrum", "space")), section


@pytest.mark.parametrize(
    ("cell", "section", "tells"),
    [("lstm", "spectrum", False), ("lstm", None, True), ("elman", "spectrum", True)],
)
def test_a_symbol_tells_no_number_of_a_run_that_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, cell: str, section: str | None, tells: bool
) -> None:
    monkeypatch.setattr(gradient_flow.state, "experiment", lambda: of_cell(cell))
    monkeypatch.setattr(gradient_flow, "coming", lambda name: section if name == "gf" else None)
    assert gradient_flow.tells() == tells


def test_the_network_that_stands_in_is_taken_as_it_is_shown() -> None:
    by_hand = PRESETS["lstm_by_hand"].experiment
    app = page("spectrum", by_hand, gf_radius="0.90")
    assert not any("unchanged" in caption.value for caption in app.caption)
    shown = charts(app)
    app.button(key="take-elman").click()
    app = app.run()
    assert not app.exception
    assert charts(app) == shown
    assert not [button for button in app.button if button.key == "take-elman"]


@pytest.mark.parametrize("cell", OTHERS)
@pytest.mark.parametrize("readout", ["last", "every"])
def test_the_lines_of_every_cell_are_lengths_of_its_gradients(cell: str, readout: str) -> None:
    experiment = changes.with_readout(of_cell(cell), readout)
    found, grads = flow(experiment), gradients_of(experiment)
    steps = Steps(12)
    charts = [over_time_figures.chart(found.flow, found.bounds, steps)]
    if len(CELLS[cell].sums) > 1:
        charts.append(over_time_figures.of_sums(found.flow, steps))
    drawn = {
        line["name"]: numbers(line["y"])
        for chart in charts
        for line in chart["views"][0]["figure"]["data"]
        if line["mode"] != "markers"
    }
    for name in (*CELLS[cell].states, *CELLS[cell].sums):
        label = f"‖∂L/∂{name[0]}<sub>{name[2:] or 't'}</sub>‖"
        expected = np.linalg.norm(grads[name][-12:, 0], axis=1)
        expected[expected == 0] = np.nan  # drawn as a mark of its own
        np.testing.assert_allclose(10 ** drawn[label], expected, rtol=1e-11, err_msg=name)
    assert (drawn["bound ∏‖J‖"] >= drawn["‖∂L/∂h<sub>t</sub>‖"] - 1e-9).all()


def test_the_gate_that_keeps_a_state_is_named_with_its_mean() -> None:
    for cell, state, gate in (
        ("lstm", "c", "f"),
        ("gru", "h", "u"),
        ("gru_reset_before", "h", "u"),
    ):
        experiment = of_cell(cell)
        found = flow(experiment)
        mean = trace_of(experiment)[gate][:, 0].mean()
        assert found.kept == {state: (gate, pytest.approx(mean))}
        assert f"${gate}_t$ (mean" in said(page("over_time", experiment))
    assert flow(of_cell("leaky")).kept == {}


def test_the_jacobian_between_all_states_is_the_product_of_central_differences() -> None:
    experiment = of_cell("lstm")
    trace = trace_of(experiment)
    (found,) = sections.jacobians_of(experiment, (9,))
    columns = []
    for state in ("h", "c"):
        for unit in range(3):
            ends = []
            for sign in (1, -1):
                start = {name: trace[name][9, :1].copy() for name in ("h", "c")}
                start[state][0, unit] += sign * 1e-6
                run = forward(trace.params, trace.x[9:, :1], h0=start["h"], c0=start["c"])
                ends.append(np.concatenate([run["h"][-1, 0], run["c"][-1, 0]]))
            columns.append((ends[0] - ends[1]) / 2e-6)
    np.testing.assert_allclose(found.values, np.stack(columns, axis=1), atol=1e-9)
    chart = jacobian.heat_map(found, 12, ("h", "c"))
    heat = chart["views"][0]["figure"]["data"][0]
    np.testing.assert_array_equal(numbers(heat["z"]), found.values)
    assert chart["title"] == "∂s_T/∂s_k for k = 9"
    assert "1 to 3 are h and 4 to 6 are c" in " ".join(chart["views"][0]["notes"])


@pytest.mark.parametrize("cell", OTHERS)
def test_clipping_is_of_all_parameters_of_the_cell(cell: str) -> None:
    experiment = of_cell(cell)
    found = sections.clippings_of(experiment, 0.5, 0.5)
    chart = clipping.by_parameter(found.before, found.by_norm, found.by_value)
    lengths = numbers(chart["views"][0]["figure"]["data"][0]["y"])
    grads = gradients_of(experiment).parameters
    expected = [np.linalg.norm(array) for _, array in grads.items()]
    np.testing.assert_allclose(lengths[:-1], expected, rtol=1e-12)
    assert found.by_norm.norm_after == pytest.approx(np.linalg.norm(expected) / 2)


def test_gated_cells_stand_beside_the_remedies_of_an_elman_network() -> None:
    experiment = PRESETS["vanishing"].experiment
    found = [
        sections.treated_of(experiment, name, 0.25, 3, last_only=False)
        for name in sections.remedies_of(experiment)
    ]
    names = [one.name for one in found]
    assert {"none", "irnn", "gru", "lstm"} <= set(names)
    chart = remedies_figures.chart(found, Steps(experiment.sizes[0]))
    drawn = {line["name"]: numbers(line["y"]) for line in chart["views"][0]["figure"]["data"]}
    for name, label in (("gru", "GRU"), ("lstm", "LSTM")):
        treated = sections.remedied(experiment, name, 3)
        assert treated.cell == name
        assert treated.sizes == experiment.sizes
        kept = treated.parameters()
        assert (kept[kept.cell.keeping] == 1).all()
        lengths = np.linalg.norm(gradients_of(treated).h[1:, 0], axis=1)
        np.testing.assert_allclose(10 ** drawn[label], lengths, rtol=1e-9)
        if name == "lstm":
            along = np.linalg.norm(gradients_of(treated)["c"][1:, 0], axis=1)
            np.testing.assert_allclose(10 ** drawn["LSTM, by cell state"], along, rtol=1e-9)
    assert "by cell state" in chart["views"][0]["text"]


def test_gates_have_no_slope_and_the_way_along_c_is_told() -> None:
    text = said(page("remedies", PRESETS["vanishing"].experiment))
    assert "NaN" not in text
    assert text.count("| — |") == 2
    assert "In an LSTM the gradient goes back along its cell state, too" in text
    text = said(page("remedies", of_cell("lstm")))
    assert "NaN" not in text
    assert text.count("| — |") == 3
    along = [np.linalg.norm(row) for row in gradients_of(of_cell("lstm"))["c"][1:, 0]]
    assert "This network is a remedy itself, an LSTM" in text
    assert f"keeps **{short(along[0] / along[-1])}** of its length along its cell state" in text
    assert "That by $c_t$ has at t = 1 **" in said(page("over_time", of_cell("lstm")))
    gates = PRESETS["gates"].experiment
    kept = [np.linalg.norm(row) for row in gradients_of(gates)["c"][1:, 0]]
    ratio = short(kept[0] / kept[-1])
    point = f"By the cell state $c_t$ it keeps its order of magnitude (**× {ratio}**)"
    assert point in said(page("over_time", gates))


@pytest.mark.parametrize("cell", OTHERS)
def test_the_remedies_of_another_cell_are_those_that_it_can_have(cell: str) -> None:
    others = [name for name in ("gru", "lstm") if name != cell]
    assert sections.remedies_of(of_cell(cell)) == ("none", *others, "truncation")


@pytest.mark.parametrize("cell", OTHERS)
def test_the_radius_is_that_of_each_recurrent_matrix(cell: str) -> None:
    app = page("over_time", of_cell(cell), gf_radius="0.70")
    text = said(app)
    assert "**Shown: a what-if**" in text
    names = CELLS[cell].recurrent
    assert ("ρ = 0.7 of each recurrent matrix" if len(names) > 1 else "ρ(W_hh) = 0.7 (") in text


@pytest.mark.parametrize("cell", OTHERS)
def test_the_state_space_of_another_cell_is_the_path_of_its_states(cell: str) -> None:
    experiment = of_cell(cell)
    app = page("space", experiment)
    told = "The field with its fixed points is about the recurrence of an Elman network"
    assert any(told in element.value for element in app.info)
    trace = trace_of(experiment)
    path = np.concatenate([trace[name][:, 0] for name in trace.cell.states], axis=1)
    centred = path - path.mean(axis=0)
    spread = np.linalg.svd(centred, compute_uv=False)
    drawn = charts(app)["gf_path"]["views"][0]["figure"]["data"][0]
    along = np.stack([numbers(drawn[axis]) for axis in ("x", "y")], axis=1)
    if path.shape[1] == 2:
        np.testing.assert_allclose(along, path, rtol=1e-12)
    else:
        lengths = np.linalg.norm(along - along.mean(axis=0), axis=0)
        np.testing.assert_allclose(lengths, spread[:2], rtol=1e-9)
