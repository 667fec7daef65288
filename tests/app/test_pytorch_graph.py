"""The recorded graph: what torch built and walked, what links it with ours, and what it is told."""

import json
from typing import Any

import networkx as nx
import numpy as np
import pytest

from app.components.autograd_view.payload import payload
from app.experiment.changes import with_network
from app.experiment.presets import PRESETS
from app.experiment.value import Experiment
from app.figures.common import common
from app.pytorch import autograd_graph
from app.pytorch.autograd_graph.run import MOST_NODES
from app.views.pytorch import compute
from rnn_core import CELLS, backward
from tests.app.in_node import answer
from tests.app.test_pytorch_scripts import CASES
from tests.conftest import ROOT
from tests.core.graph_cells import MIN_GRU
from tests.experiments import six_steps

SCRIPT = ROOT / "tests" / "app" / "place_pairs.js"


def sent(case: Experiment) -> dict[str, Any]:
    graphs = compute.graphs_of(case)
    return payload(
        graphs.theirs,
        graphs.ours,
        sample=case.sample,
        batch=case.sizes[1],
        whole=graphs.whole or graphs.truncated,
    )


def test_the_default_graph_is_what_torch_builds_by_hand() -> None:
    recording = compute.graphs_of(six_steps()).theirs
    first_step = [
        ("leaf W_xh", "AccumulateGrad"),
        ("leaf x[1]", "AccumulateGrad"),
        ("W_xh x[1]", "MvBackward0"),
        ("leaf W_hh", "AccumulateGrad"),
        ("leaf h[0]", "AccumulateGrad"),
        ("W_hh h[0]", "MvBackward0"),
        ("s[1]", "AddBackward0"),
        ("leaf b_h", "AccumulateGrad"),
        ("z[1]", "AddBackward0"),
        ("h[1]", "TanhBackward0"),
    ]
    nodes = list(recording.nodes.values())
    assert [(node.id, node.name) for node in nodes[:10]] == first_step
    assert nodes[-1].name == "BinaryCrossEntropyWithLogitsBackward0"
    assert recording.nodes["h[1]"].saved == (("result", (2,)),)
    assert recording.nodes["W_hh h[0]"].next == ("leaf W_hh", "leaf h[0]")
    numbers = [node.number for node in nodes if not node.is_leaf]
    assert numbers == list(range(len(numbers)))  # torch's own order of creation


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_frames_build_it_whole_and_visits_walk_it_in_order(case: Experiment) -> None:
    graphs = compute.graphs_of(case)
    recording = graphs.theirs
    assert len(recording.nodes) <= MOST_NODES
    assert len(graphs.ours) <= MOST_NODES
    assert [
        name for frame in recording.frames for name in frame.new if name in recording.nodes
    ] == [*recording.nodes]
    graph = nx.DiGraph(recording.edges)
    assert nx.is_directed_acyclic_graph(graph)
    place = {visit.node: k for k, visit in enumerate(recording.visits)}
    assert place.keys() == set(recording.nodes)  # each node is run once
    assert all(place[node] < place[after] for node, after in recording.edges)


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_gradients_handed_over_are_those_of_our_nodes(case: Experiment) -> None:
    graphs = compute.graphs_of(case)
    checked = 0
    largest = max(np.abs(node["grad"]).max() for _, node in graphs.ours.nodes(data=True))
    for visit in graphs.theirs.visits:
        node = graphs.theirs.nodes[visit.node]
        name = node.links[0]
        ours = graphs.ours.nodes[name]
        entering = node.shared or ours["t"] == graphs.steps[0] - 1
        if ours["kind"] == "loss" or (entering and not (graphs.whole or graphs.truncated)):
            continue
        gradient = visit.gradient
        if case.sizes[1] > 1:
            gradient = (
                gradient.reshape(ours["grad"].shape) if node.shared else gradient[:, case.sample]
            )
        ours = ours["grad"]
        np.testing.assert_allclose(gradient, ours, rtol=1e-9, atol=1e-13 * largest)
        checked += 1
    assert checked > 10


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_what_is_sent_links_every_node_both_ways(case: Experiment) -> None:
    data = sent(case)
    json.dumps(data, allow_nan=False)
    theirs, ours = data["panes"]
    back = {node["id"]: node["links"] for node in ours["nodes"]}
    for node in theirs["nodes"]:
        assert node["links"], node["id"]
        assert all(node["id"] in back[name] for name in node["links"])
    for node in ours["nodes"]:
        told = dict(node["later"]).get("difference to PyTorch’s", "none")
        assert told.startswith("none") or float(told.replace("−", "-")) < 1e-9, node["id"]
    graph = compute.graphs_of(case).ours
    known = {"probability", "target", "rest", "state"}  # a state: detached
    for name in (node["id"] for node in ours["nodes"] if not node["links"]):
        same = case.activation == "identity" and graph.nodes[name]["op"] == "identity"
        cut = graph.pred[name] and not any(back[read] for read in graph.pred[name])
        assert same or cut or graph.nodes[name]["kind"] in known, name
    frames = data["frames"]
    for node in [*theirs["nodes"], *ours["nodes"]]:
        assert 0 <= node["born"] <= data["forward"]
        assert node["felt"] is None or data["forward"] < node["felt"] <= len(frames)
    for node in theirs["nodes"]:
        assert node["id"] in frames[node["born"] - 1]["current"]
        assert frames[node["felt"] - 1]["current"] == [node["id"]]


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_nodes_do_not_cover_or_touch_each_other(name: str) -> None:
    """And what is the same thing stands in the same place of both graphs."""
    data = sent(PRESETS[name].experiment)
    (panes,) = answer(SCRIPT, [common(), data])
    for boxes, pane in zip(panes, data["panes"], strict=True):
        assert {box["id"] for box in boxes} == {node["id"] for node in pane["nodes"]}
        for k, one in enumerate(boxes):
            assert not [
                (one["id"], other["id"])
                for other in boxes[k + 1 :]
                if abs(one["x"] - other["x"]) < (one["width"] + other["width"]) / 2
                and abs(one["y"] - other["y"]) < (one["height"] + other["height"]) / 2
            ]
    theirs, ours = ({box["id"]: box for box in boxes} for boxes in panes)
    last = {node["at"]: theirs[node["id"]] for node in data["panes"][0]["nodes"]}
    for place, box in last.items():
        top, upper = (each["y"] - each["height"] / 2 for each in (box, ours[place]))
        assert (box["x"], top) == pytest.approx((ours[place]["x"], upper))


