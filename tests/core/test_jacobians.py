"""Products of Jacobians against PyTorch's, and over the whole range of numbers."""

from math import log10

import numpy as np
import pytest
import torch

from rnn_core import activation_slopes, end_jacobians, forward
from tests.core.oracle import PHI, distance, problem


def end_jacobian(W_hh, slopes, k):
    return end_jacobians(W_hh, slopes, (k,))[0]


def in_torch(case, k, sample):
    """Return ∂h_T/∂h_k by autograd."""
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    W_xh, W_hh, b_h = (torch.tensor(np.array(getattr(case.params, name)))
                       for name in ("W_xh", "W_hh", "b_h"))  # fmt: skip
    x = torch.tensor(case.x[:, sample])

    def run(h):
        for t in range(k, len(x)):
            h = PHI[case.settings["activation"]](W_xh @ x[t] + W_hh @ h + b_h)
        return h

    start = torch.tensor(np.array(trace.h[k, sample]))
    return torch.autograd.functional.jacobian(run, start).numpy(), trace


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("k", [0, 1, 6, 9, 10])
def test_products_as_pytorch(activation, k):
    case = problem(6, 10, 2, 2, 4, 1, activation, "squared_error", "last")
    expected, trace = in_torch(case, k, 1)
    found = end_jacobian(trace.params.W_hh, activation_slopes(trace, 1), k)
    assert distance(found.values, expected) < 1e-12
    singular = np.linalg.svd(expected, compute_uv=False)
    if singular[0] > 0:
        assert found.log10_singular_values[0] == pytest.approx(log10(singular[0]), abs=1e-12)


def test_a_planted_error_is_found():
    case = problem(6, 10, 2, 2, 4, 1, "tanh", "squared_error", "last")
    expected, trace = in_torch(case, 2, 1)
    wrong = end_jacobian(trace.params.W_hh.T, activation_slopes(trace, 1), 2)
    assert distance(wrong.values, expected) > 1e-3


def test_one_step_is_the_jacobian_of_that_step():
    case = problem(8, 5, 1, 2, 3, 1, "tanh", "squared_error", "last")
    expected, trace = in_torch(case, 4, 0)
    steps = activation_slopes(trace)[:, :, np.newaxis] * trace.params.W_hh
    assert distance(steps[4], expected) < 1e-13
    product = steps[4] @ steps[3] @ steps[2]
    assert (
        distance(end_jacobian(trace.params.W_hh, activation_slopes(trace), 2).values, product)
        < 1e-13
    )


def test_all_k_in_one_pass_far_beyond_float64():
    W_hh, slope = 8.0 * np.array([[0.0, -1.0], [1.0, 0.0]]), np.ones((2000, 2))
    found = end_jacobians(W_hh, slope, range(2001))
    assert [one.k for one in found] == list(range(2000, -1, -1))
    for one in found[::400]:
        expected = (2000 - one.k) * log10(8)
        assert one.log10_singular_values == pytest.approx([expected, expected], abs=1e-9)
    assert np.isinf(found[-1].values).any()
    small = end_jacobian(W_hh / 64, slope, 0)
    assert small.log10_singular_values[0] == pytest.approx(-2000 * log10(8), abs=1e-9)
    assert not small.values.any()


def test_singular_values_lost_to_rounding_are_not_shown():
    found = end_jacobian(np.diag([1.0, 0.1]), np.ones((40, 2)), 0).log10_singular_values
    assert found[0] == 0
    assert np.isnan(found[1])
    shut = end_jacobian(np.eye(2), np.zeros((3, 2)), 0).log10_singular_values
    assert (shut == -np.inf).all()
    broken = end_jacobian(np.eye(2), np.full((3, 2), np.nan), 0).log10_singular_values
    assert np.isnan(broken).all()


@pytest.mark.parametrize("k", [-1, 4])
def test_refusals(k):
    with pytest.raises(ValueError, match="k: expected steps from 0 to T = 3"):
        end_jacobian(np.eye(2), np.ones((3, 2)), k)
