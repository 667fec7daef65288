"""The states of a non-linear recurrence without the loop over time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import ITERATIVE_METHODS, Parameters, chunked_jacobi, fixed_point_iteration, newton
from rnn_core.loop_free._damped import damped_correction
from rnn_core.loop_free.solution import rounding
from rnn_core.recurrence import unroll
from tests.core.oracle import distance, problem, torch_answer

TIGHT = 1e-12
quick = settings(max_examples=25, deadline=None, derandomize=True)
names = pytest.mark.parametrize("name", list(ITERATIVE_METHODS))
ACTIVATIONS = st.sampled_from(["tanh", "relu", "identity"])


def mild(seed, steps, batch, inputs, hidden, activation="tanh", dtype="float64"):
    return problem(
        seed, steps, batch, inputs, hidden, 1, activation, "squared_error", "last", dtype
    )


def solve(name, case, **more):
    activation = case.settings["activation"]
    return ITERATIVE_METHODS[name].solve(
        case.params, case.x, h0=case.h0, activation=activation, **more
    )


def by_torch(case):
    return torch_answer(case.params, case.x, case.target, h0=case.h0, **case.settings).values


def by_loop(case):
    return unroll(case.params, case.x, case.h0, case.settings["activation"])


def radius(case, size):
    """Return the case with the spectral radius of W_hh multiplied by `size`."""
    return case.params.replace(W_hh=size * case.params.W_hh)


problems = st.builds(
    mild,
    st.integers(0, 10**6),
    st.integers(1, 30),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 6),
    ACTIVATIONS,
)


@names
@quick
@given(case=problems)
def test_each_method_finds_the_states_of_pytorch(name, case):
    found = solve(name, case)
    expected = by_torch(case)
    assert found.h.shape == expected["h"].shape
    assert distance(found.h, expected["h"]) < TIGHT
    assert distance(found.z, expected["z"]) < TIGHT
    assert np.array_equal(found.h[0], case.h0)
    assert found.method == name
    assert found.converged != found.fell_back == bool(found.reason)
    assert len(found.residuals) == found.iterations
    assert found.final == len(case.x) or found.fell_back
    assert not found.h.flags.writeable
    assert not found.z.flags.writeable


@names
def test_a_planted_error_is_seen(name):
    case = mild(3, 12, 2, 1, 4)
    right = by_torch(case)["h"]
    weights = np.array(case.params.W_hh)
    weights[1, 2] += 1e-9
    wrong = ITERATIVE_METHODS[name].solve(case.params.replace(W_hh=weights), case.x, h0=case.h0)
    assert distance(wrong.h, right) > 10 * TIGHT


@names
def test_float32_stays_float32(name):
    case = mild(5, 20, 2, 1, 4, dtype="float32")
    found = solve(name, case, keep_iterates=True)
    assert found.h.dtype == found.z.dtype == found.iterates.dtype == np.float32
    assert distance(found.h, by_loop(case)[1]) < 1e-6
    assert found.residuals[-1] <= rounding(case.params)


@names
def test_one_step_takes_one_sequence(name):
    params = Parameters.random(1, 2, seed=0)
    found = ITERATIVE_METHODS[name].solve(params, [0.5])
    expected = np.tanh(0.5 * params.W_xh.T + params.b_h)
    assert distance(found.h[1], expected) < TIGHT
    assert found.h.shape == (2, 1, 2)


@names
def test_iterates_show_the_way(name):
    case = mild(8, 25, 2, 1, 3)
    found = solve(name, case, keep_iterates=True)
    assert found.iterates.shape == (found.iterations + 1, 26, 2, 3)
    assert np.array_equal(found.iterates[0], np.broadcast_to(case.h0, (26, 2, 3)))
    assert np.all(found.iterates[:, 0] == case.h0)
    assert distance(found.iterates[-1], found.h) < TIGHT
    assert solve(name, case).iterates is None
    for iterate, residual in zip(found.iterates[1:], found.residuals, strict=True):
        z = case.x @ case.params.W_xh.T + iterate[:-1] @ case.params.W_hh.T + case.params.b_h
        assert abs(np.abs(np.tanh(z) - iterate[1:]).max() - residual) < TIGHT


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_after_k_iterations_the_first_k_states_never_change_again(activation):
    case = mild(2, 20, 2, 2, 4, activation)
    case = type(case)(radius(case, 2.5), case.x, case.target, case.h0, case.settings)
    for name in ("fixed_point", "newton", "quasi_newton"):
        found = solve(name, case, keep_iterates=True, tolerance=0)
        assert found.converged
        for k, iterate in enumerate(found.iterates):
            assert distance(iterate[: k + 1], found.iterates[-1][: k + 1]) < TIGHT
            if name == "fixed_point":
                assert np.array_equal(iterate[: k + 1], found.iterates[-1][: k + 1])
    found = solve("chunked_jacobi", case, chunk=3, keep_iterates=True, tolerance=0)
    for k, iterate in enumerate(found.iterates):
        assert np.array_equal(iterate[: 3 * k + 1], found.iterates[-1][: 3 * k + 1])


def test_where_nothing_is_rounded_the_states_are_those_of_the_loop_bit_by_bit():
    rng = np.random.default_rng(0)
    W_xh, W_hh = rng.integers(-2, 3, (3, 1)), rng.integers(-1, 2, (3, 3))
    params = Parameters(W_xh, W_hh, [1, 0, -1], np.ones((1, 3)), [0])
    x = rng.integers(-3, 4, (12, 2, 1))
    z, h = unroll(params, x.astype(float), np.zeros((2, 3)), "relu")
    for name in ("fixed_point", "chunked_jacobi", "newton", "quasi_newton"):
        found = ITERATIVE_METHODS[name].solve(params, x, activation="relu", keep_iterates=True)
        assert np.array_equal(found.h, h)
        assert np.array_equal(found.z, z)
        for k, iterate in enumerate(found.iterates):
            assert np.array_equal(iterate[: k + 1], h[: k + 1])


def test_a_nilpotent_linear_network_needs_as_many_iterations_as_it_has_units():
    W_hh = np.tril(np.ones((4, 4)), -1)
    params = Parameters(np.ones((4, 1)), W_hh, np.zeros(4), np.ones((1, 4)), [0])
    found = fixed_point_iteration(params, np.arange(30.0), activation="identity")
    assert found.iterations == 4
    assert found.residuals[-1] == 0


def test_a_linear_network_is_solved_by_one_newton_step():
    case = mild(4, 100, 1, 1, 4, "identity")
    found = newton(case.params, case.x, activation="identity")
    assert found.iterations == 1
    assert distance(found.h, unroll(case.params, case.x, np.zeros((1, 4)), "identity")[1]) < TIGHT


def test_newton_squares_the_residual():
    case = mild(6, 60, 1, 1, 4)
    residuals = np.array(newton(case.params, case.x).residuals)
    few = residuals[(residuals < 0.1) & (residuals > 1e-15)]
    assert len(few) >= 3
    orders = np.log(few[1:]) / np.log(few[:-1])
    assert orders.min() > 1.5
    linear = np.array(fixed_point_iteration(case.params, case.x).residuals)
    slow = linear[(linear < 0.1) & (linear > 1e-15)]
    assert (np.log(slow[1:]) / np.log(slow[:-1])).max() < 1.5


def test_the_diagonal_is_all_there_is_where_units_do_not_speak_to_each_other():
    case = mild(9, 50, 2, 1, 3)
    apart = case.params.replace(W_hh=np.diag([0.9, -0.8, 0.7]))
    for damping in (0.0, 1.0):
        full, quasi = (
            newton(apart, case.x, damping=damping, quasi=quasi, keep_iterates=True)
            for quasi in (False, True)
        )
        assert quasi.iterations == full.iterations < 20
        assert distance(quasi.iterates, full.iterates) < TIGHT


def test_a_contracting_network_needs_fewer_iterations_than_steps():
    case = mild(1, 400, 1, 1, 4)
    for name, most in (("fixed_point", 200), ("newton", 12), ("elk", 20)):
        found = solve(name, case)
        assert found.converged
        assert found.iterations < most
        assert distance(found.h, by_loop(case)[1]) < TIGHT


def test_what_a_cap_leaves_is_done_by_the_loop():
    case = mild(1, 40, 2, 1, 4)
    for name in ITERATIVE_METHODS:
        found = solve(name, case, max_iterations=2)
        assert found.fell_back
        assert not found.converged
        assert found.iterations == 2
        assert "2" in found.reason
        assert "not enough" in found.reason
        assert found.final < 40
        assert distance(found.h, by_loop(case)[1]) < TIGHT
    assert solve("fixed_point", case, max_iterations=2).final == 2


def test_states_that_explode_are_left_to_the_loop():
    params = Parameters([[1.0]], [[1e30]], [0.0], [[1.0]], [0.0])
    for activation in ("relu", "identity"):
        with np.errstate(all="ignore"):
            z, h = unroll(params, np.ones((40, 1, 1)), np.zeros((1, 1)), activation)
        assert not np.isfinite(h).all()
        for name, method in ITERATIVE_METHODS.items():
            found = method.solve(params, np.ones(40), activation=activation)
            assert found.fell_back, name
            np.testing.assert_allclose(found.h, h, rtol=TIGHT, err_msg=name)
            np.testing.assert_allclose(found.z, z, rtol=TIGHT, err_msg=name)


def test_a_chaotic_network_takes_as_many_iterations_as_steps():
    case = mild(11, 60, 1, 1, 32)
    params = radius(case, 3.0)
    found = fixed_point_iteration(params, case.x)
    assert found.converged
    assert found.iterations == 60
    assert found.residuals[40] > 0.01
    assert found.residuals[-1] == 0
    slow = newton(params, case.x, max_iterations=5)
    assert slow.fell_back
    z = case.x @ params.W_xh.T + slow.h[:-1] @ params.W_hh.T + params.b_h
    assert np.abs(np.tanh(z) - slow.h[1:]).max() < TIGHT


@quick
@given(
    st.integers(0, 10**6),
    st.integers(1, 20),
    st.integers(1, 2),
    st.integers(1, 3),
    st.sampled_from([1e-8, 0.3, 10.0]),
)
def test_a_damped_step_minimises_its_objective(seed, steps, batch, hidden, damping):
    rng = np.random.default_rng(seed)
    jacobians = rng.normal(size=(steps, batch, hidden, hidden)) / hidden
    residual = rng.normal(size=(steps, batch, hidden))
    found = damped_correction(jacobians, residual, damping)
    diagonals = jacobians.diagonal(axis1=-2, axis2=-1).copy()
    alone = damped_correction(diagonals, residual, damping)
    for b in range(batch):
        assert distance(found[:, b], least_squares(jacobians[:, b], residual[:, b], damping)) < 1e-7
        full = diagonals[:, b, :, None] * np.eye(hidden)
        assert distance(alone[:, b], least_squares(full, residual[:, b], damping)) < 1e-7


def least_squares(jacobians, residual, damping):
    steps, hidden = residual.shape
    size = steps * hidden
    matrix = np.eye(size)
    for t in range(1, steps):
        rows = slice(t * hidden, (t + 1) * hidden)
        matrix[rows, rows.start - hidden : rows.start] = -jacobians[t]
    stacked = np.vstack([matrix, np.sqrt(damping) * np.eye(size)])
    right = np.concatenate([residual.ravel(), np.zeros(size)])
    return np.linalg.lstsq(stacked, right)[0].reshape(residual.shape)


def test_wrong_input_is_refused():
    params = Parameters.random(1, 3, seed=0)
    for name, method in ITERATIVE_METHODS.items():
        for more, message in (
            ({"x": np.ones((4, 2))}, "x: expected shape"),
            ({"x": [1.0, np.nan]}, "x: expected finite"),
            ({"h0": np.ones(2)}, "h0: expected shape"),
            ({"activation": "selu"}, "activation: expected one of"),
            ({"tolerance": -1.0}, "tolerance: expected a finite number of at least 0, got -1.0"),
            ({"tolerance": np.nan}, "tolerance: expected a finite number of at least 0, got nan"),
            ({"max_iterations": 0}, "max_iterations: expected a whole number of at least 1, got 0"),
        ):
            with pytest.raises(ValueError, match=message):
                method.solve(**{"params": params, "x": np.ones(4)} | more)
        long = np.broadcast_to(np.float64(1), (10**6, 1))
        if name != "chunked_jacobi":
            with pytest.raises(ValueError, match=r"MiB"):
                method.solve(params, long, keep_iterates=True, max_iterations=100)
    with pytest.raises(ValueError, match="damping: expected a finite number of at least 0, got -1"):
        newton(params, np.ones(4), damping=-1.0)
    with pytest.raises(ValueError, match="newton: expected to need at most"):
        newton(Parameters.random(1, 512, seed=0), np.ones(1000))
    with pytest.raises(ValueError, match="iterates: expected to need at most"):
        chunked_jacobi(params, long, chunk=10**4, keep_iterates=True)
    for chunk in (0, 5, -1):
        with pytest.raises(ValueError, match="chunk: expected a whole number from 1 to 4"):
            chunked_jacobi(params, np.ones(4), chunk=chunk)
