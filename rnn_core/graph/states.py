"""A state as one operation: of the weights, the input and the states that its step reads."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core.graph.plan import Plan
from rnn_core.interpreter.run import operands_of

Operands = Sequence[Any]


class StateOp:
    """The operation from the leaves of a step to one of its states: one node of the step level."""

    closes = True
    entrywise = False

    def __init__(self, plan: Plan, state: str) -> None:
        self.state = state
        self.steps, self.leaves = plan.within(state)

    def value(self, operands: Operands) -> Any:
        """Return the state."""
        return self._values(operands)[self.state]

    def locals(self, operands: Operands, value: Any) -> list[Any]:
        """Return the derivative by each leaf, (H,) + its shape.

        The rows of the identity are carried back through the operations all at once.
        """
        values = self._values(operands)
        found: dict[str, Any] = {self.state: np.eye(len(value))}
        by_leaf = {
            leaf: np.zeros((len(value), *np.shape(operand)))
            for leaf, operand in zip(self.leaves, operands, strict=True)
        }
        for step in reversed(self.steps):
            gradient = found.get(step.name)
            if gradient is None:
                continue
            read = operands_of(step, values)
            for slot, operand in enumerate(step.operands):
                if not isinstance(operand, str):
                    continue
                arriving = step.op.pull(read, values[step.name], gradient, slot)
                if operand not in by_leaf:
                    found[operand] = found[operand] + arriving if operand in found else arriving
                elif step.op.of_matrix and slot == 0:
                    by_leaf[operand] += np.multiply.outer(arriving, read[1])
                else:
                    by_leaf[operand] += arriving
        return [by_leaf[leaf] for leaf in self.leaves]

    def _values(self, operands: Operands) -> dict[str, Any]:
        values = dict(zip(self.leaves, operands, strict=True))
        for step in self.steps:
            value = step.op.value(operands_of(step, values))
            values[step.name] = value
        return values
