"""Where φ′ is 0 nothing passes on, be what comes from above infinite or nan: as PyTorch's ReLU."""

import numpy as np
import pytest
import torch

from rnn_core import (
    Parameters,
    backward,
    computational_graph,
    forward,
    paths,
    replay,
    run_in_format,
)
from rnn_core.activations import activation_named
from rnn_core.gradient_flow import activation_slopes, direct_gradients, flow_back
from rnn_core.precision import first_in
from rnn_core.recurrence import unroll_back
from tests.core.oracle import torch_answer

SETTINGS = {"activation": "relu", "loss": "squared_error"}
TWO = Parameters([[1.0], [-1.0]], np.eye(2), [0.0, 0.0], [[1e200, 1e200]], [0.0])


def test_a_shut_unit_has_no_gradient_under_an_infinite_one():
    """a = 1e200, ∂L/∂a = 1e200 and ∂L/∂h = 1e400, for both units; the second is off."""
    trace = forward(TWO, [1.0], 0.0, **SETTINGS)
    grads = backward(trace)
    assert grads.h[1].tolist() == [[np.inf, np.inf]]
    assert grads.z.tolist() == [[[np.inf, 0.0]]]
    assert grads.parameters.W_xh.ravel().tolist() == [np.inf, 0.0]
    assert grads.parameters.b_h.tolist() == [np.inf, 0.0]
    assert not grads.contribution("W_xh")[..., 1, :].any()
    with np.errstate(all="ignore"):
        d_z, _ = unroll_back(TWO, trace.z, np.full((1, 1, 2), np.inf), "relu")
    assert d_z.tolist() == [[[np.inf, 0.0]]]


def overflowing(seed, dtype, readout, batch=2):
    """A ReLU network, finite forward, whose gradient overflows on its way back; units are off."""
    rng = np.random.default_rng(seed)
    large = 1e120 if dtype == "float64" else 1e14
    W_hh, W_hy = large * rng.normal(size=(4, 4)), large * rng.normal(size=(1, 4))
    params = Parameters(rng.normal(size=(4, 2)), W_hh, rng.normal(size=4), W_hy, [0.0])
    x = rng.normal(size=(6, batch, 2)).astype(dtype)
    for steps in range(len(x), 0, -1):
        made = forward(params.astype(dtype), x[:steps], 0.5, readout=readout, **SETTINGS)
        if np.isfinite(made.h).all():
            return made
    raise AssertionError


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("given", [False, True])
def test_an_overflowing_gradient_is_zero_and_not_finite_where_it_is_in_pytorch(
    dtype, readout, seed, given
):
    trace = overflowing(seed, dtype, readout)
    upstream = np.full_like(trace.z, np.finfo(dtype).max) if given else None
    ours = backward(trace, upstream=upstream)
    theirs = torch_answer(
        trace.params, trace.x, trace.target, h0=trace.h0, readout=readout, upstream=upstream,
        **SETTINGS,
    )  # fmt: skip
    for name, array in {"z": ours.z, "h": ours.h, "x": ours.x}.items():
        expected = theirs.gradients[name]
        # Whether a sum of infinite products is inf or nan depends on the order and on FMA.
        assert np.array_equal(np.isfinite(array), np.isfinite(expected)), name
        assert np.array_equal(array == 0, expected == 0), name
    assert not ours.z[trace.z <= 0].any()


def test_a_unit_that_is_not_a_number_is_not_taken_for_shut():
    """Where the states overflow, gradients are no numbers, and do not look like 0."""
    params = Parameters([[1.0]], [[-1e200]], [0.0], [[1.0]], [0.0])
    trace = forward(params.replace(W_hh=[[1e200]]), np.ones(3), 0.0, **SETTINGS)
    assert trace.h[-1] == np.inf
    assert not np.isfinite(backward(trace).z).any()
    two = Parameters(np.ones((2, 1)), [[1e200, 1e200], [1e200, -1e200]], [0, 0], [[1, 1]], [0])
    trace = forward(two, np.ones(4), 0.0, **SETTINGS)
    assert np.isnan(trace.z[-1, 0, 1])
    assert np.isnan(backward(trace).z[-1, 0, 1])
    assert backward(trace).z[1, 0, 1] == trace.z[1, 0, 1] == 0
    z = np.array([np.nan, -1.0, 0.0, 1.0])
    assert np.array_equal(activation_named("relu").slope(z), [np.nan, 0, 0, 1], equal_nan=True)


