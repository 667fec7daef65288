"""Replaying a graph, and walking its paths."""

import itertools
import math

import networkx as nx
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
    paths,
    replay,
)
from tests.core.oracle import problem, torch_answer
from tests.core.test_graph import ACTIVATIONS, broken_rules, run

LEVELS = ("step", "operation", "scalar")
SQUARED = {"loss": "squared_error", "readout": "every"}


def largest_gap(found, expected, key):
    gaps = [
        np.abs(found.nodes[n][key] - np.asarray(expected.nodes[n][key])).max() for n in expected
    ]
    return max(gaps)


def anew(trace, changed, sample, truncate=None):
    """Run forward and backward with changed leaves of one sample, given as nodes of level step."""
    params = trace.params.replace(
        **{n: v for n, v in changed.items() if n in dict(trace.params.items())}
    )
    x, h0, target = np.array(trace.x), np.array(trace.h0), np.array(trace.target)
    for name, value in changed.items():
        if name.startswith("x["):
            x[int(name[2:-1]) - 1, sample] = value
        if name == "h[0]":
            h0[sample] = value
        if name.startswith("y["):
            target[int(name[2:-1]) - trace.readout_steps.start, sample] = value
    again = forward(
        params,
        x,
        target,
        h0=h0,
        activation=trace.activation,
        loss=trace.loss_name,
        readout=trace.readout,
    )
    return again, backward(again, truncate=truncate)


def by_entry(changed):
    """The same change at the scalar level."""
    found = {}
    for name, value in changed.items():
        stem = name[:-1] + "," if name.endswith("]") else name + "["
        for index in np.ndindex(value.shape):
            found[stem + ",".join(str(i + 1) for i in index) + "]"] = value[index]
    return found


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


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", READOUTS)
def test_the_products_of_all_paths_sum_to_the_gradient(activation, readout):
    trace, grads = run(0, activation, "softmax_cross_entropy", readout, 1)
    graph = computational_graph(trace, grads, level="scalar", steps=None)
    for source in ("h[2,1]", "W_hh[2,1]", "x[3,2]", "W_hy[1,1]", "b_h[3]", "y[4,1]"):
        found = paths(graph, source, "L", limit=100_000)
        assert not found.truncated
        assert abs(sum(path.product for path in found) - graph.nodes[source]["grad"]) < 1e-12
        for path in list(found)[:3]:
            locals_ = [
                graph.edges[edge]["local"] for edge in zip(path.nodes, path.nodes[1:], strict=False)
            ]
            assert math.isclose(math.prod(locals_), path.product, rel_tol=1e-12)


def all_paths(graph, source, sink):
    """Every path and its product, largest first, found without our search."""
    found = []
    for nodes in nx.all_simple_paths(graph, source, sink):
        edges = itertools.pairwise(nodes)
        found.append((tuple(nodes), math.prod(graph.edges[edge]["local"] for edge in edges)))
    return sorted(found, key=lambda path: -abs(path[1]))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("source", ["W_hh[2,1]", "x[1,1]", "b_h[3]", "y[4,1]"])
def test_the_largest_paths_come_first_and_all_are_counted(activation, readout, source):
    trace, grads = run(2, activation, "softmax_cross_entropy", readout, 2)
    graph = computational_graph(trace, grads, level="scalar")
    expected = all_paths(graph, source, "L")
    for limit in (1, 7, 50, len(expected), len(expected) + 1):
        found = paths(graph, source, "L", limit=limit)
        assert found.total == len(expected)
        assert found.truncated == (limit < len(expected))
        products = [product for _, product in expected[:limit]]
        np.testing.assert_allclose(
            np.abs([path.product for path in found]), np.abs(products), rtol=1e-12
        )
        assert len({path.nodes for path in found}) == len(found)
        listed = dict(expected)
        for path in found:
            assert math.isclose(path.product, listed[path.nodes], rel_tol=1e-12)


def test_the_search_does_not_follow_what_it_does_not_list():
    """4 units over 60 steps have more paths than could be listed, also where all products are 0."""
    params = Parameters.random(1, 4, seed=1)
    trace = forward(params, np.ones((60, 1)), np.ones(1))
    graph = computational_graph(trace, backward(trace), level="scalar")
    assert paths(graph, "h[1,1]", "L", limit=20).total == 4**59
    products = [abs(path.product) for path in paths(graph, "h[1,1]", "L", limit=20)]
    assert products == sorted(products, reverse=True)
    for edge in graph.in_edges("L"):
        graph.edges[edge]["local"] = 0.0
    assert [path.product for path in paths(graph, "h[1,1]", "L", limit=20)] == [0.0] * 20


def test_products_that_are_not_numbers_come_first():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    graph.edges["z[2,1]", "h[2,1]"]["local"] = math.nan
    found = paths(graph, "W_xh[1,1]", "L", limit=3)
    assert all(math.isnan(path.product) for path in found)
    assert found.truncated


def test_paths_stop_at_their_limit_and_say_so():
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    graph = computational_graph(trace, grads, level="scalar")
    everything = paths(graph, "W_hh[1,1]", "L")
    some = paths(graph, "W_hh[1,1]", "L", limit=5)
    assert (len(some), some.truncated) == (5, True)
    assert [path.nodes for path in some] == [path.nodes for path in list(everything)[:5]]
    exactly = paths(graph, "W_hh[1,1]", "L", limit=len(everything))
    assert not exactly.truncated
    assert len(paths(graph, "L", "x[1,1]")) == paths(graph, "L", "x[1,1]").total == 0
    assert [path.product for path in paths(graph, "L", "L")] == [1.0]


@pytest.mark.parametrize(
    ("arguments", "limit", "message"),
    [
        (("nothing", "L"), 10, "expected a node"),
        (("x[1,1]", "nothing"), 10, "expected a node"),
        (("x[1,1]", "L"), 0, "limit: expected a whole number of at least 1"),
        (("x[1,1]", "L"), 2.5, "limit: expected a whole number of at least 1"),
    ],
)
def test_paths_refuse_in_a_sentence(arguments, limit, message):
    trace, grads = run(0, "tanh", "binary_cross_entropy", "last", 1)
    with pytest.raises(ValueError, match=message):
        paths(computational_graph(trace, grads, level="scalar"), *arguments, limit=limit)
    with pytest.raises(ValueError, match='level "scalar"'):
        paths(computational_graph(trace, grads), "h[1]", "L")


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
