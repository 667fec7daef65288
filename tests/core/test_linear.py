"""Linear recurrences without a loop, and the linearised network."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from rnn_core import (
    Parameters,
    block_toeplitz,
    doubling,
    forward,
    linear_error,
    linearise,
    matrix_powers,
    prefix_scan,
    scan_tree,
    toeplitz_matrix,
)
from rnn_core.linear import SCANS
from rnn_core.linear.prefix import scan_maps

TIGHT = 1e-12
quick = settings(max_examples=40, deadline=None, derandomize=True)
sizes = st.tuples(st.integers(1, 40), st.integers(1, 3), st.integers(1, 4))


def recurrence(A, b, h0):
    """Return h (T + 1, B, H), one step after the other; A is (T, B, H, H)."""
    h = [h0]
    for A_t, b_t in zip(A, b, strict=True):
        h.append(np.array([a @ before for a, before in zip(A_t, h[-1], strict=True)]) + b_t)
    return np.array(h)


def drawn(seed, steps, batch, hidden):
    """Return A (T, B, H, H) of norm about 1, b and h0."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(steps, batch, hidden, hidden)) / np.sqrt(hidden)
    return A, rng.normal(size=(steps, batch, hidden)), rng.normal(size=(batch, hidden))


def off(found, expected):
    return np.abs(found - expected).max() / max(1.0, np.abs(expected).max())


@quick
@given(st.integers(0, 10**6), sizes, st.sampled_from(SCANS))
def test_a_scan_is_the_loop(seed, size, kind):
    A, b, h0 = drawn(seed, *size)
    expected = recurrence(A, b, h0)
    assert off(prefix_scan(A, b, h0, kind=kind), expected) < TIGHT
    assert np.array_equal(prefix_scan(A, b, h0, kind=kind)[0], h0)
    assert off(prefix_scan(A, b, kind=kind), recurrence(A, b, 0 * h0)) < TIGHT
    alike = np.broadcast_to(A[:, :1], A.shape)
    assert off(prefix_scan(A[:, 0], b, h0, kind=kind), recurrence(alike, b, h0)) < TIGHT


@quick
@given(st.integers(0, 10**6), sizes)
def test_with_one_matrix_all_ways_are_the_loop(seed, size):
    A, b, h0 = drawn(seed, *size)
    one = A[0, 0]
    expected = recurrence(np.broadcast_to(one, A.shape), b, h0)
    for solve in (prefix_scan, doubling, block_toeplitz):
        assert off(solve(one, b, h0), expected) < TIGHT
        assert off(solve(one, b), recurrence(np.broadcast_to(one, A.shape), b, 0 * h0)) < TIGHT


@pytest.mark.parametrize("solve", [prefix_scan, doubling, block_toeplitz])
@pytest.mark.parametrize("steps", [1, 2, 3, 64, 100])
def test_a_scalar_is_a_recursive_filter(solve, steps):
    x = np.random.default_rng(3).normal(size=steps)
    found = solve([[0.9]], 0.5 * x[:, None])
    assert found.shape == (steps + 1, 1, 1)
    expected = lfilter([0.5], [1.0, -0.9], x)
    assert off(found[1:, 0, 0], expected) < TIGHT
    planted = lfilter([0.5], [1.0, -0.9001], x)
    assert steps == 1 or off(found[1:, 0, 0], planted) > 1e-9


