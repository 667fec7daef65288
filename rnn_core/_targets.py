"""Targets: check what a caller passes and give it the shape (S, B, K) of the logits."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import (
    FloatArray,
    read_only,
    real_array,
    require_finite,
    unchecked_array,
)

PROBABILITY_SUM_TOLERANCE = 1e-5
"""How far from 1 the probabilities of one softmax target may sum (float32 inputs round)."""


def _shaped(value: ArrayLike, shape: tuple[int, int, int], dtype: "np.dtype[Any]") -> FloatArray:
    """Return a copy of shape (S, B, K), its numbers not looked at."""
    array = unchecked_array("target", value, dtype)
    if array.shape == shape:
        return array.copy()
    if array.ndim == 0:
        return np.full(shape, array)
    if (array.size == 1 and shape == (1, 1, 1)) or _without_ones(array.shape) == _without_ones(
        shape
    ):
        return array.copy().reshape(shape)
    raise ValueError(
        f"target: expected a number or an array of shape (S, B, K) = {shape} (axes of length 1 "
        f"may be left out), got shape {array.shape}"
    )


def real_target(
    value: ArrayLike, shape: tuple[int, int, int], dtype: "np.dtype[Any]"
) -> FloatArray:
    """Check a target of any finite numbers, one per logit."""
    array = _shaped(value, shape, dtype)
    require_finite("target", array)
    return read_only(array)


def binary_target(
    value: ArrayLike, shape: tuple[int, int, int], dtype: "np.dtype[Any]"
) -> FloatArray:
    """Check a target of probabilities, one per logit."""
    array = _shaped(value, shape, dtype)
    if array.size == 1:
        low = high = array.item()
    else:
        low, high = np.minimum.reduce(array, None), np.maximum.reduce(array, None)
    if not (low >= 0 and high <= 1):
        require_finite("target", array)
        worst = low if low < 0 else high
        raise ValueError(f"target: expected probabilities from 0 to 1, got {worst}")
    return read_only(array)


def softmax_target(
    value: ArrayLike, shape: tuple[int, int, int], dtype: "np.dtype[Any]"
) -> FloatArray:
    """Check class indices (S, B), made one-hot, or probabilities (S, B, K) that sum to 1."""
    outputs = shape[2]
    if outputs < 2:
        raise ValueError(
            "loss: expected at least 2 outputs for softmax_cross_entropy, got 1 (a single output "
            "is for binary_cross_entropy)"
        )
    array = real_array("target", value, dtype)
    if array.ndim == 0 or _without_ones(array.shape) == _without_ones(shape[:2]):
        return _one_hot(array, shape, dtype)
    if _without_ones(array.shape) != _without_ones(shape):
        raise ValueError(
            f"target: expected class indices of shape {shape[:2]} or probabilities of shape "
            f"{shape}, got shape {array.shape}"
        )
    array = np.array(array, order="C").reshape(shape)
    if array.min() < 0:
        raise ValueError(f"target: expected probabilities of at least 0, got {array.min()}")
    sums = array.sum(axis=-1)
    worst = sums.flat[np.abs(sums - 1).argmax()]
    if abs(worst - 1) > PROBABILITY_SUM_TOLERANCE:
        raise ValueError(f"target: expected probabilities that sum to 1, got a sum of {worst}")
    return read_only(array)


def _one_hot(
    indices: FloatArray, shape: tuple[int, int, int], dtype: "np.dtype[Any]"
) -> FloatArray:
    outputs = shape[2]
    wrong = (indices != np.floor(indices)) | (indices < 0) | (indices >= outputs)
    if wrong.any():
        raise ValueError(
            f"target: expected class indices from 0 to {outputs - 1}, got {indices[wrong].flat[0]}"
        )
    hot = np.zeros(shape, dtype)
    chosen = (
        np.broadcast_to(indices, shape[:2]) if indices.ndim == 0 else indices.reshape(shape[:2])
    )
    np.put_along_axis(hot, chosen.astype(np.intp)[..., np.newaxis], 1, axis=-1)
    return read_only(hot)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)
