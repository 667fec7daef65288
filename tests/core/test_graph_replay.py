"""Replaying a graph: what is changed in it, and what is held."""

import math

import numpy as np
import pytest

from rnn_core import (
    LOSSES,
    READOUTS,
    Parameters,
    backward,
    backward_padded,
    computational_graph,
    forward,
    forward_padded,
    pad,
    replay,
)
from tests.core.oracle import problem, torch_answer
from tests.core.replayed import LEVELS, SQUARED, anew, by_entry, largest_gap
from tests.core.test_graph import ACTIVATIONS, broken_rules, run


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize(("batch", "truncate"), [(1, None), (3, None), (1, 2), (2, 2)])
def test_a_replay_is_a_new_run(level, activation, loss, readout, batch, truncate):
    trace, grads = run(batch, activation, loss, readout, batch, truncate=truncate)
    sample, rng = batch - 1, np.random.default_rng(0)
    graph = computational_graph(trace, grads, level=level, sample=sample)
    names = ["W_xh", "W_hh", "b_h", "W_hy", "b_y", "x[2]", "h[0]"]
    base = computational_graph(trace, grads, level="step", sample=sample)
    changed = {
        name: base.nodes[name]["value"] + rng.normal(size=np.shape(base.nodes[name]["value"])) / 4
        for name in names
    }
    changed["y[4]"] = trace.target[-1, 0][::-1].copy()
    again, redone = anew(trace, changed, sample, truncate)
    expected = computational_graph(again, redone, level=level, sample=sample)
    found = replay(graph, by_entry(changed) if level == "scalar" else changed)
    assert largest_gap(found, expected, "value") < 1e-12
    assert largest_gap(found, expected, "grad") < 1e-12
    assert broken_rules(found) == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("steps", [(1, 2), (2, 3), (3, 4)])
@pytest.mark.parametrize(("batch", "truncate"), [(1, None), (2, None), (2, 2)])
def test_a_replay_of_a_window_is_the_window_of_a_new_run(level, readout, steps, batch, truncate):
    trace, grads = run(1, "tanh", "squared_error", readout, batch, truncate=truncate)
    sample, rng = batch - 1, np.random.default_rng(0)
    graph = computational_graph(trace, grads, level=level, sample=sample, steps=steps)
    base = computational_graph(trace, grads, level="step", sample=sample)
    names = ["W_xh", "W_hh", "b_h", "W_hy", f"x[{steps[0]}]"] + ["h[0]"] * (steps[0] == 1)
    changed = {
        name: base.nodes[name]["value"] + rng.normal(size=np.shape(base.nodes[name]["value"])) / 4
        for name in names
    }
    again, redone = anew(trace, changed, sample, truncate)
    expected = computational_graph(again, redone, level=level, sample=sample, steps=steps)
    found = replay(graph, by_entry(changed) if level == "scalar" else changed)
    assert set(found) == set(expected)
    assert largest_gap(found, expected, "value") < 1e-12
    assert largest_gap(found, expected, "grad") < 1e-12
    assert broken_rules(found) == []
    loss, edges = found.nodes["L"], found.pred["L"]
    total = sum(edge["local"] * found.nodes[name]["value"] for name, edge in edges.items())
    assert abs(total - loss["value"]) < 1e-12


@pytest.mark.parametrize("level", LEVELS)
def test_the_first_state_of_a_window_can_be_held(level):
    trace, grads = run(0, "tanh", "squared_error", "every", 1)
    graph = computational_graph(trace, grads, level=level, steps=(3, 4))
    state = np.array([0.5, -0.25, 0.125])
    held = {"h[2]": state}
    found = replay(graph, by_entry(held) if level == "scalar" else held)
    later = forward(trace.params, trace.x[2:, 0], trace.target[2:, 0], h0=state, **SQUARED)
    expected = computational_graph(later, backward(later), level=level, sample=0)
    names = {"z[3]": "z[1]", "h[4]": "h[2]"}  # the same steps, counted from the held state
    if level == "scalar":
        names = {"z[3,1]": "z[1,1]", "h[4,2]": "h[2,2]"}
    for name, counted in names.items():
        if name not in found:
            continue  # the step level has no z
        assert np.abs(found.nodes[name]["value"] - expected.nodes[counted]["value"]).max() < 1e-12
        halved = np.asarray(expected.nodes[counted]["grad"]) / 2  # L is the mean over 4, not 2
        assert np.abs(found.nodes[name]["grad"] - halved).max() < 1e-12
    assert broken_rules(found) == []
    at_it = trace.params.W_hy @ state + trace.params.b_y  # what step 2 reads out
    errors = np.array([trace.logits[0, 0], at_it]) - trace.target[:2, 0]
    before = float((errors**2).sum()) / 2
    after = later.loss * later.logits.size
    assert abs(found.nodes["L"]["value"] - (before + after) / trace.logits.size) < 1e-12


