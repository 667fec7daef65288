"""Lengths of the gradient and their bounds: against `backward`, mpmath, and worked numbers."""

from math import log10, sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core import (
    ACTIVATIONS,
    Parameters,
    activation_slopes,
    backward,
    direct_gradients,
    flow_back,
    flow_of,
    forward,
    jacobian_norms,
    spectrum,
    theory,
)
from tests.core.oracle import problem

ROUNDING = 1e-9  # decades, far above what the sums of a few hundred steps round


def scalar(w, steps, activation="identity"):
    params = Parameters([[1.0]], [[w]], [0.0], [[1.0]], [0.0])
    pulse = [1.0, *[0.0] * (steps - 1)]
    return forward(params, pulse, 1.0, activation=activation, loss="squared_error")


def measured(trace, sample=0, **options):
    grads = backward(trace)
    direct = direct_gradients(grads, sample, **options)
    return flow_back(trace.params.W_hh, activation_slopes(trace, sample), direct), grads, direct


def all_of_theory(trace, direct, sample=0):
    W_hh = trace.params.W_hh
    norms = jacobian_norms(W_hh, activation_slopes(trace, sample))
    return theory(W_hh, direct, activation=trace.activation, norms=norms)


def test_half_to_the_tenth_exactly():
    trace = scalar(0.5, 11)
    flow, grads, direct = measured(trace)
    of_theory = all_of_theory(trace, direct)
    for found in (flow.h, of_theory.product, of_theory.bound, of_theory.rate):
        assert found.ratio(1, 11) == 0.5**10
    assert abs(grads.h[1] / grads.h[11]).item() == 0.5**10
    assert flow.h.values.tolist() == np.abs(grads.h[:, 0, 0]).tolist()
    assert flow.z.values.tolist() == np.abs(grads.z[:, 0, 0]).tolist()


