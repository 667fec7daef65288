"""The graph of a network with any cell: its nodes, its sums, its replays, and PyTorch."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from rnn_core import (
    ACTIVATIONS,
    LOSSES,
    Cell,
    Parameters,
    backward,
    computational_graph,
    forward,
    paths,
    replay,
)
from rnn_core.cells import Line, product, weights
from tests.core.graph_cells import CASES, STEPS, run
from tests.core.test_graph import broken_rules

LEVELS = ("step", "operation", "scalar")
OPTIONS = ({}, {"truncate": 2}, {"upstream": True}, {"upstream": True, "truncate": 2})


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("level", ["rolled", *LEVELS])
def test_nodes_hold_the_numbers_of_the_run_and_say_which(cell, level):
    trace, grads = run(cell, batch=2)
    graph = computational_graph(trace, grads, level=level, sample=1)
    held = set()
    for name, node in graph.nodes(data=True):
        quantity, t, unit = node["quantity"], node["t"], node["unit"]
        if node["kind"] == "parameter":
            place = ... if node["index"] is None else tuple(i - 1 for i in node["index"])
            assert np.array_equal(node["value"], trace.params[node["parameter"]][place]), name
            assert np.array_equal(node["grad"], grads.parameters[node["parameter"]][place]), name
        elif quantity in trace.quantities:
            is_state = quantity in trace.cell.states
            if level == "rolled":
                rows, part = slice(is_state, None), ...
            else:
                rows, part = t if is_state else t - 1, ... if unit is None else unit - 1
            assert np.array_equal(node["value"], trace[quantity][rows, 1][part]), name
            assert np.array_equal(node["grad"], grads[quantity][rows, 1][part]), name
            held.add((quantity, t))
    wanted = [*trace.cell.states, "x"] if level in ("rolled", "step") else [*trace.quantities]
    steps = [None] if level == "rolled" else range(1, STEPS + 1)
    assert {*itertools.product(wanted, steps)} <= held
    assert graph.nodes["L"]["value"] == trace.loss


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("options", OPTIONS)
def test_a_gradient_is_the_sum_over_edges_whatever_is_not_shown(cell, level, options):
    for readout, batch, steps in itertools.product(
        ("last", "every"), (1, 2), (None, (1, 2), (2, 3), (4, 4))
    ):
        trace, grads = run(cell, batch=batch, readout=readout, **options)
        graph = computational_graph(trace, grads, level=level, sample=batch - 1, steps=steps)
        assert broken_rules(graph) == [], (readout, batch, steps)


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("level", LEVELS)
def test_local_derivatives_are_those_of_finite_differences(cell, level):
    """Each is found by a replay with the source moved, and its other ways to the sink held."""
    trace, grads = run(cell, loss="softmax_cross_entropy")
    graph = computational_graph(trace, grads, level=level)
    step, rng = 1e-6, np.random.default_rng(0)
    edges = [edge for edge in graph.edges if graph.nodes[edge[1]]["t"] == 2]
    for source, sink in (edges[i] for i in rng.permutation(len(edges))[:12]):
        held = {name: graph.nodes[name]["value"] for name in graph.pred[sink] if name != source}
        value = np.asarray(graph.nodes[source]["value"])
        place = tuple(rng.integers(size) for size in value.shape)
        ends = []
        for sign in (1, -1):
            moved = value.copy()
            moved[place] += sign * step
            found = replay(graph, {**held, source: moved if moved.ndim else float(moved)})
            ends.append(np.asarray(found.nodes[sink]["value"]))
        local = np.asarray(graph.edges[source, sink]["local"])[(..., *place)]
        np.testing.assert_allclose((ends[0] - ends[1]) / (2 * step), local, atol=1e-8)


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("batch", "truncate"), [(1, None), (3, None), (2, 2)])
@pytest.mark.parametrize("steps", [None, (2, 3)])
def test_a_replay_is_a_new_run(cell, level, batch, truncate, steps):
    trace, grads = run(cell, batch=batch, truncate=truncate)
    sample, rng = batch - 1, np.random.default_rng(1)
    graph = computational_graph(trace, grads, level=level, sample=sample, steps=steps)
    arrays = {
        name: array + rng.normal(size=array.shape) / 9 for name, array in trace.params.items()
    }
    x = np.array(trace.x)
    x[1, sample] += 0.25
    initial = {f"{s}0": np.array(trace[s][0]) for s in trace.cell.states if s in ("h", "c")}
    if steps is None:
        for state in initial.values():
            state[sample] -= 0.5
    again = forward(
        trace.params.replace(**arrays), x, trace.target, loss="squared_error", readout="every",
        **initial,
    )  # fmt: skip
    redone = backward(again, truncate=truncate)
    expected = computational_graph(again, redone, level=level, sample=sample, steps=steps)
    changed = {
        name: expected.nodes[name]["value"]
        for name, node in graph.nodes(data=True)
        if node["op"] is None
        and node["kind"] in ("parameter", "input", "state")
        and not (steps and node["kind"] == "state")
    }
    found = replay(graph, changed)
    assert broken_rules(found) == []
    for name, node in expected.nodes(data=True):
        if name != "rest":
            np.testing.assert_allclose(found.nodes[name]["value"], node["value"], atol=1e-12)
        np.testing.assert_allclose(found.nodes[name]["grad"], node["grad"], atol=1e-12)


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("loss", ["squared_error", "softmax_cross_entropy"])
def test_the_products_of_all_paths_sum_to_the_gradient(cell, loss):
    trace, grads = run(cell, loss=loss, readout="last")
    graph = computational_graph(trace, grads, level="scalar")
    for source in ("h[3,2]", "x[4,1]", "b_y[1]"):
        found = paths(graph, source, "L", limit=20_000)
        assert not found.truncated
        total = sum(path.product for path in found)
        assert abs(total - graph.nodes[source]["grad"]) < 1e-12 * max(1, abs(total))


def lstm(step, p, x, h, c):
    """One step of an LSTM as Hochreiter, Schmidhuber and Gers have it; `step` sees each value."""
    z = {g: x @ p[f"W_x{g}"].T + h @ p[f"W_h{g}"].T + p[f"b_{g}"] for g in "ifgo"}
    gate = {
        g: step(g, (torch.tanh if g == "g" else torch.sigmoid)(step(f"z_{g}", z[g])))
        for g in "ifgo"
    }
    c = step("c", gate["f"] * c + gate["i"] * gate["g"])
    return step("h", gate["o"] * torch.tanh(c)), c


def gru(step, p, x, h, c):
    """One step of a GRU as PyTorch's manual has it."""
    r = step("r", torch.sigmoid(step("z_r", x @ p["W_xr"].T + h @ p["W_hr"].T + p["b_r"])))
    u = step("u", torch.sigmoid(step("z_u", x @ p["W_xu"].T + h @ p["W_hu"].T + p["b_u"])))
    m = step("m", h @ p["W_hn"].T + p["b_hn"])
    n = step("n", torch.tanh(step("z_n", x @ p["W_xn"].T + p["b_xn"] + r * m)))
    return step("h", (1 - u) * n + u * h), c


