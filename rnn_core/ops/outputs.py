"""The operations after the logits: the softmax, and the losses."""

from functools import cache
from typing import Any

import numpy as np

from rnn_core.losses import Loss, softmax
from rnn_core.ops.op import Op, Operands


def _softmax_value(operands: Operands) -> Any:
    """Of one vector; or, of numbers, the entry of the first operand among all."""
    if _is_vector(operands):
        return softmax(np.asarray(operands[0]))
    return float(softmax(np.asarray(operands, dtype=float))[0])


def _softmax_local(operands: Operands, value: Any, slot: int) -> Any:
    """∂p_i/∂a_j = p_i (δ_ij − p_j)."""
    if _is_vector(operands):
        return np.diag(value) - np.outer(value, value)
    others = softmax(np.asarray(operands, dtype=float))
    return float(value * ((slot == 0) - others[slot]))


def _softmax_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    if _is_vector(operands):
        return value * (gradient - np.sum(gradient * value, axis=-1, keepdims=True))
    return gradient * _softmax_local(operands, value, slot)


def _is_vector(operands: Operands) -> bool:
    return len(operands) == 1 and bool(np.ndim(operands[0]))


SOFTMAX = Op("softmax", _softmax_value, _softmax_pull, _softmax_local)


@cache
def loss_op(family: Loss) -> Op:
    """Return the mean of the terms of a step: operands a and y, or a_1 … a_K, y_1 … y_K."""

    def split(operands: Operands) -> tuple[Any, Any]:
        if len(operands) == 2:
            return np.atleast_1d(operands[0]).astype(float), np.atleast_1d(operands[1])
        half = len(operands) // 2
        return np.array(operands[:half], dtype=float), np.array(operands[half:], dtype=float)

    def value(operands: Operands) -> float:
        a, y = split(operands)
        return float(family.terms(a, np.asarray(y, dtype=float)).mean())

    def local(operands: Operands, value: Any, slot: int) -> Any:
        a, y = split(operands)
        by_logit, by_target = family.delta(a, y), family.by_target(a, y)
        if len(operands) > 2:
            return float(np.concatenate([by_logit, by_target])[slot])
        found = (by_logit, by_target)[slot] / (1 if family.spans_outputs else len(a))
        return found if np.ndim(operands[slot]) else float(found[0])

    def pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
        return gradient * local(operands, value, slot)

    return Op(family.name, value, pull, local, kind="loss")