def test_far_beyond_float64():
    """0.25^5000 is 10^−3010, and 4^5000 as large: with exponents of their own both are exact."""
    for w in (0.25, 4.0):
        trace = scalar(w, 5000)
        direct = np.zeros((5000, 1))
        direct[-1] = 1.0
        flow = flow_back(trace.params.W_hh, np.ones((5000, 1)), direct)
        of_theory = theory(trace.params.W_hh, direct, activation="identity")
        for found in (flow.h, of_theory.bound, of_theory.rate):
            assert found.log10[0] == pytest.approx(5000 * log10(w), abs=1e-9)
            assert found.log10_ratio(1, 5000) == pytest.approx(4999 * log10(w), abs=1e-9)
            assert found.values[0] == (0.0 if w < 1 else np.inf)


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_lengths_are_those_of_the_backward_pass(activation, readout):
    case = problem(4, 40, 3, 2, 5, 2, activation, "squared_error", readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    for sample in range(3):
        flow, grads, _ = measured(trace, sample)
        np.testing.assert_allclose(
            flow.h.values, np.linalg.norm(grads.h[:, sample], axis=1), rtol=1e-12
        )
        np.testing.assert_allclose(
            flow.z.values, np.linalg.norm(grads.z[:, sample], axis=1), rtol=1e-12
        )
        plain = flow_of(grads, sample)
        np.testing.assert_allclose(plain.h.log10, flow.h.log10, atol=1e-12)


def test_a_gradient_that_vanishes_as_in_many_digits():
    """H = 2, 400 steps with a loss at each of the last and the first: against mpmath."""
    rng = np.random.default_rng(7)
    W_hh, slope = 0.02 * rng.normal(size=(2, 2)), rng.uniform(0.1, 1, (400, 2))
    direct = np.zeros((400, 2))
    direct[[-1, 250]] = [[1.0, -2.0], [1e-300, 3e-300]]
    with mpmath.workdps(60):
        v, lengths = mpmath.matrix(direct[-1].tolist()), []
        W = mpmath.matrix(W_hh.tolist())
        for t in range(400, 0, -1):
            lengths.append(mpmath.norm(v))
            v = W.T * mpmath.matrix([s * g for s, g in zip(slope[t - 1].tolist(), v, strict=True)])
            if t > 1:
                v += mpmath.matrix(direct[t - 2].tolist())
        expected = [float(mpmath.log10(size)) for size in reversed([*lengths, mpmath.norm(v)])]
    assert min(expected) < -700
    np.testing.assert_allclose(flow_back(W_hh, slope, direct).h.log10, expected, atol=1e-10)


@pytest.mark.parametrize(("weight", "slope"), [(5e-324, 1.0), (1e-310, 1e-170), (1e290, 1e-300)])
def test_weights_and_slopes_at_the_ends_of_float64_keep_their_digits(weight, slope):
    """H = 2, 30 steps; with weights of a few times the least number there is: against mpmath."""
    rng = np.random.default_rng(3)
    W_hh = weight * rng.integers(-9, 10, (2, 2)).astype(float)
    slopes, direct = slope * rng.uniform(0.1, 1, (30, 2)), np.zeros((30, 2))
    direct[-1] = [0.3, -0.7]
    with mpmath.workdps(60):
        v, hs, zs = mpmath.matrix(direct[-1].tolist()), [], []
        for t in range(29, -1, -1):
            hs.append(float(mpmath.log10(mpmath.norm(v))))
            v = mpmath.matrix([s * g for s, g in zip(slopes[t].tolist(), v, strict=True)])
            zs.append(float(mpmath.log10(mpmath.norm(v))))
            v = mpmath.matrix(W_hh.tolist()).T * v
        hs.append(float(mpmath.log10(mpmath.norm(v))))
        stretch = mpmath.svd_r(mpmath.matrix((slopes[7][:, np.newaxis] * (W_hh / weight)).tolist()))
    flow = flow_back(W_hh, slopes, direct)
    np.testing.assert_allclose(flow.h.log10, hs[::-1], atol=1e-9)
    np.testing.assert_allclose(flow.z.log10, zs[::-1], atol=1e-9)
    norms = jacobian_norms(W_hh, slopes)
    of_theory = theory(W_hh, direct, activation="identity", norms=norms)
    assert norms[7] >= float(max(stretch[1])) * weight
    assert_in_order(flow.h.log10, of_theory)


def test_the_last_term_alone():
    case = problem(5, 12, 1, 1, 3, 1, "tanh", "squared_error", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    flow, grads, _ = measured(trace, last_only=True)
    upstream = np.zeros(trace.z.shape)
    upstream[-1] = grads.logits[-1] @ case.params.W_hy
    alone = backward(trace, upstream=upstream)
    np.testing.assert_allclose(flow.h.values, np.linalg.norm(alone.h[:, 0], axis=1), rtol=1e-12)


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    steps=st.integers(1, 60),
    hidden=st.integers(1, 5),
    radius=st.floats(0, 4),
    activation=st.sampled_from(list(ACTIVATIONS)),
    readout=st.sampled_from(["last", "every"]),
)
@example(1, 1, 5, 5e-324, "tanh", "last")
def test_bounds_are_never_below_what_is_measured(seed, steps, hidden, radius, activation, readout):
    rng = np.random.default_rng(seed)
    params = Parameters.random(1, hidden, 1, seed=rng, spectral_radius=radius)
    target = rng.normal(size=(steps if readout == "every" else 1, 1, 1))
    settings = {"activation": activation, "loss": "squared_error", "readout": readout}
    trace = forward(params, rng.normal(size=(steps, 1, 1)), target, **settings)
    flow, _, direct = measured(trace)
    of_theory = all_of_theory(trace, direct)
    assert_in_order(flow.h.log10, of_theory)


def assert_in_order(lengths, of_theory):
    assert (lengths <= of_theory.product.log10 + ROUNDING).all()
    assert (of_theory.product.log10 <= of_theory.bound.log10 + ROUNDING).all()


def test_a_planted_growth_breaks_the_bound():
    trace = scalar(0.5, 11)
    flow, _, direct = measured(trace)
    with pytest.raises(AssertionError):
        assert_in_order(flow.h.log10 + 0.001 * np.arange(12)[::-1], all_of_theory(trace, direct))


def test_bounds_sum_over_losses_at_every_step():
    """By hand, H = 1, c = 2: B_3 = 1, B_2 = 3 + 2·1 = 5, B_1 = 0 + 2·5 = 10, B_0 = 20."""
    found = theory(np.array([[-2.0]]), np.array([[0.0], [3.0], [1.0]]), activation="tanh")
    assert found.bound.values.tolist() == [20.0, 10.0, 5.0, 1.0]
    assert found.rate.values.tolist() == [20.0, 10.0, 5.0, 1.0]
    assert found.product is None


def test_norms_of_jacobians():
    rng = np.random.default_rng(2)
    W_hh, slope = rng.normal(size=(4, 4)), rng.uniform(size=(30, 4))
    slope[10:20] = slope[0]
    slope[7, 2] = np.nan
    found = jacobian_norms(W_hh, slope)
    assert np.isnan(found[7])
    for t in [0, 3, 12, 29]:
        expected = np.linalg.norm(np.diag(slope[t]) @ W_hh, 2)
        assert found[t] == pytest.approx(expected, rel=1e-13)


def test_spectrum_by_hand():
    turned = spectrum(np.array([[0.9, -0.6], [0.6, 0.9]]))  # 0.9 ± 0.6i
    assert turned.eigenvalues == pytest.approx([0.9 + 0.6j, 0.9 - 0.6j])
    assert turned.radius == pytest.approx(sqrt(1.17))
    sheared = spectrum(np.array([[0.5, 10.0], [0.0, 0.5]]))
    assert sheared.radius == pytest.approx(0.5)
    assert sheared.norm == pytest.approx(np.linalg.norm([[0.5, 10.0], [0.0, 0.5]], 2))


def test_what_is_not_finite_stays_so_and_zero_is_minus_infinity():
    params = Parameters([[1.0]], [[1e200]], [0.0], [[1.0]], [0.0])
    trace = forward(params, [1.0] * 4, 1.0, activation="identity", loss="squared_error")
    flow, _, _ = measured(trace)
    assert not np.isfinite(flow.h.log10).any()
    shut = scalar(-1.0, 4, "relu")
    flow, _, direct = measured(shut)
    assert flow.h.log10[0] == -np.inf
    assert all_of_theory(shut, direct).product.log10[0] == -np.inf


def test_refusals():
    with pytest.raises(ValueError, match="direct: expected shape"):
        flow_back(np.eye(2), np.ones((3, 2)), np.ones((4, 2)))


def test_every_activation_is_at_most_as_steep_as_it_says():
    z = np.concatenate([np.linspace(-30, 30, 20_001), [0.0]])
    for phi in ACTIVATIONS.values():
        assert phi.slope(z).max() == phi.steepest


@pytest.mark.parametrize("activation", ["identity", "tanh"])
@pytest.mark.parametrize("seed", range(4))
def test_bounds_hold_over_thousands_of_steps_in_single_precision(seed, activation):
    rng = np.random.default_rng(seed)
    orthogonal, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    params = Parameters.random(1, 8, seed=seed)
    params = Parameters(**dict(params.replace(W_hh=orthogonal).items()), dtype="float32")
    x = 1e-3 * rng.normal(size=(2000, 1))
    trace = forward(params, x, 1.0, activation=activation)
    slopes, direct = activation_slopes(trace), direct_gradients(backward(trace))
    flow = flow_back(params.W_hh, slopes, direct)
    norms = jacobian_norms(params.W_hh, slopes)
    of_theory = theory(params.W_hh, direct, activation=activation, norms=norms)
    assert (of_theory.product.log10 >= flow.h.log10).all()
    assert (of_theory.bound.log10 >= of_theory.product.log10).all()
    if activation == "identity":  # an isometry: the bounds are the length itself
        assert of_theory.bound.log10[0] - flow.h.log10[0] < 1e-3