WRITTEN = {"lstm": lstm, "gru": gru}


def in_torch(trace, held):
    """Return every quantity of a run in PyTorch, with gradients, where some are held at a value."""
    p = {k: torch.tensor(np.array(v), requires_grad=True) for k, v in trace.params.items()}
    seen = {}

    def hold(t):
        def step(name, tensor):
            if (name, t) in held:
                tensor = torch.tensor(held[name, t])[None].requires_grad_()
            tensor.retain_grad()
            seen[name, t] = tensor
            return tensor

        return step

    h = torch.tensor(np.array(trace.h[0]))
    c = torch.tensor(np.array(trace["c"][0])) if "c" in trace.cell.states else None
    logits = []
    for t in range(1, trace.steps + 1):
        x = torch.tensor(np.array(trace.x[t - 1]))
        h, c = WRITTEN[trace.cell.name](hold(t), p, x, h, c)
        logits.append(h @ p["W_hy"].T + p["b_y"])
    loss = (0.5 * (torch.stack(logits) - torch.tensor(np.array(trace.target))) ** 2).mean()
    loss.backward()
    return loss.item(), seen, p


@pytest.mark.parametrize("cell", WRITTEN)
@pytest.mark.parametrize("held", [{}, {"u": 2, "i": 2}, {"z_n": 3, "c": 3}, {"h": 1, "z_f": 4}])
def test_a_node_held_at_a_value_is_what_pytorch_computes_with_the_value_put_in(cell, held):
    trace, grads = run(cell)
    places = {(name, t): np.array([0.5, -0.25, 0.75]) for name, t in held.items()
              if name in trace.cell.line}  # fmt: skip
    loss, seen, p = in_torch(trace, places)
    for level in ("operation", "scalar"):
        graph = computational_graph(trace, grads, level=level)
        changed = {}
        for (name, t), value in places.items():
            entries = {f"{name}[{t},{k + 1}]": float(number) for k, number in enumerate(value)}
            changed |= entries if level == "scalar" else {f"{name}[{t}]": value}
        found = replay(graph, changed)
        assert broken_rules(found) == []
        assert abs(found.nodes["L"]["value"] - loss) < 1e-14
        for node in found.nodes.values():
            if (tensor := seen.get((node["quantity"], node["t"]))) is not None:
                part = ... if node["unit"] is None else node["unit"] - 1
                grad = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
                assert np.abs(node["value"] - tensor.detach().numpy()[0][part]).max() < 1e-13
                assert np.abs(node["grad"] - grad[0][part]).max() < 1e-13
            elif node["kind"] == "parameter":
                place = ... if node["index"] is None else tuple(i - 1 for i in node["index"])
                grad = p[node["parameter"]].grad
                grad = np.zeros(p[node["parameter"]].shape) if grad is None else grad.numpy()
                assert np.abs(node["grad"] - grad[place]).max() < 1e-13


