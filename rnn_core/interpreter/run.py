"""A program run over a sequence, and a gradient carried back through it.

Values stand in a dict by name: weights as they are, everything else as (…, H), with the axes of
time and batch in front.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.interpreter.program import Instruction, Program
from rnn_core.types import Use

Values = dict[str, FloatArray]


def operands_of(step: Instruction, values: Mapping[str, FloatArray]) -> list[FloatArray | float]:
    """Return what an instruction reads."""
    return [values[slot] if isinstance(slot, str) else slot for slot in step.operands]


def shaped(value: FloatArray, x: FloatArray, params: Parameters) -> FloatArray:
    """Return a value for every step, also where it is the same for all."""
    wanted = (*x.shape[:2], params.hidden_size)
    return value if value.shape == wanted else np.broadcast_to(value, wanted)


def restored(program: Program, params: Parameters, quantities: Mapping[str, FloatArray]) -> Values:
    """Return all values of a run again, for all steps at once, from those that `unroll` returned.

    States are without the initial one, and those before a step are there, too.
    """
    values: Values = {**dict(params.items()), INPUT: quantities[INPUT]}
    for name in program.cell.line:
        values[name] = quantities[name]
    for state in program.cell.states:
        values[state] = quantities[state][1:]
        values[state + BEFORE] = quantities[state][:-1]
    for step in program.instructions:
        if not step.is_line:
            value = step.op.value(operands_of(step, values))
            values[step.name] = shaped(value, values[INPUT], params)
    return values


class Pulled(NamedTuple):
    """The gradients by the values of some steps, and where the weights get theirs."""

    by: Values
    uses: list[Use]


def pull(
    program: Program,
    values: Mapping[str, FloatArray],
    seeds: Mapping[str, FloatArray],
    *,
    totals: bool = False,
    only_states: bool = False,
) -> Pulled:
    """Carry gradients back through one step, or through many at once (each by itself).

    Parameters
    ----------
    seeds
        What reaches the states from outside the step: from later steps and the readout. With
        `totals` it is all that reaches them, and what arrives inside the step is not added.
    only_states
        Leave out what does not lead to the states before the step.
    """
    found = Pulled(dict(seeds), [])
    by = found.by
    weights = program.cell.shapes
    for step in reversed(program.in_turn if only_states else program.instructions):
        gradient = by.get(step.name)
        if gradient is None:
            continue
        operands = operands_of(step, values)
        value = values[step.name]
        for slot, operand in enumerate(step.operands):
            if not isinstance(operand, str) or (totals and operand in seeds):
                continue
            if only_states and operand not in program.recurrent:
                continue
            arriving = step.op.pull(operands, value, gradient, slot)
            if operand not in weights:
                by[operand] = by[operand] + arriving if operand in by else arriving
            elif step.op.of_matrix:
                vector = operands[1]
                assert isinstance(vector, np.ndarray)  # noqa: S101  # a matrix multiplies no number
                found.uses.append(Use(operand, arriving, vector))
            else:
                found.uses.append(Use(operand, arriving, None))
    return found
