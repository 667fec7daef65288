"""Gradients made shorter before they are used, against updates that explode."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn_core._alignment import cosine, flat, length
from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import finite, of, takes
from rnn_core._short import Shown
from rnn_core.types import Parameters


@dataclass(frozen=True, eq=False)
class Clipped(Shown):
    """Gradients after clipping, and what it changed; all arrays count as one vector.

    `cosine` is 1 where only the length changed, and nan where a gradient is zero or not finite.
    """

    gradients: Parameters
    norm_before: float
    norm_after: float
    cosine: float
    changed: int  # numbers that are not what they were


@takes(gradients=of(Parameters))
def gradient_norm(gradients: Parameters) -> float:
    """Return ‖g‖, the Euclidean length of all arrays as one vector."""
    return length(_joined(gradients))


@takes(gradients=of(Parameters), max_norm=finite(above=0), eps=finite(0))
@np.errstate(all="ignore")
def clip_by_norm(gradients: Parameters, max_norm: float, *, eps: float = 0.0) -> Clipped:
    """Shorten the gradient to a largest length, keeping its direction.

    g ← g · min(1, max_norm / (‖g‖ + eps)), ‖g‖ over all arrays (Pascanu, Mikolov and Bengio,
    2013, algorithm 1, where eps = 0). `torch.nn.utils.clip_grad_norm_` has eps = 1e-6. A length
    beyond float64's range, or a number that is not finite, leaves no direction: zeros, and nan
    where the number is not finite, as in PyTorch.

    Raises
    ------
    ValueError
        `max_norm` is not a positive finite number, or `eps` is negative.
    """
    vector = _joined(gradients)
    factor = norm_factor(length(vector), max_norm, eps)
    if factor == 1.0:
        return _compared(gradients, vector)
    return _compared(_each(gradients, lambda array: array * factor), vector)


def norm_factor(norm: float, max_norm: float, eps: float = 0.0) -> float:
    """Return what a gradient of that length is multiplied by: min(1, max_norm / (norm + eps))."""
    return 1.0 if norm == 0 or max_norm >= norm + eps else max_norm / (norm + eps)


@takes(gradients=of(Parameters), limit=finite(above=0))
@np.errstate(all="ignore")
def clip_by_value(gradients: Parameters, limit: float) -> Clipped:
    """Cut every number of the gradient to [−limit, limit] (Mikolov, 2012).

    The direction changes wherever some numbers are cut and others are not.

    Raises
    ------
    ValueError
        `limit` is not a positive finite number.
    """
    vector = _joined(gradients)
    return _compared(_each(gradients, lambda array: np.clip(array, -limit, limit)), vector)


def _each(gradients: Parameters, change: Callable[[FloatArray], FloatArray]) -> Parameters:
    return Parameters.trusted_of(
        gradients.cell,
        {
            name: read_only(change(array).astype(array.dtype, copy=False))
            for name, array in gradients.items()
        },
    )


def _joined(gradients: Parameters) -> FloatArray:
    return np.concatenate([flat(array) for _, array in gradients.items()])


def _compared(after: Parameters, vector: FloatArray) -> Clipped:
    made = _joined(after)
    same = (made == vector) | (np.isnan(made) & np.isnan(vector))
    return Clipped(
        gradients=after,
        norm_before=length(vector),
        norm_after=length(made),
        cosine=cosine(made, vector),
        changed=int(np.count_nonzero(~same)),
    )
