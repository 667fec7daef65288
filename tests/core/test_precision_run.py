"""Runs in a format, operation by operation: against PyTorch and numbers worked by hand."""

import math

import numpy as np
import pytest

from rnn_core import (
    PARAMETER_NAMES,
    Parameters,
    backward,
    computational_graph,
    first_non_finite,
    forward,
    replay,
    run_in_format,
)
from rnn_core.precision import first_of_run
from tests.core.oracle import parameter_arrays, problem, torch_answer

CASES = [
    ("tanh", "binary_cross_entropy", "last"),
    ("relu", "softmax_cross_entropy", "every"),
    ("identity", "squared_error", "every"),
]


def chain(W_hh, W_xh=1.0, x=(1.0, 0.0, 0.0), W_hy=1.0, b_y=0.0, target=0.0, **settings):
    """A network of one unit, whose run can be followed by hand."""
    params = Parameters([[W_xh]], [[W_hh]], [0.0], [[W_hy]], [b_y])
    return forward(params, list(x), target, **{"activation": "identity", **settings})


@pytest.mark.parametrize(("activation", "loss", "readout"), CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_is_that_of_pytorch(activation, loss, readout, dtype):
    case = problem(3, 6, 2, 2, 3, 3, activation, loss, readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    run = run_in_format(trace, dtype=dtype)
    wanted = torch_answer(
        case.params.astype(dtype),
        case.x.astype(dtype),
        case.target.astype(dtype),
        h0=case.h0.astype(dtype),
        **case.settings,
    )
    tolerance = 200 * float(np.finfo(dtype).eps)
    assert run.first is None
    assert run.grads is not None
    assert run.trace.z.dtype == dtype
    np.testing.assert_allclose(run.trace.z, wanted.values["z"], tolerance, tolerance)
    assert run.trace.loss == pytest.approx(float(wanted.values["loss"]), rel=tolerance)
    for name, found in parameter_arrays(run.grads).items():
        np.testing.assert_allclose(found, wanted.gradients[name], 10 * tolerance, tolerance)
    np.testing.assert_allclose(run.grads.x, wanted.gradients["x"], 10 * tolerance, tolerance)
    np.testing.assert_allclose(run.grads.h[0], wanted.gradients["h0"], 10 * tolerance, tolerance)


@pytest.mark.parametrize("truncate", [1, 3, 20])
def test_truncated_gradients_are_those_of_backward(truncate):
    case = problem(5, 6, 2, 2, 3, 1, "tanh", "binary_cross_entropy", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    wanted = backward(trace, truncate=truncate)
    found = run_in_format(trace, dtype="float64", truncate=truncate).grads
    assert found is not None
    np.testing.assert_allclose(found.h, wanted.h, 1e-12, 1e-14)
    for name in PARAMETER_NAMES:
        ours, theirs = getattr(found.parameters, name), getattr(wanted.parameters, name)
        np.testing.assert_allclose(ours, theirs, 1e-12, 1e-14)


def test_float16_is_rounded_at_every_operation():
    """In float16, 2048 + 1 is 2048; in float32 and float64 it is 2049."""
    params = Parameters([[1.0]], [[0.0]], [1.0], [[1.0]], [0.0])
    trace = forward(params, [2048.0], 0.0, activation="identity", loss="squared_error")
    found = {d: run_in_format(trace, dtype=d).trace.z.item() for d in ("float16", "float32")}
    assert found == {"float16": 2048, "float32": 2049}


def test_the_first_overflow_is_named_by_hand():
    """x_1 = 1, W_hh = 300: h is 1, 300, 90000, and 65504 is the largest float16."""
    trace = chain(300.0, loss="squared_error")
    found = run_in_format(trace, dtype="float16").first
    assert found is not None
    assert (found.node, found.symbol, found.t, found.phase) == (
        "W_hh h[2]",
        "W_hh h_2",
        3,
        "forward",
    )
    assert (found.operation, found.operands) == ("multiply", (300.0, 300.0))
    assert found.operand_names == ("W_hh[1,1]", "h_2,1")
    assert (found.event, found.value, found.largest) == ("overflow", math.inf, 65504.0)
    assert run_in_format(trace, dtype="float64").first is None


def test_a_sum_that_overflows_is_told_from_a_product():
    params = Parameters([[60000.0, 60000.0]], [[0.0]], [0.0], [[0.0]], [0.0])
    found = first_non_finite(
        params, [[1.0, 1.0]], 0.0, dtype="float16", activation="identity", loss="squared_error"
    )
    assert found is not None
    assert (found.node, found.operation, found.event) == ("W_xh x[1]", "add", "overflow")
    assert found.operands == (60000.0, 60000.0)
    assert found.operand_names == ("the first product", "W_xh[1,2]·x_1,2")
    joined = Parameters([[60000.0]], [[0.0]], [60000.0], [[0.0]], [0.0])
    found = first_non_finite(
        joined, [1.0], 0.0, dtype="float16", activation="identity", loss="squared_error"
    )
    assert found is not None
    assert (found.node, found.operand_names) == ("z[1]", ("W_xh x_1 + W_hh h_0", "b_h"))


def test_a_weight_that_does_not_fit_is_first():
    found = run_in_format(chain(1e5), dtype="float16").first
    assert found is not None
    assert (found.node, found.phase, found.operation) == ("W_hh", "input", "convert")
    assert (found.operands, found.index) == ((1e5,), (1, 1))
    assert found.operand_names == ("W_hh[1,1]",)


@pytest.mark.parametrize(
    ("b_y", "form", "events"),
    [
        (-1000.0, "naive", ["overflow", "rounds to 0", "log of zero"]),
        (-1000.0, "clamped", None),
        (-1000.0, "stable", None),
        (50.0, "naive", ["rounds to 1", "rounds to 1", "rounds to 0", "log of zero", "invalid"]),
    ],
)
def test_the_naive_loss_fails_with_its_chain(b_y, form, events):
    trace = chain(0.5, W_hy=0.0, b_y=b_y, target=1.0)
    found = run_in_format(trace, dtype="float64", form=form).first
    if events is None:
        assert found is None
        return
    assert found is not None
    assert (found.node, found.t, found.phase) == ("l[3]", 3, "forward")
    assert [link.event for link in found.chain if link.event] == events


def test_a_gradient_can_be_the_first():
    """h_T = 0, so the forward pass is finite; W_hh² = 1e400 times ∂L/∂z is not."""
    params = Parameters([[0.0]], [[1e200]], [0.0], [[1.0]], [0.0])
    trace = forward(params, [0.0, 0.0, 0.0], 1.0, activation="identity", loss="squared_error")
    found = run_in_format(trace, dtype="float64").first
    assert found is not None
    assert (found.node, found.phase) == ("h[1]", "backward")
    assert found.operands == (1e200, -1e200)
    assert found.operand_names == ("W_hh[1,1]", "∂L/∂z_2,1")


def test_infinities_that_meet_are_not_reported_before_they_arise():
    params = Parameters([[1e300], [1e300]], [[0, 0], [0, 0]], [0, 0], [[1e300, -1e300]], [0.0])
    trace = forward(params, [1.0], 0.0, activation="identity", loss="squared_error")
    found = run_in_format(trace, dtype="float64").first
    assert found is not None
    assert (found.node, found.operation, found.event) == ("W_hy h[1]", "multiply", "overflow")


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_node_is_in_the_graph_and_not_finite_there_and_all_before_it_are(dtype):
    case = problem(7, 8, 2, 2, 3, 1, "identity", "squared_error", "last")
    weights = case.params.replace(
        W_hh=case.params.W_hh * 10.0 ** {16: 1, 32: 6, 64: 48}[bits(dtype)]
    )
    trace = forward(weights, case.x, case.target, **case.settings)
    run = run_in_format(trace, dtype=dtype)
    found = run.first
    assert found is not None
    graph = computational_graph(run.trace, run.grads, sample=found.sample, jacobians=False)
    key = "grad" if found.phase == "backward" else "value"
    assert found.node in graph
    assert not np.isfinite(graph.nodes[found.node][key]).all()
    if found.phase == "forward":
        before = list(graph)[: list(graph).index(found.node)]
        assert all(np.isfinite(graph.nodes[name]["value"]).all() for name in before)
    value = np.asarray(graph.nodes[found.node][key])
    assert not np.isfinite(value[tuple(i - 1 for i in found.index)])


def bits(dtype):
    return 8 * np.dtype(dtype).itemsize


@pytest.mark.parametrize("form", ["naive", "stable"])
@pytest.mark.parametrize("b_y", [-1000.0, 0.0])
def test_stopping_at_the_first_finds_the_same(form, b_y):
    trace = chain(1e3, W_hy=0.0, b_y=b_y, target=1.0)
    for dtype in ("float16", "float32", "float64"):
        whole = run_in_format(trace, dtype=dtype, form=form)
        assert first_of_run(trace, dtype=dtype, form=form) == whole.first


def test_a_finite_run_has_no_finding():
    trace = chain(0.5)
    assert run_in_format(trace, dtype="float16").first is None
    alone = forward(trace.params, [1.0, 0.0], activation="identity")
    run = run_in_format(alone, dtype="float16")
    assert (run.grads, run.trace.loss, run.first) == (None, None, None)


def test_refusals_name_what_is_wrong():
    with pytest.raises(ValueError, match="dtype: expected one of float16, float32, float64"):
        run_in_format(chain(0.5), dtype="bfloat16")
    with pytest.raises(ValueError, match="form: expected one of stable, got 'naive'"):
        run_in_format(chain(0.5, loss="squared_error"), dtype="float16", form="naive")
    large = Parameters.random(1, 400, 1, seed=0)
    trace = forward(large, np.zeros(20_000))
    with pytest.raises(ValueError, match="run in a format: expected at most"):
        run_in_format(trace, dtype="float64")


@pytest.mark.parametrize("level", ["operation", "scalar"])
@pytest.mark.parametrize(
    ("form", "dtype", "loss", "slope", "prediction"),
    [
        ("naive", "float64", math.inf, math.nan, 0.0),  # exp(1000) is infinite: p = 0, log 0, ÷ 0
        ("clamped", "float64", 100.0, 0.0, 0.0),  # as torch.nn.BCELoss; and nothing is learnt
        ("stable", "float64", 1000.0, -1.0, 0.0),
        ("clamped", "float32", 100.0, 0.0, 0.0),
        ("clamped", "float16", 100.0, math.nan, 0.0),  # 1e-12 is 0 in float16: −1 / 0 · 0
        ("stable", "float16", 1000.0, -1.0, 0.0),
    ],
)
def test_the_graph_holds_the_loss_of_the_form_and_its_gradient(
    level, form, dtype, loss, slope, prediction
):
    run = run_in_format(chain(0.5, W_hy=0.0, b_y=-1000.0, target=1.0), dtype=dtype, form=form)
    graph = computational_graph(run.trace, run.grads, level=level)
    unit = ",1]" if level == "scalar" else "]"
    logit, term, p = (graph.nodes[letter + "[3" + unit] for letter in "alp")
    assert np.array_equal([float(term["value"])], [loss])
    assert graph.nodes["L"]["value"] == loss
    assert np.array_equal([float(np.squeeze(logit["grad"]))], [slope], equal_nan=True)
    local = float(np.squeeze(graph.edges["a[3" + unit, "l[3" + unit]["local"]))
    assert np.array_equal([local], [slope], equal_nan=True)
    assert float(np.squeeze(p["value"])) == prediction


@pytest.mark.parametrize("form", ["naive", "clamped", "stable"])
def test_a_form_of_many_terms_adds_up_in_the_graph_as_in_its_run(form):
    case = problem(4, 5, 2, 2, 3, 2, "tanh", "binary_cross_entropy", "every")
    trace = forward(case.params, case.x, case.target, **case.settings)
    run = run_in_format(trace, dtype="float64", form=form)
    graph = computational_graph(run.trace, run.grads, level="scalar", steps=(3, 4), sample=1)
    edges = graph.pred["L"].items()
    total = sum(edge["local"] * graph.nodes[name]["value"] for name, edge in edges)
    assert total == pytest.approx(run.trace.loss, rel=1e-12)
    plain = forward(case.params, case.x, case.target, **case.settings)
    assert run.trace.loss == pytest.approx(plain.loss, rel=1e-12)
    np.testing.assert_allclose(run.trace.prediction, plain.prediction, rtol=1e-12)


def test_products_of_the_scalar_level_are_rounded_to_the_format_of_the_run():
    run = run_in_format(chain(90.0, W_xh=0.6640625, x=(1.0, 0.0)), dtype="float16")
    graph = computational_graph(run.trace, run.grads, level="scalar")
    assert graph.nodes["W_hh[1,1]·h[1,1]"]["value"] == 59.75  # 59.765625 has no place in float16


def test_a_replay_computes_the_loss_by_the_form_of_the_run():
    run = run_in_format(chain(0.5, W_hy=0.0, target=1.0), dtype="float64", form="clamped")
    again = replay(computational_graph(run.trace, run.grads, level="scalar"), {"b_y[1]": -1000.0})
    assert (again.nodes["L"]["value"], again.nodes["a[3,1]"]["grad"]) == (100.0, 0.0)
