"""Operations that are the same in every network: products, sums, complements."""

from collections.abc import Mapping
from functools import reduce
from operator import mul
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_core.ops.op import Op, Operands


def identity(value: Any) -> Any:
    """Return the derivative of a number or a vector by itself."""
    return np.eye(len(value)) if np.ndim(value) else 1.0


def _matvec(operands: Operands) -> Any:
    """W v, of each vector (…, n)."""
    matrix, vector = operands
    return vector @ matrix.T


def _matvec_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    """∂L/∂v = Wᵀ ∂L/∂(W v); what W gets is the outer product of the gradient with v."""
    return gradient @ operands[0] if slot else gradient


def _matvec_local(operands: Operands, value: Any, slot: int) -> Any:
    """∂(W v)_i/∂W_pq = δ_ip v_q and ∂(W v)_i/∂v_q = W_iq."""
    matrix, vector = operands
    return matrix if slot else np.multiply.outer(np.eye(len(value)), vector)


def _add_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    return gradient


def _add_local(operands: Operands, value: Any, slot: int) -> Any:
    return identity(value)


def _others(operands: Operands, slot: int) -> Any:
    """Return the product of all factors but one."""
    rest = [*operands[:slot], *operands[slot + 1 :]]
    return reduce(mul, rest)


def _mul_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    return gradient * _others(operands, slot)


def _mul_local(operands: Operands, value: Any, slot: int) -> Any:
    others = _others(operands, slot)
    if not np.ndim(value):
        return float(others)
    return np.diag(np.broadcast_to(others, np.shape(value)))


def _complement_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    return -gradient


def _complement_local(operands: Operands, value: Any, slot: int) -> Any:
    return -identity(value)


def _affine(operands: Operands) -> Any:
    """W v + b."""
    return _matvec(operands[:2]) + operands[2]


def _affine_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    return gradient if slot == 2 else _matvec_pull(operands, value, gradient, slot)


def _affine_local(operands: Operands, value: Any, slot: int) -> Any:
    return identity(value) if slot == 2 else _matvec_local(operands[:2], value, slot)


def _mean(operands: Operands) -> Any:
    return sum(operands) / len(operands)


def _mean_pull(operands: Operands, value: Any, gradient: Any, slot: int) -> Any:
    return gradient / len(operands)


def _mean_local(operands: Operands, value: Any, slot: int) -> float:
    return 1.0 / len(operands)


STRUCTURAL: Mapping[str, Op] = MappingProxyType(
    {
        op.name: op
        for op in (
            Op("matvec", _matvec, _matvec_pull, _matvec_local, of_matrix=True, kind="product"),
            Op(
                "add",
                lambda operands: sum(operands[1:], operands[0]),
                _add_pull,
                _add_local,
                entrywise=True,
            ),
            Op(
                "mul",
                lambda operands: reduce(mul, operands),
                _mul_pull,
                _mul_local,
                entrywise=True,
                kind="product",
            ),
            Op(
                "one_minus",
                lambda operands: 1 - operands[0],
                _complement_pull,
                _complement_local,
                entrywise=True,
            ),
            Op("affine", _affine, _affine_pull, _affine_local, of_matrix=True),
            Op("mean", _mean, _mean_pull, _mean_local),
        )
    }
)