def test_pytorch_masks_what_is_nan_too():
    z = torch.tensor([1.0, -1.0, 0.0], requires_grad=True)
    torch.relu(z).backward(torch.full((3,), torch.nan))
    assert torch.isnan(z.grad).tolist() == [True, False, False]


@pytest.mark.parametrize("truncate", [1, 2])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_shut_units_of_truncated_runs(truncate, readout):
    trace = forward(TWO, [0.5, 1.0, -1.0, 1.0], 0.0, readout=readout, **SETTINGS)
    grads = backward(trace, truncate=truncate)
    shut = trace.z <= 0
    assert not np.isfinite(grads.h[-1]).any()
    assert not grads.z[shut].any()


def test_the_same_in_a_format_and_operation_by_operation():
    trace = forward(TWO, [1.0], 0.0, **SETTINGS)
    run = run_in_format(trace, dtype="float64")
    assert run.grads.z.tolist() == [[[np.inf, 0.0]]]
    found = first_in(trace, backward(trace))
    assert (found.phase, found.node, found.event) == (
        run.first.phase,
        run.first.node,
        run.first.event,
    )


@pytest.mark.parametrize("level", ["step", "operation", "scalar"])
def test_a_replay_lets_nothing_through_a_shut_unit(level):
    trace = forward(TWO, [[1.0]], 0.0, **SETTINGS)
    graph = computational_graph(trace, backward(trace), level=level)
    x = "x[1,1]" if level == "scalar" else "x[1]"
    found = replay(graph, {x: 2.0 if level == "scalar" else [2.0]})
    if level == "scalar":
        assert [found.nodes[f"b_h[{i}]"]["grad"] for i in (1, 2)] == [np.inf, 0.0]
        assert [found.nodes[f"z[1,{i}]"]["grad"] for i in (1, 2)] == [np.inf, 0.0]
        assert found.nodes["W_xh[2,1]"]["grad"] == 0
    elif level == "operation":
        assert found.nodes["z[1]"]["grad"].tolist() == [np.inf, 0.0]
        assert found.nodes["b_h"]["grad"].tolist() == [np.inf, 0.0]


def test_a_held_node_lets_nothing_through():
    trace = forward(TWO, [1.0], 0.0, **SETTINGS)
    graph = computational_graph(trace, backward(trace), level="scalar")
    found = replay(graph, {"h[1,1]": 1.0})
    assert found.nodes["h[1,1]"]["grad"] == np.inf
    assert found.nodes["z[1,1]"]["grad"] == 0


def test_a_path_through_a_shut_unit_is_nothing():
    trace = forward(TWO, [1.0], 0.0, **SETTINGS)
    graph = computational_graph(trace, backward(trace), level="scalar")
    products = {path.nodes[2]: path.product for path in paths(graph, "x[1,1]", "L")}
    assert products == {"z[1,1]": np.inf, "z[1,2]": 0.0}


def test_flow_through_shut_units():
    params = TWO.replace(W_hh=np.ones((2, 2)))
    trace = forward(params, [1.0, -9.0, 99.0], 0.0, **SETTINGS)
    assert (trace.z <= 0).any(axis=2).all()
    direct = direct_gradients(backward(trace))
    flow = flow_back(np.ones((2, 2)), activation_slopes(trace), direct)
    found = flow.z.values
    assert np.isinf(found[2])
    assert not np.isnan(found).any()


def test_what_enters_from_outside_is_what_flows():
    trace = forward(TWO, [1.0, 2.0], 0.0, **SETTINGS)
    given = np.arange(4.0).reshape(2, 1, 2)
    assert np.array_equal(direct_gradients(backward(trace, upstream=given)), given[:, 0])
