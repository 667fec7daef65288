"""What each operation of the graph computes, and its local derivatives.

A rule has two functions, as in HIPS/autograd. `value(operands)` is the output; `jacobian(slot,
operands, output)` is the derivative of the output by the operand at `slot`, an array of shape
output.shape + operand.shape. Both hold at every level: at "scalar" all shapes are ().
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import ACTIVATIONS, Activation
from rnn_core.losses import LOSSES, Loss, sigmoid, softmax

Operands = Sequence[FloatArray]


@dataclass(frozen=True)
class Rule:
    """An operation: its value, and its derivative by the operand at a slot."""

    value: Callable[[Operands], FloatArray]
    jacobian: Callable[[int, Operands, FloatArray], FloatArray]


def diagonal(entries: FloatArray) -> FloatArray:
    """Return diag(entries) as a Jacobian: () for a number, (n, n) for a vector."""
    return entries if entries.ndim == 0 else np.diag(entries)


def by_matrix(vector: FloatArray, rows: int) -> FloatArray:
    """∂(W v)_i / ∂W_jk = δ_ij v_k: shape (rows, rows, len(v))."""
    found = np.zeros((rows, rows, len(vector)), vector.dtype)
    every = np.arange(rows)
    found[every, every] = vector
    return found


def _matvec_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    matrix, vector = operands
    return by_matrix(vector, len(matrix)) if slot == 0 else matrix


def _mul_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    return operands[1 - slot]


def _add_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    return diagonal(np.ones_like(output))


def _mean_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    return np.full_like(operands[slot], 1 / len(operands))


def _mean(operands: Operands) -> FloatArray:
    with_count = np.asarray(operands)
    total = np.add.reduce(with_count, 0)
    return (
        total / len(operands) if np.isfinite(total) else np.add.reduce(with_count / len(operands))
    )


def _elementwise(phi: Activation) -> Rule:
    return Rule(
        value=lambda operands: phi(operands[0]),
        jacobian=lambda slot, operands, output: diagonal(phi.slope(operands[0])),
    )


def _affine(operands: Operands) -> FloatArray:
    matrix, vector, bias = operands
    return np.asarray(matrix @ vector + bias)


def _affine_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    matrix, vector, _ = operands
    if slot == 0:
        return by_matrix(vector, len(matrix))
    return matrix if slot == 1 else np.eye(len(matrix), dtype=output.dtype)


def _cell(phi: Activation) -> Rule:
    """φ(W_xh x + W_hh h + b_h) in one operation, for the "step" level."""

    def before(operands: Operands) -> FloatArray:
        W_xh, x, W_hh, h, b_h = operands
        return np.asarray(W_xh @ x + W_hh @ h + b_h)

    def jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
        W_xh, x, W_hh, h, _ = operands
        slope = phi.slope(before(operands))
        inner = (
            lambda: by_matrix(x, len(slope)),
            lambda: W_xh,
            lambda: by_matrix(h, len(slope)),
            lambda: W_hh,
            lambda: np.eye(len(slope), dtype=slope.dtype),
        )[slot]()
        return slope.reshape(-1, *(1,) * (inner.ndim - 1)) * inner

    return Rule(lambda operands: phi(before(operands)), jacobian)


def _sigmoid_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    """σ′ = σ(a)·σ(−a), which keeps its digits where 1 − σ(a) has none."""
    return diagonal(sigmoid(operands[0]) * sigmoid(-operands[0]))


def _softmax_of(operands: Operands) -> FloatArray:
    """The prediction: a vector of one operand, or of numbers of which the first is asked for."""
    return softmax(operands[0]) if len(operands) == 1 else softmax(np.asarray(operands))[0]


def _softmax_jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
    if len(operands) == 1:
        p = softmax(np.atleast_1d(operands[0]))
        found = np.diag(p) - np.outer(p, p)
        return found if operands[0].ndim else found[0, 0]
    p = softmax(np.asarray(operands))
    return p[0] * ((1.0 if slot == 0 else 0.0) - p[slot])


def _loss(family: Loss) -> Rule:
    """A loss of one readout, from logits and targets: the mean over K where terms do not span it.

    Operands are (a, y), two numbers or two vectors; or, at the scalar level of a loss that spans
    the outputs, a_1 … a_K, y_1 … y_K.
    """

    def split(operands: Operands) -> tuple[FloatArray, FloatArray]:
        half = len(operands) // 2
        if half > 1:
            return np.asarray(operands[:half]), np.asarray(operands[half:])
        return np.atleast_1d(operands[0]), np.atleast_1d(operands[1])

    def value(operands: Operands) -> FloatArray:
        terms = family.terms(*split(operands))
        return np.asarray(terms.sum() / terms.size)

    def jacobian(slot: int, operands: Operands, output: FloatArray) -> FloatArray:
        a, y = split(operands)
        half = len(operands) // 2
        found = family.delta(a, y) if slot < half else target_slope(family, a, y)
        if not family.spans_outputs:
            found = found / len(a)
        if half > 1:
            return np.asarray(found[slot % half])
        return np.asarray(found.reshape(operands[slot].shape))

    return Rule(value, jacobian)


def target_slope(family: Loss, a: FloatArray, y: FloatArray) -> FloatArray:
    """Return the derivative of the loss's terms by the targets, shape (…, K)."""
    slopes: Mapping[str, Callable[[], FloatArray]] = {
        "binary_cross_entropy": lambda: -a,
        "softmax_cross_entropy": lambda: (
            family.terms(a, np.ones_like(y) / y.shape[-1]) + (a.mean(axis=-1, keepdims=True) - a)
        ),
        "squared_error": lambda: y - a,
    }
    return np.asarray(slopes[family.name]())


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "matvec": Rule(lambda operands: np.asarray(operands[0] @ operands[1]), _matvec_jacobian),
        "mul": Rule(lambda operands: operands[0] * operands[1], _mul_jacobian),
        "add": Rule(lambda operands: np.add.reduce(np.asarray(operands), 0), _add_jacobian),
        "mean": Rule(_mean, _mean_jacobian),
        "affine": Rule(_affine, _affine_jacobian),
        "sigmoid": Rule(lambda operands: sigmoid(operands[0]), _sigmoid_jacobian),
        "softmax": Rule(_softmax_of, _softmax_jacobian),
        **{name: _elementwise(phi) for name, phi in ACTIVATIONS.items()},
        **{f"{name}_cell": _cell(phi) for name, phi in ACTIVATIONS.items()},
        **{name: _loss(family) for name, family in LOSSES.items()},
    }
)
"""All operations but "weighted_sum", which is Σ local · operand: its weights are on its edges."""

PREDICTIONS: Mapping[str, str] = MappingProxyType(
    {
        "binary_cross_entropy": "sigmoid",
        "softmax_cross_entropy": "softmax",
        "squared_error": "identity",
    }
)
"""The operation that turns logits into predictions, by loss."""
