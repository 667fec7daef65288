"""What is done to PyTorch's graph, each as a real run: cut, freed, added up."""

import json
from typing import Any

import numpy as np
import pytest

from app.components.autograd_view.payload import side_by_side
from app.experiment.changes import with_network
from app.experiment.presets import PRESETS
from app.pytorch.autograd_graph import Recording
from app.views.pytorch import compute
from rnn_core import CELLS, backward, forward
from tests.app.test_pytorch_scripts import CASES
from tests.experiments import six_steps


def test_detach_cuts_the_graph_where_truncation_cuts_the_gradient() -> None:
    found = compute.cut_of(six_steps(), 1)
    gone = set(found.whole.nodes) - set(found.cut.nodes)
    assert gone == {
        "leaf x[1]", "W_xh x[1]", "leaf h[0]", "W_hh h[0]", "s[1]", "z[1]", "h[1]",
    }  # fmt: skip
    assert found.cut.loss == found.whole.loss
    short = compute.short_run_of(six_steps())
    truncated = backward(short, truncate=short.steps - 1).parameters
    for name, gradient in truncated.items():
        np.testing.assert_allclose(found.cut.gradients[name], gradient, rtol=1e-12)
        np.testing.assert_array_equal(found.truncated[name], gradient)
    assert np.abs(found.cut.gradients["W_hh"] - found.whole.gradients["W_hh"]).max() > 0.01


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_cut_freed_and_added_up_as_torch_does(cell: str) -> None:
    case = with_network(six_steps(), cell)
    short, found = compute.short_run_of(case), compute.cut_of(case, 1)
    assert short["h"][0].any()  # the run goes on from the states of the experiment
    for name, gradient in backward(short, truncate=2).parameters.items():
        theirs = found.cut.gradients.get(name, np.zeros_like(gradient))
        np.testing.assert_allclose(theirs, gradient, rtol=1e-10, atol=1e-15)
    whole = backward(short).parameters
    for name, gradient in whole.items():
        np.testing.assert_allclose(found.whole.gradients[name], gradient, rtol=1e-10, atol=1e-15)
    for state in short.cell.states:
        assert any(frame.line == f"{state}[1] = {state}[1].detach()" for frame in found.cut.frames)
        assert f"leaf {state}[0]" not in found.cut.nodes
    assert len(found.cut.nodes) < len(found.whole.nodes)
    freed = compute.freed_of(case)
    assert freed.freed == {node.id for node in freed.plain.nodes.values() if node.saved}
    assert not freed.freed_when_retained
    sums = compute.accumulation_of(case)
    assert set(case.kind.parameters) <= set(sums.first.gradients)
    for name, gradient in sums.first.gradients.items():
        np.testing.assert_array_equal(sums.second.gradients[name], 2 * gradient)


def test_the_lines_of_a_gate_are_noted_as_python_runs_them() -> None:
    """By hand: the third step of an LSTM's forget gate and cell state."""
    recording = compute.graphs_of(PRESETS["lstm_by_hand"].experiment).theirs
    lines = [frame.line for frame in recording.frames if frame.step == 3]
    first = lines.index("W_xf @ x[3]")
    assert lines[first : first + 5] == [
        "W_xf @ x[3]",
        "W_hf @ h[2]",
        "s_f[3] = W_xf @ x[3] + W_hf @ h[2]",
        "z_f[3] = s_f[3] + b_f",
        "f[3] = torch.sigmoid(z_f[3])",
    ]
    assert "c[3] = f[3] * c[2] + i[3] * g[3]" in lines
    assert "h[3] = o[3] * torch.tanh(c[3])" in lines
    named = {node.id: node.name for node in recording.nodes.values()}
    assert named["c[3]"] == "AddBackward0"
    assert named["f[3]⊙c[2]"] == "MulBackward0"


def test_no_grad_leaves_no_node_and_no_way_back() -> None:
    found = compute.no_grad_of(six_steps())
    assert not found.without.nodes
    assert not found.loss_has_grad_fn
    assert found.without.loss == found.with_graph.loss
    assert "does not require grad" in found.refusal


def test_a_second_walk_needs_retain_graph() -> None:
    found = compute.freed_of(six_steps())
    saving = {node.id for node in found.plain.nodes.values() if node.saved}
    assert found.freed == saving
    assert "backward through the graph a second time" in found.refusal
    assert not found.freed_when_retained
    assert found.second_pass_ran


def test_gradients_add_up_to_exactly_twice_until_they_are_cleared() -> None:
    found = compute.accumulation_of(six_steps())
    assert len(found.first.gradients) == 5 + 3 + 1  # parameters, inputs, h_0
    for name, gradient in found.first.gradients.items():
        np.testing.assert_array_equal(found.second.gradients[name], 2 * gradient)
        np.testing.assert_array_equal(found.again.gradients[name], gradient)
        assert found.zeroed[name] is None


def test_short_runs_are_the_end_of_the_experiment() -> None:
    case = next(case for name, case in CASES if "every-squared_error" in name)
    short, trace = compute.short_run_of(case), compute.run_in(case, "float64")[0]
    np.testing.assert_allclose(short.h[-1, 0], trace.h[-1, case.sample], rtol=1e-12)
    assert short.batch == 1
    assert short.loss == pytest.approx(
        forward(
            trace.params,
            trace.x[:, :1],
            trace.target[-1:, :1],
            activation=trace.activation,
            loss=trace.loss_name,
            h0=trace.h[0, :1],
        ).loss,
        rel=1e-12,
    )


def test_demonstrations_are_drawn_with_their_marks() -> None:
    found = compute.freed_of(six_steps())
    marks = dict.fromkeys(found.freed, "freed")
    panes: list[tuple[str, Recording, Any]] = [
        ("before", found.plain, marks),
        ("after", found.retained, {}),
    ]
    data = side_by_side(panes, compute.short_graph_of(six_steps()))
    json.dumps(data, allow_nan=False)
    assert not data["frames"]
    first, second = data["panes"]
    assert {node["id"] for node in first["nodes"] if node["mark"]} == found.freed
    assert not any(node["mark"] for node in second["nodes"])
    assert all(node["links"] == [node["id"]] for node in first["nodes"])
