"""What each operation of the graph computes, and its local derivatives: one entry an operation.

A rule takes the operands in the order of their slots. Values are floats at the scalar level and
arrays above; a local derivative ∂output/∂operand has the shape output.shape + operand.shape, so at
the scalar level it is a number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_core._short import Shown
from rnn_core.activations import ACTIVATIONS, Activation, sigmoid
from rnn_core.losses import LOSSES, Loss, softmax

Operands = Sequence[Any]


@dataclass(frozen=True)
class Rule(Shown):
    """`value(operands)` and `local(operands, value, slot)`, the derivative by one operand."""

    value: Callable[[Operands], Any]
    local: Callable[[Operands, Any, int], Any]


def _matvec_local(operands: Operands, value: Any, slot: int) -> Any:
    """∂(W v)_i/∂W_pq = δ_ip v_q and ∂(W v)_i/∂v_q = W_iq."""
    matrix, vector = operands
    if slot == 1:
        return matrix
    return np.multiply.outer(np.eye(len(value)), vector)


def _mul_local(operands: Operands, value: Any, slot: int) -> Any:
    return operands[1 - slot]


def _one(operands: Operands, value: Any, slot: int) -> Any:
    return np.eye(len(value)) if np.ndim(value) else 1.0


def _affine(operands: Operands) -> Any:
    W_hy, h, b_y = operands
    return W_hy @ h + b_y


def _affine_local(operands: Operands, value: Any, slot: int) -> Any:
    return _one(operands, value, 2) if slot == 2 else _matvec_local(operands[:2], value, slot)


def _elementwise(function: Activation) -> Rule:
    def local(operands: Operands, value: Any, slot: int) -> Any:
        return _diagonal(function.slope(np.asarray(operands[0], dtype=float)))

    return Rule(lambda operands: _plain(function(np.asarray(operands[0], dtype=float))), local)


def _cell(function: Activation) -> Rule:
    """Return the rule of h = φ(W_xh x + W_hh h' + b_h), one node of the step level."""

    def pre_activation(operands: Operands) -> Any:
        W_xh, x, W_hh, h, b_h = operands
        return W_xh @ x + W_hh @ h + b_h

    def local(operands: Operands, value: Any, slot: int) -> Any:
        slope = function.slope(pre_activation(operands))
        W_xh, x, W_hh, h, _ = operands
        inner = (
            lambda: _matvec_local((W_xh, x), value, 0),
            lambda: W_xh,
            lambda: _matvec_local((W_hh, h), value, 0),
            lambda: W_hh,
            lambda: np.eye(len(value)),
        )[slot]()
        return slope.reshape((-1,) + (1,) * (np.ndim(inner) - 1)) * inner

    return Rule(lambda operands: function(pre_activation(operands)), local)


def _softmax_value(operands: Operands) -> Any:
    """Of one vector; or, at the scalar level, the entry of the first operand among all."""
    if len(operands) == 1 and np.ndim(operands[0]):
        return softmax(np.asarray(operands[0]))
    return float(softmax(np.asarray(operands, dtype=float))[0])


def _softmax_local(operands: Operands, value: Any, slot: int) -> Any:
    """∂p_i/∂a_j = p_i (δ_ij − p_j)."""
    if len(operands) == 1 and np.ndim(operands[0]):
        return np.diag(value) - np.outer(value, value)
    others = softmax(np.asarray(operands, dtype=float))
    return float(value * ((slot == 0) - others[slot]))


def loss_rule(family: Loss) -> Rule:
    """Return the mean of the terms of a step: operands a and y, or a_1 … a_K, y_1 … y_K."""

    def split(operands: Operands) -> tuple[Any, Any]:
        if len(operands) == 2:
            return np.atleast_1d(operands[0]).astype(float), np.atleast_1d(operands[1])
        half = len(operands) // 2
        return np.array(operands[:half], dtype=float), np.array(operands[half:], dtype=float)

    def local(operands: Operands, value: Any, slot: int) -> Any:
        a, y = split(operands)
        by_logit, by_target = family.delta(a, y), target_slope(family, a, y)
        count = 1 if family.spans_outputs else len(a)
        if len(operands) == 2:
            found = (by_logit, by_target)[slot] / count
            return found if np.ndim(operands[slot]) else float(found[0])
        return float(np.concatenate([by_logit, by_target])[slot])

    def value(operands: Operands) -> float:
        a, y = split(operands)
        return float(family.terms(a, np.asarray(y, dtype=float)).mean())

    return Rule(value, local)


def target_slope(family: Loss, a: Any, y: Any) -> Any:
    """Return ∂(term)/∂y: −a, y − a, or log Σ_j exp(a_j) − a_k."""
    if family.name == "squared_error":
        return y - a
    if family.name == "binary_cross_entropy":
        return -a
    return np.max(a, axis=-1, keepdims=True) - a + _log_of_shifted(a)


def _log_of_shifted(a: Any) -> Any:
    """Return log Σ_j exp(a_j − max a), where the largest logit adds exactly 1."""
    top = np.argmax(a, axis=-1, keepdims=True)
    e = np.exp(a - np.take_along_axis(a, top, axis=-1))
    np.put_along_axis(e, top, 0, axis=-1)
    return np.log1p(e.sum(axis=-1, keepdims=True))


def _mean_local(operands: Operands, value: Any, slot: int) -> float:
    return 1.0 / len(operands)


def _sigmoid_local(operands: Operands, value: Any, slot: int) -> Any:
    """σ′(a) = σ(a) σ(−a), which keeps its digits where σ(a) rounds to 1."""
    a = np.asarray(operands[0], dtype=float)
    return _diagonal(sigmoid(a) * sigmoid(-a))


def _diagonal(slopes: Any) -> Any:
    return np.diag(slopes) if np.ndim(slopes) else float(slopes)


def _plain(value: Any) -> Any:
    return value if np.ndim(value) else float(value)


ENTRY_BY_ENTRY = frozenset({*ACTIVATIONS, "add"})
"""Operations whose Jacobians are diagonal."""

CELLS = {f"{name} cell": function for name, function in ACTIVATIONS.items()}
"""The activations by the name of the operation that is a whole step."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "matvec": Rule(lambda operands: operands[0] @ operands[1], _matvec_local),
        "affine": Rule(_affine, _affine_local),
        "mul": Rule(lambda operands: operands[0] * operands[1], _mul_local),
        "add": Rule(lambda operands: sum(operands[1:], operands[0]), _one),
        "mean": Rule(lambda operands: sum(operands) / len(operands), _mean_local),
        "sigmoid": Rule(
            lambda operands: _plain(sigmoid(np.asarray(operands[0], dtype=float))), _sigmoid_local
        ),
        "softmax": Rule(_softmax_value, _softmax_local),
        **{name: _elementwise(function) for name, function in ACTIVATIONS.items()},
        **{name: _cell(function) for name, function in CELLS.items()},
        **{name: loss_rule(family) for name, family in LOSSES.items()},
    }
)
"""Every operation but "total", the loss of a graph that shows only part of what it sums."""
