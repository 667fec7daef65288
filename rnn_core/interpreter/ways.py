"""The ways that a gradient takes back through a step, their factors known for all steps at once."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import passed_on
from rnn_core.interpreter.program import Program
from rnn_core.interpreter.run import Values, operands_of
from rnn_core.ops import Op


class Way(NamedTuple):
    """From the gradient by `result` to that by one of its operands.

    `factor` (T, B, H) is what each entry is multiplied by, or a number that is the same for all;
    None where the operation mixes entries, and is asked at each step.
    """

    result: str
    operand: str
    op: Op
    operands: Sequence[Any]
    slot: int
    factor: "FloatArray | float | None"

    def carry(self, gradient: FloatArray, t: int) -> FloatArray:
        """Return what the gradient by the result is worth for the operand, at step index t."""
        if self.factor is None:
            now = [each[t] if np.ndim(each) > 2 else each for each in self.operands]
            mixed: FloatArray = self.op.pull(now, None, gradient, self.slot)
            return mixed
        if isinstance(self.factor, float):
            return gradient if self.factor == 1 else _times(gradient, self.factor)
        if self.op.closes:
            return passed_on(gradient, self.factor[t])
        return _times(gradient, self.factor[t])


def _times(gradient: FloatArray, factor: FloatArray | float) -> FloatArray:
    product: FloatArray = gradient * factor
    return product


def ways_back(program: Program, values: Values) -> list[Way]:
    """Return the ways that lead to the states one step before, in the order they are gone."""
    return list(_ways(program, values))


def _ways(program: Program, values: Values) -> Iterator[Way]:
    for step in reversed(program.in_turn):
        operands, value = operands_of(step, values), values[step.name]
        for slot, operand in enumerate(step.operands):
            if not isinstance(operand, str) or operand not in program.recurrent:
                continue
            factor = None
            if step.op.entrywise:
                factor = _plain(step.op.pull(operands, value, np.ones_like(value), slot))
            yield Way(step.name, operand, step.op, operands, slot, factor)


def _plain(factors: FloatArray) -> FloatArray | float:
    """Return factors that are all the same as a number, but not those of shut units."""
    first = float(factors.flat[0])
    return first if first and (factors == first).all() else factors