@pytest.mark.parametrize("kind", SCANS)
def test_a_diagonal_is_scanned_unit_by_unit(kind):
    A, b, h0 = drawn(5, 21, 2, 3)
    factors = A[..., 0]
    expected = recurrence(factors[..., None] * np.eye(3), b, h0)
    assert off(scan_maps(factors, b, h0, scan_tree(21, kind)), expected[1:]) < TIGHT


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_keep_their_dtype(dtype):
    A, b, h0 = (array.astype(dtype) for array in drawn(1, 9, 1, 2))
    for found in (prefix_scan(A, b, h0), doubling(A[0, 0], b, h0), block_toeplitz(A[0, 0], b, h0)):
        assert found.dtype == dtype


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 7, 8, 9, 100, 1000, 1024, 1025])
def test_the_depth_of_the_tree(steps):
    levels = int(np.ceil(np.log2(steps)))
    shallow, lean = (scan_tree(steps, kind) for kind in SCANS)
    assert shallow.depth == levels
    assert lean.depth <= max(0, 2 * levels - 1)
    assert shallow.combinations == sum(steps - 2**k for k in range(levels))
    assert lean.combinations < 2 * steps
    for tree in (shallow, lean):
        assert tree.combinations == sum(len(level.pairs) for level in tree.levels)
        assert prefixes(tree) == [set(range(1, t + 1)) for t in range(1, steps + 1)]


def prefixes(tree):
    """Return the steps that each step has taken in when the tree is done; none of them twice."""
    known = [{t} for t in range(1, tree.steps + 1)]
    for level in tree.levels:
        before = [set(steps) for steps in known]
        for source, target in level.pairs:
            assert not before[source - 1] & before[target - 1]
            assert max(before[source - 1]) + 1 == min(before[target - 1])
            known[target - 1] = before[source - 1] | before[target - 1]
    return known


def test_the_tree_worked_by_hand():
    assert [level.pairs for level in scan_tree(5).levels] == [
        ((1, 2), (2, 3), (3, 4), (4, 5)),
        ((1, 3), (2, 4), (3, 5)),
        ((1, 5),),
    ]
    assert [level.pairs for level in scan_tree(7, "blelloch").levels] == [
        ((1, 2), (3, 4), (5, 6)),
        ((2, 4),),
        ((4, 6),),
        ((2, 3), (4, 5), (6, 7)),
    ]


def test_powers_and_the_toeplitz_matrix_worked_by_hand():
    A = np.array([[1.0, 2.0], [0.0, 3.0]])
    expected = [[[1, 0], [0, 1]], [[1, 2], [0, 3]], [[1, 8], [0, 9]], [[1, 26], [0, 27]]]
    assert np.array_equal(matrix_powers(A, 3), expected)
    assert np.array_equal(matrix_powers(A, 0), expected[:1])
    assert np.array_equal(toeplitz_matrix([[3.0]], 3), [[1, 0, 0], [3, 1, 0], [9, 3, 1]])
    corner = toeplitz_matrix(A, 3)[4:, :2]
    assert np.array_equal(corner, expected[2])


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("around", ["input", "trajectory"])
def test_the_tangent_is_the_jacobian_of_a_step(activation, around):
    params = Parameters.random(2, 3, seed=4)
    x = np.random.default_rng(4).normal(size=(5, 2, 2))
    h0 = np.full((2, 3), 0.4)
    found = linearise(params, x, h0=h0, activation=activation, around=around)
    phi = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda z: z}[activation]
    W_hh, W_xh, b_h = (torch.tensor(np.array(w)) for w in (params.W_hh, params.W_xh, params.b_h))
    h = torch.tensor(h0)
    for t, x_t in enumerate(torch.tensor(x)):
        for sample in range(2):

            def step(before, x_t=x_t, sample=sample):
                return phi(W_xh @ x_t[sample] + W_hh @ before + b_h)

            at = h[sample] if around == "trajectory" else torch.zeros(3, dtype=torch.float64)
            jacobian = torch.autograd.functional.jacobian(step, at).numpy()
            assert off(found.A[t, sample], jacobian) < TIGHT
            assert off(found.b[t, sample], step(at).numpy() - jacobian @ at.numpy()) < TIGHT
        h = phi(torch.tensor(x[t]) @ W_xh.T + h @ W_hh.T + b_h)
        assert off(found.true[t + 1], h.numpy()) < TIGHT
    assert off(prefix_scan(found.A, found.b, h0), found.h) < TIGHT
    if around == "trajectory":
        assert found.error.max() < TIGHT


