"""What an operation is: its value, and how a gradient goes back through it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rnn_core._short import Shown

Operands = Sequence[Any]


@dataclass(frozen=True)
class Op(Shown):
    """An operation on vectors and matrices.

    Vectors may have any axes in front, of time and batch, (…, n); matrices and vectors that are
    weights have none. Operands stand in the order of their slots.

    `value(operands)` is the result. `pull(operands, value, gradient, slot)` is what the gradient by
    the result is worth for one operand, with the result's axes in front (Griewank and Walther,
    2008, chapter 3); of a matrix, which is multiplied by the operand of the other slot, it is the
    gradient itself: see `of_matrix`.
    `local(operands, value, slot)` is the derivative of the result of one run without axes in
    front, result.shape + operand.shape; of numbers a number.
    `entrywise` says that each entry of the result depends on the same entry of each operand alone,
    so that the derivative by a vector is diagonal, and `closes` that a gradient passes a slope, and
    does not pass at all where that is 0. `kind` is what a node of a graph is that holds the result.
    """

    name: str
    value: Callable[[Operands], Any]
    pull: Callable[[Operands, Any, Any, int], Any]
    local: Callable[[Operands, Any, int], Any]
    closes: bool = False
    of_matrix: bool = False
    entrywise: bool = False
    kind: str = "sum"