def test_a_replay_of_a_replayed_window_remembers_what_is_held():
    trace, grads = run(0, "tanh", "squared_error", "every", 2)
    graph = computational_graph(trace, grads, level="scalar", steps=(2, 3))
    first, second = {"h[2,1]": 0.5, "W_hh[1,1]": 0.1}, {"x[2,1]": 1.0, "b_h[2]": 0.2}
    twice, once = replay(replay(graph, first), second), replay(graph, first | second)
    assert twice.nodes["h[2,1]"]["held"]
    assert largest_gap(twice, once, "value") < 1e-12
    assert largest_gap(twice, once, "grad") < 1e-12
    untouched = computational_graph(trace, grads, level="scalar", steps=(2, 3))
    assert largest_gap(graph, untouched, "value") == 0
    assert largest_gap(replay(graph, {}), untouched, "grad") < 1e-14


def test_a_replay_refuses_what_truncation_does_not_tell():
    trace, grads = run(0, "tanh", "squared_error", "every", 1, truncate=2)
    with pytest.raises(ValueError, match="run forward and backward anew"):
        replay(computational_graph(trace, grads, level="scalar"), {"h[2,1]": 0.5})


def test_a_replay_refuses_the_loss_of_a_padded_batch():
    padded, mask = pad([np.ones((3, 1)), np.ones((5, 1))])
    batch = forward_padded(Parameters.random(1, 2, seed=0), padded, mask, 0.5)
    graph = computational_graph(batch.trace, backward_padded(batch), level="scalar")
    with pytest.raises(ValueError, match="run forward and backward anew"):
        replay(graph, {"W_hh[1,1]": 0.5})


def test_a_replay_of_one_sequence_keeps_the_loss_of_the_others():
    """Identity of 1, x = 1 and 2, y = 0: L = (½·1² + ½·2²) / 2 = 1.25, by hand."""
    params = Parameters([[1.0]], [[1.0]], [0.0], [[1.0]], [0.0])
    x = [[[1.0], [2.0]]]
    trace = forward(params, x, 0.0, activation="identity", loss="squared_error")
    for given in (np.ones((1, 2, 1)), np.zeros((1, 2, 1))):
        grads = backward(trace, upstream=given)
        for level, name, new in (("step", "x[1]", [1.0]), ("scalar", "x[1,1]", 1.0)):
            graph = computational_graph(trace, grads, level=level)
            found = replay(graph, {name: new})
            assert found.nodes["L"]["value"] == trace.loss == 1.25
            assert np.all(
                found.nodes["x[1]" if level == "step" else "x[1,1]"]["grad"] == given[0, 0]
            )
            moved = replay(graph, {name: [3.0] if level == "step" else 3.0})
            assert moved.nodes["L"]["value"] == (4.5 + 2) / 2
            assert broken_rules(moved) == []


def test_a_replay_is_what_pytorch_computes():
    given = problem(5, 4, 1, 2, 3, 1, "tanh", "binary_cross_entropy", "every")
    trace = forward(given.params, given.x, given.target, h0=given.h0, **given.settings)
    graph = computational_graph(trace, backward(trace), level="scalar")
    W_hh = np.array(given.params.W_hh)
    W_hh[1, 0] += 0.3
    found = replay(graph, {"W_hh[2,1]": W_hh[1, 0]})
    oracle = torch_answer(
        given.params.replace(W_hh=W_hh), given.x, given.target, h0=given.h0, **given.settings
    )
    assert abs(found.nodes["L"]["value"] - oracle.values["loss"]) < 1e-12
    assert abs(found.nodes["W_hh[2,1]"]["grad"] - oracle.gradients["W_hh"][1, 0]) < 1e-12
    assert abs(found.nodes["h[3,2]"]["value"] - oracle.values["h"][3, 0, 1]) < 1e-12