def test_around_zero_is_the_network_without_its_tanh():
    params = Parameters.random(1, 4, seed=2).replace(b_h=[0.1, -0.2, 0.3, 0.0])
    x = np.random.default_rng(0).normal(size=(30, 1))
    found = linearise(params, x)
    assert np.array_equal(found.A, params.W_hh)
    assert off(found.h, forward(params, x, activation="identity").h) < TIGHT
    assert off(found.true, forward(params, x).h) < TIGHT
    assert off(doubling(found.A, found.b), found.h) < TIGHT
    assert found.error.shape == (31, 1)
    assert found.error.max() > 0.01


@pytest.mark.parametrize(("around", "order"), [("zero", 3), ("input", 3), ("trajectory", 2)])
def test_the_order_of_the_error(around, order):
    params = Parameters.random(1, 4, seed=2).replace(b_h=[0.1, -0.2, 0.3, 0.05])
    x = np.random.default_rng(0).normal(size=(30, 1))
    errors = linear_error(params, x, [1e-3, 1e-2], h0=np.full(4, 0.3), around=around)
    assert errors.shape == (2, 31)
    found = np.log10(errors[1].max() / errors[0].max())
    assert abs(found - order) < 0.1


def test_a_linear_network_has_no_error():
    params = Parameters.random(1, 3, seed=2)
    for around in ("zero", "input", "trajectory"):
        errors = linear_error(params, np.ones(9), [0.5, 2.0], activation="identity", around=around)
        assert errors.max() < TIGHT


def test_wrong_input_is_refused():
    params = Parameters.random(1, 3, seed=2)
    A, b, h0 = drawn(0, 4, 2, 3)
    cases = [
        (lambda: prefix_scan(A[:3], b), "A: expected shape"),
        (lambda: prefix_scan(A[..., :2], b), "A: expected shape"),
        (lambda: prefix_scan(A[0, 0, 0], b), "A: expected shape"),
        (lambda: prefix_scan(A * np.nan, b), "A: expected finite"),
        (lambda: prefix_scan(A, b[0, 0]), "b: expected shape"),
        (lambda: prefix_scan(A, b, h0[:, :2]), "h0: expected shape"),
        (lambda: prefix_scan(A, b, kind="kogge"), "kind: expected one of hillis_steele, blelloch"),
        (lambda: doubling(A, b), "A: expected shape"),
        (lambda: block_toeplitz(np.eye(2), b), "A: expected shape"),
        (lambda: matrix_powers(np.ones((2, 3)), 2), "A: expected a square matrix"),
        (
            lambda: matrix_powers(np.eye(2), -1),
            "count: expected a whole number of at least 0, got -1",
        ),
        (
            lambda: toeplitz_matrix(np.eye(2), 0),
            "steps: expected a whole number of at least 1, got 0",
        ),
        (lambda: scan_tree(0), "steps: expected a whole number of at least 1, got 0"),
        (lambda: linearise(params, np.ones(4), around="start"), "around: expected one of"),
        (lambda: linearise(params, np.ones(4), activation="relu"), "no derivative"),
        (lambda: linearise(params, [np.nan]), "x: expected finite"),
        (lambda: linear_error(params, np.ones(4), 1.0), "scales: expected numbers in a row"),
        (lambda: linear_error(params, np.ones(4), [np.inf]), "scales: expected finite"),
    ]
    for call, message in cases:
        with pytest.raises(ValueError, match=message):
            call()
    huge = np.broadcast_to(np.float64(0), (10**6, 1, 64))
    for call in (
        lambda: prefix_scan(np.eye(64), huge),
        lambda: toeplitz_matrix(np.eye(64), 10**4),
        lambda: matrix_powers(np.eye(64), 10**6),
        lambda: linearise(Parameters.random(1, 256, seed=0), np.ones(10**4), around="input"),
    ):
        with pytest.raises(ValueError, match="MiB"):
            call()
    with pytest.raises(ValueError, match="multiplications"):
        linear_error(params, np.ones(10**4), np.ones(10**7))
