"""A program run over a sequence: each instruction of a step as a call that writes its result.

The rows that a call reads and writes are looked up before the loop, for all steps; and what enters
a sum at every step without the states is added up before it, too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._workspace import is_paired, rows_of
from rnn_core.activations import ACTIVATIONS, ONE
from rnn_core.cells.cell import ADD, BEFORE, INPUT, MATVEC, MULTIPLY, ONE_MINUS
from rnn_core.interpreter.program import Instruction, Program, Slot
from rnn_core.interpreter.run import Values, operands_of, shaped

Call = tuple[Callable[..., Any], Iterator[tuple[Any, ...]]]
"""A function, and what it is called with at each step; its result is the last of that."""


def unroll(
    program: Program, params: Parameters, x: FloatArray, initial: Mapping[str, FloatArray]
) -> Values:
    """Return every quantity of a run by name: x, lines (T, B, H) and states (T + 1, B, H).

    `x` is (T, B, D), `initial` holds each state before the first step, (B, H).
    """
    batch = x.shape[1]
    twice = x.repeat(2, axis=1) if is_paired(batch, x.itemsize) else x
    run = _Run(program, params, twice, initial)
    calls = [call for step in program.in_turn for call in run.calls(step)]
    for _ in range(len(x)):
        for function, rows in calls:
            function(*next(rows))
    return {INPUT: x, **{name: run.found(name)[:, :batch] for name in program.cell.line}}


class _Run:
    """The arrays of a run, and the rows of them that its calls read and write."""

    def __init__(
        self,
        program: Program,
        params: Parameters,
        x: FloatArray,
        initial: Mapping[str, FloatArray],
    ) -> None:
        self.program, self.dtype = program, x.dtype
        self.weights = dict(params.items())
        self.whole: Values = {**self.weights, INPUT: x}
        for step in program.at_once:
            value = step.op.value(operands_of(step, self.whole))
            self.whole[step.name] = shaped(value, x, params)
        steps, batch = x.shape[:2]
        self.shape = (steps, batch, params.hidden_size)
        self.states = {}
        for state, first in initial.items():
            self.states[state] = np.empty((steps + 1, *self.shape[1:]), x.dtype)
            self.states[state][0] = first
            if state in self.whole:  # a state that no state before it has a part in
                self.states[state][1:] = self.whole[state]
        self.lines: Values = {}
        self._rows: dict[str, list[FloatArray]] = {}

    def found(self, name: str) -> FloatArray:
        """Return a quantity of the cell when the loop is done."""
        return next(place[name] for place in (self.states, self.lines, self.whole) if name in place)

    def calls(self, step: Instruction) -> Iterator[Call]:
        """Yield the calls of one instruction."""
        out = self._result(step)
        name, operands = step.op.name, step.operands
        if name == MATVEC and operands[0] in self.weights:
            yield self._call(np.dot, operands[1], repeat(self.weights[str(operands[0])].T), out)
        elif name == ADD:
            yield from self._chain(np.add, self._added_before(operands), out)
        elif name == MULTIPLY:
            yield from self._chain(np.multiply, operands, out)
        elif name == ONE_MINUS:
            yield self._call(np.subtract, repeat(ONE[self.dtype]), operands[0], out)
        elif name in ACTIVATIONS:
            yield self._call(ACTIVATIONS[name].kernel(self.dtype), operands[0], out)
        else:
            yield self._call(_write(step), *operands, out)

    def _added_before(self, operands: tuple[Slot, ...]) -> list[Any]:
        """Return the operands of a sum with those that are known at all steps added up."""
        known = [each for each in operands if each not in self.program.recurrent]
        others: list[Any] = [each for each in operands if each in self.program.recurrent]
        if len(known) < 2:
            return [*known, *others]
        first, *rest = (self.whole[each] if isinstance(each, str) else each for each in known)
        total = np.broadcast_to(sum(rest, first), self.shape)
        return [iter(rows_of(total)), *others]

    def _chain(
        self, function: Any, operands: Iterable[Any], out: list[FloatArray]
    ) -> Iterator[Call]:
        """Yield f(f(a, b), c) … written into `out`."""
        first, *rest = operands
        if not rest:
            yield self._call(np.copyto, out, first)
        for each in rest:
            yield self._call(function, first, each, out)
            first = out

    def _call(self, function: Callable[..., Any], *columns: Any) -> Call:
        return function, zip(*map(self._column, columns), strict=False)

    def _column(self, slot: Any) -> Iterable[Any]:
        """Return what an operand is at each step."""
        if isinstance(slot, float):
            return repeat(np.array(slot, self.dtype))
        if not isinstance(slot, str):
            rows: Iterable[Any] = slot
            return rows
        if slot in self.weights:
            return repeat(self.weights[slot])
        if slot not in self._rows:
            state = slot.removesuffix(BEFORE)
            array = self.states[state][:-1] if state != slot else self.whole[slot]
            self._rows[slot] = [*rows_of(array)]
        return self._rows[slot]

    def _result(self, step: Instruction) -> list[FloatArray]:
        """Make room for a result, and return where it is written to at each step."""
        if step.name in self.states:
            array = self.states[step.name][1:]
        elif step.is_line:
            array = self.lines[step.name] = np.empty(self.shape, self.dtype)
        else:  # used up within the step: one place serves all
            _, batch, hidden = self.shape
            place = np.empty((batch, hidden) if batch > 1 else hidden, self.dtype)
            return self._rows.setdefault(step.name, [place] * self.shape[0])
        return self._rows.setdefault(step.name, [*rows_of(array)])


def _write(step: Instruction) -> Callable[..., None]:
    def write(*arrays: FloatArray) -> None:
        arrays[-1][...] = step.op.value(arrays[:-1])

    return write