def test_a_planted_cell_has_its_graph_its_links_and_its_gradients(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(CELLS, MIN_GRU.name, MIN_GRU)
    case = with_network(six_steps(), MIN_GRU.name)
    data = sent(case)
    theirs, ours = data["panes"]
    assert {"SigmoidBackward0", "MulBackward0", "RsubBackward1"} <= {
        node["name"] for node in theirs["nodes"]
    }
    told = [dict(node["later"]) for node in ours["nodes"]]
    apart = [each["difference to PyTorch’s"] for each in told if "difference to PyTorch’s" in each]
    assert len(apart) > 40
    for text in apart:
        assert text.startswith("none") or float(text.replace("−", "-")) < 1e-12
    (panes,) = answer(SCRIPT, [common(), data])
    assert [len(boxes) for boxes in panes] == [len(pane["nodes"]) for pane in data["panes"]]
    found = compute.cut_of(case, 1)
    for name, gradient in backward(compute.short_run_of(case), truncate=2).parameters.items():
        theirs_cut = found.cut.gradients.get(name, np.zeros_like(gradient))
        np.testing.assert_allclose(theirs_cut, gradient, rtol=1e-10, atol=1e-15)


def test_one_more_step_adds_its_nodes() -> None:
    longer = compute.graphs_of(six_steps().replace(sequence=lengthened(7))).theirs
    shorter = compute.graphs_of(six_steps()).theirs
    assert len(longer.nodes) - len(shorter.nodes) == 6
    assert set(longer.nodes) - set(shorter.nodes) >= {"h[7]", "z[7]", "s[7]", "leaf x[7]"}


def lengthened(steps: int) -> Any:
    from app.experiment.resizing import with_steps

    return with_steps(six_steps(), steps).sequence


def test_a_long_run_is_a_window_and_says_so() -> None:
    sunspots = PRESETS["sunspots"].experiment
    graphs = compute.graphs_of(sunspots)
    assert not graphs.whole
    assert graphs.steps == (
        100 - autograd_graph.steps_that_fit(compute.run_in(sunspots, "float64")[0]) + 1,
        100,
    )
    assert "rest" in graphs.ours


def test_truncation_at_the_last_step_is_one_detached_state() -> None:
    graphs = compute.graphs_of(six_steps().replace(truncate=2))
    assert graphs.truncated
    assert graphs.steps == (5, 6)
    assert "leaf h[4]" not in graphs.theirs.nodes
    whole = compute.graphs_of(PRESETS["parity"].experiment.replace(truncate=2))
    assert not whole.truncated
    assert "leaf h[0]" in whole.theirs.nodes


def test_a_difference_in_the_gradient_is_told() -> None:
    graphs = compute.graphs_of(six_steps())
    spoilt = graphs.ours.copy()
    spoilt.nodes["z[3]"]["grad"] = spoilt.nodes["z[3]"]["grad"] + 0.5
    data = payload(graphs.theirs, spoilt, sample=0, batch=1, whole=True)
    told = {node["id"]: dict(node["later"]) for node in data["panes"][1]["nodes"]}
    assert told["z[3]"]["difference to PyTorch’s"] == "0.5"
    right = told["z[4]"]["difference to PyTorch’s"]
    assert right.startswith("none") or float(right.replace("−", "-")) < 1e-12