def test_nodes_have_names_that_can_be_read():
    trace, grads = run("lstm")
    operation = computational_graph(trace, grads)
    scalar = computational_graph(trace, grads, level="scalar")
    for name, fields in {
        "W_xi x[2]": {"parameter": "W_xi", "reads": ("x", 2), "line": "z_i", "quantity": None},
        "W_hf h[1]": {"parameter": "W_hf", "reads": ("h", 1), "line": "z_f", "t": 2},
        "z_i[2]": {"quantity": "z_i", "latex": "z_{i,2}", "symbol": "z_i,2", "kind": "sum"},
        "i[2]": {"quantity": "i", "op": "sigmoid", "layer": 3, "unit": None},
        "f[2]⊙c[1]": {"line": "c", "latex": r"f_{2}\odot c_{1}", "op": "mul", "layer": 4},
        "tanh(c[2])": {"line": "h", "latex": r"\tanh\left(c_{2}\right)", "op": "tanh", "layer": 6},
        "c[1]": {"quantity": "c", "t": 1, "layer": 5},
        "W_xi": {"parameter": "W_xi", "latex": "W_{xi}", "layer": 1},
    }.items():
        found = operation.nodes[name]
        assert {key: found[key] for key in fields} == fields, name
    product = scalar.nodes["W_hf[2,3]·h[1,3]"]
    assert (product["unit"], product["reads"], product["index"]) == (2, ("h", 1, 3), (2, 3))
    assert scalar.nodes["f[2,1]·c[1,1]"]["unit"] == 1
    assert list(operation["c[1]"]) == ["tanh(c[1])", "f[2]⊙c[1]"]
    step = computational_graph(trace, grads, level="step")
    assert step.has_edge("c[2]", "h[2]")
    assert not step.has_edge("c[1]", "h[2]")
    rolled = computational_graph(trace, grads, level="rolled")
    assert [rolled.has_edge(*edge) for edge in ("cc", "ch", "hc", "hh")] == [True] * 4
    assert "(1−u[1])⊙n[1]" in computational_graph(*run("gru"))
    assert "0.5·h[0]" in computational_graph(*run("leaky"))


def test_a_line_that_is_called_like_a_part_of_the_readout_is_refused_in_a_sentence():
    lines = (Line("p", "add", (product("W_xh", "x"),)), Line("h", "tanh", ("p",)))
    with pytest.raises(ValueError, match="expected names that stand for nothing else, got 'p'"):
        Cell("taken", "Taken", ("h",), weights("W_xh"), lines, "")


@pytest.mark.parametrize("steepness", [1.0, 0.5])
@pytest.mark.parametrize("cell", ["elman", "gru"])
def test_an_activation_and_a_loss_that_are_planted_have_nodes(monkeypatch, steepness, cell):
    """The same names twice: what was planted before is not remembered."""
    function = replace(
        ACTIVATIONS["tanh"],
        name="planted",
        own_kernel=lambda dtype: lambda z, h: np.multiply(np.arctan(z), steepness, out=h),
        own_derivative=lambda z, h, out: np.divide(steepness, 1 + z * z, out=out),
    )
    doubled = replace(
        LOSSES["squared_error"],
        name="doubled",
        terms=lambda a, y: steepness * (a - y) ** 2,
        delta=lambda a, y: 2 * steepness * (a - y),
        by_target=lambda a, y: 2 * steepness * (y - a),
    )
    monkeypatch.setitem(ACTIVATIONS, "planted", function)
    monkeypatch.setitem(LOSSES, "doubled", doubled)
    params = Parameters.random(2, 3, 2, seed=1, cell=cell)
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(STEPS, 2, 2)), rng.normal(size=(STEPS, 2, 2))
    about = {"activation": "planted", "loss": "doubled", "readout": "every"}
    trace = forward(params, x, y, **about)
    for level in LEVELS:
        graph = computational_graph(trace, backward(trace), level=level)
        assert broken_rules(graph) == []
        name, value = ("x[2]", np.array([0.5, 0.25]))
        changed = {name: value}
        if level == "scalar":
            changed = {"x[2,1]": 0.5, "x[2,2]": 0.25}
        moved = x.copy()
        moved[1, 0] = value
        found = replay(graph, changed)
        assert abs(found.nodes["L"]["value"] - forward(params, moved, y, **about).loss) < 1e-13
        assert broken_rules(found) == []
