"""The ways that a gradient takes back through a step, their factors known for all steps at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import passed_on
from rnn_core.cells.cell import BEFORE, MATVEC
from rnn_core.interpreter.program import Instruction, Program
from rnn_core.interpreter.run import Values, operands_of

Mix = Callable[[FloatArray, int], FloatArray]
"""`mix(gradient, t)` is what an operation that mixes entries passes on at step index t."""

Factor = FloatArray | float
"""(T, B, H), what each entry is multiplied by, or a number that is the same for all."""


class WayBack(NamedTuple):
    """From the gradient by `result` to that by one of its operands.

    The gradient is multiplied by the factor, and then goes through `mix` where there is one. With
    `closes` nothing passes where the factor is 0, be the gradient infinite.
    """

    result: str
    operand: str
    factor: Factor
    mix: Mix | None = None
    closes: bool = False

    def carry(self, gradient: FloatArray, t: int) -> FloatArray:
        """Return what the gradient by the result is worth for the operand, at step index t."""
        if not isinstance(self.factor, float):
            passes = passed_on if self.closes else np.multiply
            gradient = passes(gradient, self.factor[t])
        elif self.factor != 1:
            gradient = gradient * self.factor
        return gradient if self.mix is None else self.mix(gradient, t)


def ways_back(program: Program, values: Values) -> list[WayBack]:
    """Return the ways that lead to the states one step before, in the order they are gone."""
    return list(_ways(program, values))


def _ways(program: Program, values: Values) -> Iterator[WayBack]:
    for step in reversed(program.in_turn):
        operands, value = operands_of(step, values), values[step.name]
        for slot, operand in enumerate(step.operands):
            if not isinstance(operand, str) or operand not in program.recurrent:
                continue
            if step.op.entrywise:
                factors = step.op.pull(operands, value, np.ones_like(value), slot)
                yield WayBack(step.name, operand, _plain(factors), closes=step.op.closes)
            else:
                yield WayBack(step.name, operand, 1.0, _mix(step, operands, slot))


def _plain(factors: FloatArray) -> Factor:
    """Return factors that are all the same as a number, but not those of shut units."""
    first = float(factors.flat[0])
    return first if first and (factors == first).all() else factors


def _mix(step: Instruction, operands: Sequence[Any], slot: int) -> Mix:
    if step.op.name == MATVEC:
        matrix: FloatArray = operands[0]
        return lambda gradient, t: gradient.dot(matrix)

    def mix(gradient: FloatArray, t: int) -> FloatArray:
        now = [each[t] if np.ndim(each) > 2 else each for each in operands]
        mixed: FloatArray = step.op.pull(now, None, gradient, slot)
        return mixed

    return mix


def joined(program: Program, ways: Sequence[WayBack]) -> list[WayBack]:
    """Return fewer ways, which carry the same: ways in a row are one, with the product of factors.

    They lead from a state, or from what mixing ways arrive at, to the next such place. What is not
    finite may come out otherwise (0 · ∞): then the single ones are to be gone.
    """
    states = program.cell.states
    ends = {*states, *(state + BEFORE for state in states)}
    ends |= {way.operand for way in ways if way.mix is not None}
    factors: dict[str, dict[str, Factor]] = {end: {end: 1.0} for end in ends}
    found = []
    for way in ways:
        for start, before in factors.get(way.result, {}).items():
            factor = before * way.factor
            if way.mix is not None or way.operand in ends:
                found.append(WayBack(start, way.operand, factor, way.mix))
            else:
                there = factors.setdefault(way.operand, {})
                there[start] = there[start] + factor if start in there else factor
    return found


def gone(
    ways: Sequence[WayBack], states: Sequence[str], t: int, arriving: Mapping[str, FloatArray]
) -> tuple[Values, Values]:
    """Go all ways through step index t, from what arrives at its states, (B, H) each.

    Returns the totals by the states, and what is handed to the states before them.
    """
    found = dict(arriving)
    for way in ways:
        if (gradient := found.get(way.result)) is not None:
            carried = way.carry(gradient, t)
            there = found.get(way.operand)
            found[way.operand] = carried if there is None else there + carried
    handed = {state: found[state + BEFORE] for state in states if state + BEFORE in found}
    return found, handed
