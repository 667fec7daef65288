"""Operations that take one vector, entry by entry: the activation functions."""

from functools import cache
from typing import Any

import numpy as np

from rnn_core.activations import Activation, passed_on
from rnn_core.ops.op import Op, Operands


@cache
def elementwise(function: Activation) -> Op:
    """Return the operation h = φ(z)."""

    def value(operands: Operands) -> Any:
        return plain(function(np.asarray(operands[0])))

    def pull(operands: Operands, result: Any, gradient: Any, slot: int) -> Any:
        slope = function.slope(operands[0], result)
        return passed_on(gradient, np.broadcast_to(slope, np.shape(gradient)))

    def local(operands: Operands, result: Any, slot: int) -> Any:
        return diagonal(function.slope(np.asarray(operands[0], dtype=float)))

    return Op(function.name, value, pull, local, closes=True, entrywise=True, kind="activation")


def diagonal(slopes: Any) -> Any:
    """Return the derivative of what acts entry by entry: a diagonal matrix, or the number."""
    return np.diag(slopes) if np.ndim(slopes) else float(slopes)


def plain(value: Any) -> Any:
    """Return a number as a float, an array as it is."""
    return value if np.ndim(value) else float(value)