@pytest.mark.parametrize("batch", [1, 2])
def test_a_held_state_cuts_off_what_came_before(batch):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", batch)
    graph = computational_graph(trace, grads, level="scalar")
    found = replay(graph, {"h[2,1]": 0.5})
    assert found.nodes["h[2,1]"]["value"] == 0.5
    assert found.nodes["z[2,1]"]["grad"] == 0
    assert found.nodes["z[2,1]"]["value"] == graph.nodes["z[2,1]"]["value"]
    assert broken_rules(found) == []
    state = np.array(trace.h[2, 0])
    state[0] = 0.5
    later = forward(trace.params, trace.x[2:, 0], trace.target[:, 0], h0=state)
    assert abs(found.nodes["h[4,1]"]["value"] - later.h[2, 0, 0]) < 1e-12
    step = 1e-6
    up, down = (replay(graph, {"h[2,1]": 0.5 + d}).nodes["L"]["value"] for d in (step, -step))
    assert abs((up - down) / (2 * step) - found.nodes["h[2,1]"]["grad"]) < 1e-8


def test_a_held_state_stays_held():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    twice = replay(replay(graph, {"h[2,1]": 0.5}), {"x[1,1]": 1.0, "W_hh[1,1]": 0.1})
    once = replay(graph, {"h[2,1]": 0.5, "x[1,1]": 1.0, "W_hh[1,1]": 0.1})
    assert twice.nodes["h[2,1]"]["value"] == 0.5
    assert largest_gap(twice, once, "value") == 0
    assert largest_gap(twice, once, "grad") == 0


def test_a_replay_leaves_its_graph_as_it_was():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 2)
    graph = computational_graph(trace, grads, level="scalar")
    before = {name: dict(node) for name, node in graph.nodes(data=True)}
    edges = {(a, b): dict(edge) for a, b, edge in graph.edges(data=True)}
    replay(graph, {"W_hh[1,1]": 0.0})
    assert before == {name: dict(node) for name, node in graph.nodes(data=True)}
    assert edges == {(a, b): dict(edge) for a, b, edge in graph.edges(data=True)}


def test_a_replay_of_a_replay_is_the_replay_of_both():
    trace, grads = run(0, "tanh", "squared_error", "every", 2)
    graph = computational_graph(trace, grads, level="scalar")
    first, second = {"W_hh[1,1]": 0.1, "x[2,1]": 1.0}, {"b_h[2]": 0.2, "y[3,1]": 0.5}
    twice, once = replay(replay(graph, first), second), replay(graph, first | second)
    assert largest_gap(twice, once, "value") < 1e-12
    assert largest_gap(twice, once, "grad") < 1e-12


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"h[9,9]": 1.0}, "expected a node of the graph"),
        ({"h[1,1]": math.nan}, "expected finite numbers"),
        ({"h[1,1]": [1.0, 2.0]}, "expected shape"),
        ({"h[1,1]": "one"}, "expected real numbers"),
    ],
)
def test_a_bad_change_is_refused_in_a_sentence(changed, message):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    with pytest.raises(ValueError, match=message):
        replay(computational_graph(trace, grads, level="scalar"), changed)


def test_what_is_not_in_the_graph_is_not_replayed():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    with pytest.raises(ValueError, match="without"):
        replay(computational_graph(trace, grads, jacobians=False), {"x[2]": [0.0, 0.0]})
    with pytest.raises(ValueError, match="rolled"):
        replay(computational_graph(trace, grads, level="rolled"), {})
    with pytest.raises(ValueError, match="a value of its own"):
        replay(computational_graph(trace, grads, steps=(2, 3)), {"rest": 0.0})


