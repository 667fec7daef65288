"""Clipping against PyTorch's own, against numbers worked by hand, and as properties."""

from math import inf, isnan, nan

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn_core import (
    PARAMETER_NAMES,
    Parameters,
    backward,
    clip_by_norm,
    clip_by_value,
    forward,
    gradient_norm,
)
from tests.core.oracle import problem

PLAIN = Parameters([[3.0]], [[0.0]], [4.0], [[12.0]], [0.0])  # of length 13
NUMBERS = arrays(np.float64, (11,), elements=st.floats(-1e6, 1e6, allow_subnormal=False))


def gradients(seed=3):
    case = problem(seed, 9, 2, 2, 5, 2, "tanh", "squared_error", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    return backward(trace).parameters


def in_torch(grads):
    made = []
    for name in PARAMETER_NAMES:
        array = getattr(grads, name)
        tensor = torch.zeros(array.shape, dtype=torch.float64, requires_grad=True)
        tensor.grad = torch.tensor(np.array(array))
        made.append(tensor)
    return made


@pytest.mark.parametrize("share", [0.01, 0.5, 0.999, 2.0])
def test_by_norm_as_pytorch(share):
    grads = gradients()
    tensors = in_torch(grads)
    limit = share * clip_by_norm(grads, 1.0).norm_before
    norm = torch.nn.utils.clip_grad_norm_(tensors, limit)
    found = clip_by_norm(grads, limit, eps=1e-6)
    assert found.norm_before == pytest.approx(norm.item(), rel=1e-14)
    for name, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        np.testing.assert_allclose(
            getattr(found.gradients, name), tensor.grad.numpy(), rtol=1e-14, atol=0
        )


@pytest.mark.parametrize("limit", [1e-4, 0.01, 1.0, 100.0])
def test_by_value_as_pytorch(limit):
    grads = gradients()
    tensors = in_torch(grads)
    torch.nn.utils.clip_grad_value_(tensors, limit)
    found = clip_by_value(grads, limit)
    for name, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        np.testing.assert_array_equal(getattr(found.gradients, name), tensor.grad.numpy())


def test_by_hand():
    by_norm = clip_by_norm(PLAIN, 6.5)
    assert (by_norm.norm_before, by_norm.norm_after, by_norm.cosine) == (13.0, 6.5, 1.0)
    assert [array.item() for _, array in by_norm.gradients.items()] == [1.5, 0.0, 2.0, 6.0, 0.0]
    assert by_norm.changed == 3
    assert gradient_norm(PLAIN) == 13.0
    by_value = clip_by_value(PLAIN, 4.0)
    assert [array.item() for _, array in by_value.gradients.items()] == [3.0, 0.0, 4.0, 4.0, 0.0]
    assert by_value.norm_after == pytest.approx(41**0.5, rel=1e-15)
    assert by_value.cosine == pytest.approx((9 + 16 + 48) / (13 * 41**0.5), rel=1e-14)
    assert by_value.changed == 1


def test_short_gradients_stay_as_they_are():
    found = clip_by_norm(PLAIN, 13.0)
    assert found.gradients is PLAIN
    assert (found.norm_after, found.changed) == (13.0, 0)
    zero = Parameters([[0.0]], [[0.0]], [0.0], [[0.0]], [0.0])
    assert clip_by_norm(zero, 1.0).norm_after == 0
    assert isnan(clip_by_norm(zero, 1.0).cosine)


def planted(*numbers):
    rows = [np.array(number, np.float64) for number in numbers]
    return Parameters.trusted(*[row.reshape(shape) for row, shape in zip(
        rows, [(1, 1), (1, 1), (1,), (1, 1), (1,)], strict=True)])  # fmt: skip


def test_lengths_whose_squares_overflow():
    found = clip_by_norm(planted(3e200, 0, 4e200, 0, 0), 5.0)
    assert found.norm_before == pytest.approx(5e200)
    assert found.norm_after == pytest.approx(5.0)
    assert found.cosine == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [inf, nan])
def test_numbers_that_are_not_finite_as_pytorch(bad):
    grads = planted(1.0, bad, 2.0, 3.0, 4.0)
    tensors = in_torch(grads)
    torch.nn.utils.clip_grad_norm_(tensors, 1.0)
    found = clip_by_norm(grads, 1.0)
    for name, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        np.testing.assert_array_equal(getattr(found.gradients, name), tensor.grad.numpy())
    assert not np.isfinite(found.norm_before)
    assert isnan(found.cosine)
    by_value = clip_by_value(grads, 2.5)
    np.testing.assert_array_equal(by_value.gradients.W_hh, [[np.clip(bad, -2.5, 2.5)]])


def of(vector):
    return Parameters(
        vector[:2].reshape(2, 1),
        vector[2:6].reshape(2, 2),
        vector[6:8],
        vector[8:10].reshape(1, 2),
        vector[10:],
    )


@given(NUMBERS, st.floats(1e-6, 1e6))
def test_no_longer_than_asked_and_no_other_way(vector, limit):
    by_norm, by_value = clip_by_norm(of(vector), limit), clip_by_value(of(vector), limit)
    assert by_norm.norm_after <= limit * (1 + 1e-12)
    assert by_norm.norm_after <= by_norm.norm_before * (1 + 1e-12)
    assert isnan(by_norm.cosine) or by_norm.cosine > 1 - 1e-12
    assert max(np.abs(array).max() for _, array in by_value.gradients.items()) <= limit
    assert isnan(by_value.cosine) or by_value.cosine >= 0


@pytest.mark.parametrize("limit", [0, -1.0, nan, inf])
def test_refusals(limit):
    with pytest.raises(ValueError, match="max_norm: expected a finite number above 0"):
        clip_by_norm(PLAIN, limit)
    with pytest.raises(ValueError, match="limit: expected a finite number above 0"):
        clip_by_value(PLAIN, limit)
    with pytest.raises(ValueError, match="eps: expected"):
        clip_by_norm(PLAIN, 1.0, eps=-1.0)


def test_float32_stays_float32():
    grads = gradients().astype(np.float32)
    assert clip_by_norm(grads, 0.01).gradients.dtype == np.float32
    assert clip_by_value(grads, 0.01).gradients.dtype == np.float32
