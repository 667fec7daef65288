"""Replaying a graph where gradients come from outside."""

import numpy as np
import pytest

from rnn_core import (
    READOUTS,
    backward,
    computational_graph,
    forward,
    replay,
)
from tests.core.oracle import torch_answer
from tests.core.replayed import LEVELS, SQUARED, anew, by_entry, largest_gap
from tests.core.test_graph import broken_rules, run


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("steps", [None, (2, 3)])
def test_gradients_from_outside_stay_as_given_in_a_replay(level, steps):
    trace, _ = run(0, "tanh", "squared_error", "last", 3)
    given = np.random.default_rng(5).normal(size=trace.z.shape)
    grads = backward(trace, upstream=given)
    changed = {"W_hh": np.array(trace.params.W_hh) + 0.1, "b_h": np.array(trace.params.b_h) - 0.2}
    again, _ = anew(trace, changed, 1)
    redone = backward(again, upstream=given)
    graph = computational_graph(trace, grads, level=level, sample=1, steps=steps)
    found = replay(graph, by_entry(changed) if level == "scalar" else changed)
    expected = computational_graph(again, redone, level=level, sample=1, steps=steps)
    names = [name for name in expected if name not in ("L", "rest")]
    assert all(
        np.abs(found.nodes[n]["grad"] - np.asarray(expected.nodes[n]["grad"])).max() < 1e-12
        for n in names
    )
    assert broken_rules(found) == []


@pytest.mark.parametrize("level", ["rolled", *LEVELS])
@pytest.mark.parametrize("zeros", [True, False])
def test_the_loss_has_no_part_in_gradients_from_outside(level, zeros):
    trace, _ = run(0, "tanh", "squared_error", "every", 2)
    given = np.zeros_like(trace.z) if zeros else np.ones_like(trace.z)
    graph = computational_graph(trace, backward(trace, upstream=given), level=level, sample=1)
    assert graph.nodes["L"]["value"] == trace.loss
    of_loss = {"logit", "loss", "target", "probability"}
    for name, node in graph.nodes(data=True):
        if node["kind"] in of_loss or name in ("W_hy", "b_y", "rest of L"):
            assert not np.any(node["grad"]), name
    if level != "rolled":
        assert broken_rules(graph) == []
        terms = graph.pred["L"].items()
        total = sum(edge["local"] * graph.nodes[name]["value"] for name, edge in terms)
        assert abs(total - trace.loss) < 1e-12


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("truncate", [None, 2])
@pytest.mark.parametrize("steps", [None, (2, 3)])
def test_a_replay_with_gradients_from_outside_is_what_pytorch_computes(
    level, readout, truncate, steps
):
    """Loss and gradients, with leaves of one sequence and shared ones changed, of three."""
    trace, _ = run(3, "tanh", "squared_error", readout, 3)
    given = np.random.default_rng(2).normal(size=trace.z.shape)
    if truncate:
        given[:-1] = 0  # so that PyTorch's window, which is one of readouts, is that of upstream
    grads = backward(trace, upstream=given, truncate=truncate)
    graph = computational_graph(trace, grads, level=level, sample=1, steps=steps)
    changed = {"W_hh": np.array(trace.params.W_hh) + 0.1, "x[2]": np.array([0.5, -0.25])}
    found = replay(graph, by_entry(changed) if level == "scalar" else changed)
    again, _ = anew(trace, changed, 1)
    arguments = (again.params, again.x, again.target)
    settings = {"activation": "tanh", "loss": "squared_error", "readout": readout, "h0": again.h0}
    loss = torch_answer(*arguments, **settings).values["loss"]
    assert abs(found.nodes["L"]["value"] - loss) < 1e-12
    if truncate:  # the state that many steps before the last, taken as given
        start = len(again.z) - truncate
        arguments = (again.params, again.x[start:], None)
        settings |= {"h0": again.h[start], "readout": "last"}
    oracle = torch_answer(*arguments, **settings, upstream=given[-len(arguments[1]) :])
    for name in ("W_hh", "b_h"):
        for place in np.ndindex(oracle.gradients[name].shape):
            node = f"{name}[{','.join(str(i + 1) for i in place)}]"
            grad = (
                found.nodes[node]["grad"] if level == "scalar" else found.nodes[name]["grad"][place]
            )
            assert abs(grad - oracle.gradients[name][place]) < 1e-12
    assert broken_rules(found) == []
    twice = replay(replay(graph, {}), by_entry(changed) if level == "scalar" else changed)
    assert largest_gap(twice, found, "grad") < 1e-12


def test_a_state_can_be_held_where_gradients_come_from_outside():
    trace, _ = run(0, "tanh", "squared_error", "every", 2)
    given = np.random.default_rng(2).normal(size=trace.z.shape)
    graph = computational_graph(trace, backward(trace, upstream=given), level="scalar", sample=1)
    found = replay(graph, {"h[2,1]": 0.5})
    state = np.array(trace.h[2])
    state[1, 0] = 0.5
    later = forward(trace.params, trace.x[2:], trace.target[2:], h0=state, **SQUARED)
    at_it = state[1] @ trace.params.W_hy.T + trace.params.b_y - trace.target[1, 1]
    errors = trace.logits[:2] - trace.target[:2]
    errors[1, 1] = at_it
    expected = (0.5 * (errors**2).sum() + later.loss * later.logits.size) / trace.logits.size
    assert abs(found.nodes["L"]["value"] - expected) < 1e-12
    redone = backward(later, upstream=given[2:])
    assert abs(found.nodes["h[2,2]"]["grad"] - redone.h[0, 1, 1] - given[1, 1, 1]) < 1e-12
    assert broken_rules(found) == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("steps", [None, (2, 3)])
def test_a_loss_that_is_held_follows_from_no_sequence_of_the_batch(level, steps):
    trace, grads = run(0, "tanh", "squared_error", "every", 3)
    graph = computational_graph(trace, grads, level=level, sample=1, steps=steps)
    held = replay(graph, {"L": 2.0})
    weight = "W_hh[1,2]" if level == "scalar" else "W_hh"
    assert np.any(graph.nodes[weight]["grad"])
    for made in (held, replay(held, {weight: np.array(graph.nodes[weight]["value"]) + 0.1})):
        assert made.nodes["L"]["value"] == 2
        assert not any(
            np.any(node["grad"])
            for name, node in made.nodes(data=True)
            if name not in ("L", "rest")
        )
        assert broken_rules(made) == []