@pytest.mark.parametrize("quantity", ["h", "z"])
def test_an_entry_that_is_held_alone_is_that_entry_of_the_scalar_graph(quantity):
    """The others are computed, also where what they read is held, and pass gradients on."""
    trace = forward(Parameters.random(2, 3, 1, seed=4), np.ones((5, 1, 2)), 1)
    grads = backward(trace)
    graph = computational_graph(trace, grads)
    vectors = {name: graph.nodes[name]["value"] * 0 + 0.25 for name in ("h[1]", f"{quantity}[3]")}
    found = replay(graph, vectors, at={"h[1]": [2], f"{quantity}[3]": [0, 1]})
    entries = dict.fromkeys(("h[1,3]", f"{quantity}[3,1]", f"{quantity}[3,2]"), 0.25)
    scalar = replay(computational_graph(trace, grads, level="scalar"), entries)
    for name, node in scalar.nodes.items():
        if node["quantity"] in ("z", "h", "a", "L"):
            vector = found.nodes[name if name == "L" else f"{node['quantity']}[{node['t']}]"]
            unit = ... if node["unit"] is None else node["unit"] - 1
            for field in ("value", "grad"):
                np.testing.assert_allclose(np.asarray(vector[field])[unit], node[field], atol=1e-15)
        elif node["kind"] == "parameter":
            place = tuple(i - 1 for i in node["index"])
            whole = found.nodes[node["parameter"]]["grad"]
            np.testing.assert_allclose(whole[place], node["grad"], atol=1e-15)


@pytest.mark.parametrize("steps", [None, (2, 4)])
def test_an_entry_that_is_held_stays_held_in_the_next_replay(steps):
    trace = forward(Parameters.random(2, 3, 1, seed=4), np.ones((5, 1, 2)), 1)
    graph = computational_graph(trace, backward(trace), steps=steps)
    h = np.full(3, 0.5)
    once = replay(graph, {"h[2]": h, "h[3]": h}, at={"h[2]": [1], "h[3]": [0]})
    twice = replay(replay(graph, {"h[2]": h}, at={"h[2]": [1]}), {"h[3]": h}, at={"h[3]": [0]})
    for name, node in once.nodes.items():
        np.testing.assert_allclose(twice.nodes[name]["value"], node["value"], atol=1e-15)
        np.testing.assert_allclose(twice.nodes[name]["grad"], node["grad"], atol=1e-15)


@pytest.mark.parametrize(
    ("name", "entries", "sentence"),
    [
        ("h[2]", [3], r"h\[2\]: expected entries of a computed vector, from 0 to 2, got \[3\]"),
        ("h[2]", [], r"h\[2\]: expected entries"),
        ("L", [0], r"L: expected a computed vector, .*, got shape \(\)"),
        ("x[2]", [0], r"x\[2\]: expected a computed vector"),
    ],
)
def test_entries_that_are_not_there_are_refused_in_a_sentence(name, entries, sentence):
    trace = forward(Parameters.random(2, 3, 1, seed=4), np.ones((5, 1, 2)), 1)
    graph = computational_graph(trace, backward(trace))
    with pytest.raises(ValueError, match=sentence):
        replay(graph, {name: graph.nodes[name]["value"]}, at={name: entries})


def test_a_loss_that_is_held_passes_nothing_on():
    """At any level: of two steps read out, what is left is the gradient of the other one alone."""
    params = Parameters.random(2, 3, 2, seed=4)
    x, y = np.random.default_rng(4).normal(size=(2, 2)), np.array([[0.0, 1.0], [1.0, 0.0]])
    trace = forward(params, x, y, readout="every", loss="squared_error")
    first = forward(params, x[:1], y[:1], loss="squared_error")
    expected = backward(first).parameters
    graph = computational_graph(trace, backward(trace), level="operation")
    found = replay(graph, {"l[2]": 0.25})
    assert found.nodes["L"]["value"] == pytest.approx((first.loss + 0.25) / 2, rel=1e-14)
    for name in params.names:
        np.testing.assert_allclose(found.nodes[name]["grad"], expected[name] / 2, rtol=1e-12)
    still = replay(graph, {"L": 0.5})
    assert not any(np.any(still.nodes[name]["grad"]) for name in params.names)
