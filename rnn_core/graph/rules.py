"""The operation of each node of the graph."""

from typing import Any

import numpy as np

from rnn_core.activations import ACTIVATIONS, Activation
from rnn_core.ops import Op, op_named
from rnn_core.ops.op import Operands
from rnn_core.ops.structural import STRUCTURAL

CELL = " cell"
"""What follows the name of an activation in the name of the operation that is a whole step."""


def rule_of(op: str) -> Op:
    """Return the operation of that name; "total" is none, the loss of a graph of a part."""
    return _cell(ACTIVATIONS[op.removesuffix(CELL)]) if op.endswith(CELL) else op_named(op)


def _cell(function: Activation) -> Op:
    """Return the operation h = φ(W_xh x + W_hh h' + b_h), one node of the step level."""
    matvec = STRUCTURAL["matvec"]

    def pre_activation(operands: Operands) -> Any:
        W_xh, x, W_hh, h, b_h = operands
        return W_xh @ x + W_hh @ h + b_h

    def local(operands: Operands, value: Any, slot: int) -> Any:
        slope = function.slope(pre_activation(operands))
        start = slot - slot % 2
        pair = operands[start : start + 2]
        inner = np.eye(len(value)) if slot == 4 else matvec.local(pair, value, slot % 2)
        return slope.reshape((-1,) + (1,) * (np.ndim(inner) - 1)) * inner

    def value(operands: Operands) -> Any:
        return function(pre_activation(operands))

    def pull(operands: Operands, result: Any, gradient: Any, slot: int) -> Any:
        return np.tensordot(gradient, local(operands, result, slot), 1)

    return Op(function.name + CELL, value, pull, local, closes=True)
