"""Gradients that fall below the smallest normal number are set to zero, and nothing else is."""

import numpy as np
import pytest

from rnn_core import Parameters, backward, forward, initialise
from rnn_core.backward import BLOCK, SMALLEST_NORMAL
from rnn_core.recurrence import unroll_back

TINY = {"float64": 2.2250738585072014e-308, "float32": 1.1754943508222875e-38}


def shrinking(steps, factors, dtype="float64", readout="last"):
    """A linear network whose unit i multiplies its gradient by factors[i] at each step."""
    hidden = len(factors)
    params = Parameters(
        np.ones((hidden, 1)), np.diag(factors), np.zeros(hidden), np.ones((1, hidden)), [0]
    ).astype(dtype)
    target = 1.0 if readout == "last" else np.r_[np.full(steps - 1, 0.5), 1.0]
    return forward(params, np.zeros(steps), target, activation="identity", readout=readout)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_threshold_is_the_smallest_normal_number(dtype):
    assert float(SMALLEST_NORMAL[np.dtype(dtype)]) == TINY[dtype]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("factor", [0.5, 0.9])
def test_a_vanished_gradient_is_exactly_zero_from_the_next_block_on(dtype, factor):
    steps = 12_000
    trace = shrinking(steps, [factor], dtype)
    grads = backward(trace)
    found = np.abs(grads.z[:, 0, 0]).astype(np.float64)
    power = np.arange(steps)[::-1]
    exact = np.exp(np.log(0.5) + power * np.log(np.float64(trace.params.W_hh.item())))
    normal = exact > 2 * TINY[dtype]
    tolerance = 1e-9 if dtype == "float64" else 1e-2
    np.testing.assert_allclose(found[normal], exact[normal], rtol=tolerance)
    first_zero = np.flatnonzero(found)[0] - 1
    last_normal = np.flatnonzero(normal)[0]
    assert last_normal - first_zero <= BLOCK + 2
    assert not found[: first_zero + 1].any()
    assert not grads.h[: first_zero + 1].any()
    assert not grads.x[: first_zero + 1].any()


def test_units_that_vanish_do_not_take_others_with_them():
    trace = shrinking(3000, [0.5, 1.0])
    grads = backward(trace)
    assert np.array_equal(grads.z[:, 0, 1], np.full(3000, grads.z[-1, 0, 1]))
    assert not grads.z[0, 0, 0]


def test_a_gradient_that_enters_early_is_kept():
    trace = shrinking(3000, [0.5], readout="every")
    upstream = np.zeros((3000, 1, 1))
    upstream[[10, -1]] = 1
    grads = backward(trace, upstream=upstream)
    assert grads.z[10, 0, 0] == 1
    assert grads.z[0, 0, 0] == 0.5**10
    assert not grads.z[500:1500].any()


def test_windows_that_vanish_stop():
    trace = shrinking(2500, [0.5], readout="every")
    upstream = np.zeros((2500, 1, 1))
    upstream[-1] = 1
    full, cut = (
        backward(trace, upstream=upstream),
        backward(trace, upstream=upstream, truncate=2400),
    )
    assert np.array_equal(full.parameters.W_hh, cut.parameters.W_hh)
    assert cut.z[-1000, 0, 0] == 0.5**999


def test_healthy_gradients_are_those_of_the_plain_loop():
    trace = shrinking(300, [0.9, 0.99])
    grads = backward(trace)
    direct = np.zeros_like(trace.z)
    direct[-1] = grads.logits[0] @ trace.params.W_hy
    d_z, d_h = unroll_back(trace.params, trace.z, direct, "identity")
    np.testing.assert_allclose(grads.z, d_z, rtol=1e-13)
    np.testing.assert_allclose(grads.h, d_h, rtol=1e-13)


@pytest.mark.parametrize(("dtype", "radius"), [("float64", 0.8), ("float32", 0.95)])
def test_hardly_a_step_computes_with_subnormal_numbers(dtype, radius):
    """They are what makes a vanishing gradient slow: without the flush, hundreds of steps do."""
    params = initialise("orthogonal", 1, 32, seed=0, spectral_radius=radius).astype(dtype)
    x = np.random.default_rng(0).normal(size=(6000, 1, 1))
    trace = forward(params, x, 1.0, activation="identity")

    def steps_with_subnormals(d_z):
        size = np.abs(d_z.astype(np.float64))
        return int(((size > 0) & (size < TINY[dtype])).any(axis=(1, 2)).sum())

    grads = backward(trace)
    direct = np.zeros_like(trace.z)
    direct[-1] = grads.logits[0] @ trace.params.W_hy
    plain, _ = unroll_back(trace.params, trace.z, direct, "identity")
    assert steps_with_subnormals(plain) > 2 * BLOCK
    assert steps_with_subnormals(grads.z) < steps_with_subnormals(plain) / 2
