"""Fixed points against analytic ones, roots found by mpmath, and finite differences."""

import mpmath
import numpy as np
import pytest
import torch

from rnn_core import Parameters, find_fixed_points, fixed_point_starts, forward, vector_field


def network(W_hh, b_h=None, W_xh=None):
    hidden = len(W_hh)
    return Parameters(
        np.zeros((hidden, 1)) if W_xh is None else W_xh,
        W_hh,
        np.zeros(hidden) if b_h is None else b_h,
        np.ones((1, hidden)),
        [0.0],
    )


def found_in(params, activation="tanh", x=(0.0,), path=None):
    path = np.zeros((1, params.hidden_size)) if path is None else path
    return find_fixed_points(params, np.array(x), fixed_point_starts(path), activation=activation)


def test_scalar_tanh_with_weight_two():
    """h = tanh 2h: 0, and ±0.957504… (a root of the same equation in 40 digits)."""
    found = found_in(network([[2.0]]))
    with mpmath.workdps(40):
        root = float(mpmath.findroot(lambda h: mpmath.tanh(2 * h) - h, 0.95))
    assert round(root, 4) == 0.9575
    points = sorted((point.h.item(), point.kind) for point in found.fixed)
    assert [kind for _, kind in points] == ["stable", "unstable", "stable"]
    assert [h for h, _ in points] == pytest.approx([-root, 0.0, root], abs=1e-14)
    assert all(point.residual < 1e-15 for point in found.fixed)
    ends = {point.h.item(): point.eigenvalues[0] for point in found.fixed}
    assert sorted(value.real for value in ends.values()) == pytest.approx(
        [2 * (1 - root**2), 2 * (1 - root**2), 2.0]
    )
    assert found.arrived == found.starts


@pytest.mark.parametrize("w", [0.5, 0.99])
def test_a_contraction_has_one(w):
    found = found_in(network([[w]]))
    assert [(point.h.item(), point.kind) for point in found.fixed] == [(0.0, "stable")]


def test_linear_networks():
    """h = W h + b has the one solution (I − W)⁻¹ b; its kind is that of the eigenvalues of W."""
    W, b = np.array([[0.5, 1.0], [0.0, 2.0]]), np.array([1.0, -3.0])
    found = found_in(network(W, b), "identity")
    assert len(found.fixed) == 1
    assert found.fixed[0].h == pytest.approx(np.linalg.solve(np.eye(2) - W, b), abs=1e-12)
    assert found.fixed[0].kind == "saddle"
    assert found.fixed[0].eigenvalues == pytest.approx([2.0, 0.5])
    assert found_in(network([[1.5]], [1.0]), "identity").fixed[0].kind == "unstable"


def test_the_input_that_is_held_counts():
    params = network([[0.5]], [0.25], W_xh=[[2.0]])
    found = found_in(params, "identity", x=[3.0])
    assert found.fixed[0].h.item() == pytest.approx((0.25 + 6.0) / 0.5)
    assert found_in(params, "identity").fixed[0].h.item() == pytest.approx(0.5)


def test_two_units_that_hold_two_bits():
    """Two separate scalar networks with w = 2: of 9 points 4 are stable and 1 is unstable."""
    found = found_in(network([[2.0, 0.0], [0.0, 2.0]]))
    kinds = sorted(point.kind for point in found.fixed)
    assert kinds == ["saddle"] * 4 + ["stable"] * 4 + ["unstable"]


def test_relu_and_a_line_of_fixed_points():
    params = network([[1.0, 0.0], [0.0, 0.5]])
    found = found_in(params, "identity")
    assert {point.kind for point in found.fixed} == {"marginal"}
    assert all(abs(point.h[1]) < 1e-9 for point in found.fixed)
    assert len(found.fixed) > 5
    kinked = found_in(network([[0.5]]), "relu")
    assert [(point.h.item(), point.kind) for point in kinked.fixed] == [(0.0, "marginal")]


def test_no_fixed_point():
    """h = h + 1 has none; h = ReLU(h + 1) neither: q has no minimum near 0."""
    for activation in ("identity", "relu"):
        found = found_in(network([[1.0]], [1.0]), activation)
        assert found.fixed == ()
        assert found.slow == ()


def test_a_slow_point_is_told_from_a_fixed_one():
    """h = tanh(1.2 h) + 0 has three; pushed by 0.06 two of them merge and vanish: a slow point."""
    found = found_in(network([[1.2]], [0.06]))
    assert [point.kind for point in found.fixed] == ["stable"]
    (slow,) = found.slow
    h = slow.h.item()
    assert 1e-9 < slow.q < 1e-2
    step = 1e-6
    near = [0.5 * (np.tanh(1.2 * s + 0.06) - s) ** 2 for s in (h - step, h, h + step)]
    assert near[1] <= min(near)


def test_eigenvalues_are_those_of_pytorchs_jacobian():
    params = Parameters.random(2, 3, 1, seed=4, spectral_radius=1.8)
    x = np.array([0.3, -0.2])
    found = found_in(params, x=x)
    assert found.fixed
    W_xh, W_hh, b_h = (torch.tensor(np.array(a)) for a in (params.W_xh, params.W_hh, params.b_h))

    def F(h):
        return torch.tanh(W_hh @ h + W_xh @ torch.tensor(x) + b_h)

    for point in found.fixed:
        h = torch.tensor(np.array(point.h))
        assert (F(h) - h).norm().item() < 1e-14
        jacobian = torch.autograd.functional.jacobian(F, h).numpy()
        expected = np.linalg.eigvals(jacobian)
        assert sorted(np.abs(point.eigenvalues)) == pytest.approx(sorted(np.abs(expected)))


def test_a_planted_shift_is_no_fixed_point():
    params = network([[2.0]])
    off = found_in(params).fixed[0].h + 1e-3
    assert abs(vector_field(params, np.zeros(1), off[np.newaxis], "tanh")).item() > 1e-4


def test_the_field_is_one_step_of_the_network():
    params = Parameters.random(2, 3, 1, seed=4)
    states = np.random.default_rng(0).normal(size=(5, 3))
    x = np.array([0.5, -1.0])
    moved = vector_field(params, x, states, "tanh")
    for state, step in zip(states, moved, strict=True):
        trace = forward(params, x[np.newaxis], h0=state)
        np.testing.assert_allclose(trace.h[1, 0] - state, step, atol=1e-15)


def test_starts_are_always_the_same_and_hold_the_trajectory():
    path = np.random.default_rng(0).normal(size=(20, 5))
    starts = fixed_point_starts(path)
    assert (starts == fixed_point_starts(path)).all()
    assert len(starts) == 200
    assert all((starts == state).all(axis=1).any() for state in path)
    assert (fixed_point_starts(path, seed=1) != starts).any()
    broken = np.full((3, 2), np.nan)
    assert np.isfinite(fixed_point_starts(broken)).all()


def test_huge_weights_do_not_break_it():
    found = found_in(network([[1e200, -1e200], [1e200, 1e200]]))
    assert found.starts > 0
    assert np.isfinite([point.residual for point in found.fixed]).all()


def test_refusals():
    with pytest.raises(ValueError, match="x: expected shape"):
        find_fixed_points(network([[1.0]]), np.zeros(2), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="starts: expected shape"):
        find_fixed_points(network([[1.0]]), np.zeros(1), np.zeros((3, 2)))
