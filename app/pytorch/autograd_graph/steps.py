"""The steps of any cell in torch, as elementary operations with a line of Python each."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from operator import add, mul
from types import MappingProxyType
from typing import Any

import numpy as np

from app.pytorch import torch_runs
from app.pytorch.autograd_graph.recorder import Recorder
from rnn_core import ACTIVATIONS, Trace
from rnn_core.cells.cell import ADD, BEFORE, INPUT, MATVEC, MULTIPLY, ONE_MINUS
from rnn_core.graph import names
from rnn_core.graph.names import Called
from rnn_core.graph.plan import plan_of
from rnn_core.interpreter.program import LOGIT, Instruction, Slot

TWO_AT_A_TIME: Mapping[str, tuple[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {ADD: ("+", add), MULTIPLY: ("*", mul)}
)
PARTIAL = "sqvw"
"""What a sum is called before its last summand is added: the first letter that no line has."""


class Steps:
    """Runs the lines of a cell in torch: each product, sum and function is an operation of its own.

    Of all that a step has so far, by the names that instructions read: its tensors, what our graph
    calls it, and how Python writes it.
    """

    def __init__(self, recorder: Recorder, trace: Trace, first: int) -> None:
        self.recorder, self.trace, self.wide = recorder, trace, trace.batch > 1
        self.plan = plan_of(trace.cell, trace.activation)
        self.tensors: dict[str, Any] = {}
        self.called: dict[str, Called] = {}
        self.python: dict[str, str] = {}
        for name, array in trace.params.items():
            called = Called(name, name, names.latex_parameter(name))
            self._leaf(name, called, _column(array, self.wide), None)
        for state in trace.cell.states:
            array = columns(trace[state][first - 1], self.wide)
            self._leaf(state, names.quantity(state, first - 1), array, first - 1)

    def run(self, t: int) -> None:
        """Compute step t from what the states are now."""
        for state in self.trace.cell.states:
            self._set(state + BEFORE, self.tensors[state], self.called[state], self.python[state])
        x = columns(self.trace.x[t - 1], self.wide)
        self._leaf(INPUT, names.quantity(INPUT, t), x, t)
        for step in self.plan.program.instructions:
            self._compute(step, t)

    def read_out(self, t: int) -> Any:
        """Return a_t = W_hy h_t + b_y."""
        for step in self.plan.readout:
            self._compute(step, t)
        return self.tensors[LOGIT]

    def detach(self, t: int, *, noted: bool = True) -> None:
        """Cut the graph at the states of step t."""
        for state in self.trace.cell.states:
            cut, name = self.tensors[state].detach(), self.python[state]
            self.tensors[state] = cut
            if noted:
                line = f"{name} = {name}.detach()"
                self.recorder.note(line, self.called[state], cut, step=t, links=())

    @cached_property
    def returned(self) -> Mapping[str, Instruction]:
        """By what is computed: the only instruction that reads it, and returns it, as φ(z) = z.

        What others read, too, has another gradient than what is returned of it.
        """
        read = Counter(each for step in self.plan.instructions for each in step.operands)
        return {
            str(step.operands[0]): step
            for step in self.plan.instructions
            if _returns_its_operand(step) and read[step.operands[0]] == 1
        }

    def _leaf(self, name: str, called: Called, array: Any, step: int | None) -> None:
        self._set(name, self.recorder.leaf(called, array, step=step), called, called.id)

    def _set(self, name: str, tensor: Any, called: Called, python: str) -> None:
        self.tensors[name], self.called[name], self.python[name] = tensor, called, python

    def _compute(self, step: Instruction, t: int) -> None:
        called = self.plan.name_of(step, t, self.called)
        if _returns_its_operand(step):
            name = str(step.operands[0])
            python = called.id if step.is_line else self._inner(name)
            self._set(step.name, self.tensors[name], called, python)
            return
        self.called[step.name] = called
        links = [called.id]
        if after := self.returned.get(step.name):
            links.append(self.plan.name_of(after, t, self.called).id)
        tensor, written = self._result(step, t)
        line = f"{called.id} = {written}" if step.is_line else written
        self.recorder.note(line, called, tensor, step=t, links=tuple(links))
        self._set(step.name, tensor, called, called.id if step.is_line else written)

    def _result(self, step: Instruction, t: int) -> tuple[Any, str]:
        """Return the tensor that an operation makes, and the operation in Python."""
        read = [self._tensor(each) for each in step.operands]
        if step.op.name == MATVEC:
            matrix, vector = map(self._inner, step.operands)
            return read[0] @ read[1], f"{matrix} @ {vector}"
        if step.op.name in TWO_AT_A_TIME:
            return self._two_at_a_time(step, t)
        (inner,) = map(self._inner, step.operands)
        if step.op.name == ONE_MINUS:
            return 1 - read[0], f"1 - {inner}"
        function = ACTIVATIONS[step.op.name]
        return torch_runs.line(function.in_torch("z"), "z")(*read), function.in_torch(inner)

    def _two_at_a_time(self, step: Instruction, t: int) -> tuple[Any, str]:
        """Add or multiply operands; what is not yet the result has a name and a node of its own."""
        sign, apply = TWO_AT_A_TIME[step.op.name]
        texts = [
            self._written(each) if step.op.name == ADD else self._inner(each)
            for each in step.operands
        ]
        tensor, written = self._tensor(step.operands[0]), texts[0]
        for place, operand in enumerate(step.operands[1:], start=1):
            if place > 1 and not isinstance(tensor, float):
                part = names.quantity(self._partial(step.line), t)
                line = f"{part.id} = {written}"
                links = (self.called[step.name].id,)
                self.recorder.note(line, part, tensor, step=t, links=links)
                written = part.id
            tensor = apply(tensor, self._tensor(operand))
            written = f"{written} {sign} {texts[place]}"
        return tensor, written

    def _partial(self, line: str) -> str:
        """Return what is not yet the sum of a line is called: s, or s_i in that of z_i."""
        taken = {name.partition("_")[0] for name in self.plan.cell.line}
        letter = next((each for each in PARTIAL if each not in taken), "part")
        _, _, sub = line.partition("_")
        return f"{letter}_{sub}" if sub else letter

    def _tensor(self, operand: Slot) -> Any:
        return self.tensors[operand] if isinstance(operand, str) else operand

    def _written(self, operand: Slot) -> str:
        return self.python[operand] if isinstance(operand, str) else repr(operand)

    def _inner(self, operand: Slot) -> str:
        """Return an operand as a part of a product or of a call."""
        written = self._written(operand)
        whole = not isinstance(operand, str) or self.called[operand].whole
        return written if whole else f"({written})"


def _returns_its_operand(step: Instruction) -> bool:
    """Whether torch has the very same tensor for the result."""
    name = step.op.name
    alone = name in TWO_AT_A_TIME and len(step.operands) == 1
    return alone or (name in ACTIVATIONS and ACTIVATIONS[name].is_identity)


def columns(rows: Any, wide: bool) -> Any:
    """Return (B, N) as the columns of a matrix, or one sequence as a vector."""
    return np.array(rows.T if wide else rows[0])


def _column(array: Any, wide: bool) -> Any:
    """Return a bias as a column, so that it is added to each sequence; a matrix as it is."""
    return np.array(array[:, np.newaxis] if wide and array.ndim == 1 else array)
