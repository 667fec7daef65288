"""The numbers of some steps of one sequence: every value, and every gradient, by name."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.graph.plan import Plan
from rnn_core.interpreter.program import LOGIT, READ, Instruction
from rnn_core.interpreter.run import operands_of
from rnn_core.types import Gradients, Trace

Numbers = dict[str, FloatArray]
Rows = slice | Sequence[int]
"""Steps, counted from 0."""


def values_at(plan: Plan, trace: Trace, sample: int, rows: Rows) -> Numbers:
    """Return all values of the cell at some steps, (n, …), also of terms inside lines.

    Weights are there as they are; the states before each step have the names h', c'.
    """
    later = slice(rows.start + 1, rows.stop + 1) if isinstance(rows, slice) else np.add(rows, 1)
    quantities, states = trace.quantities, plan.cell.states
    values: Numbers = {**dict(trace.params.items()), INPUT: quantities[INPUT][rows, sample]}
    for name in plan.cell.line:
        values[name] = quantities[name][later if name in states else rows, sample]
    for state in states:
        values[state + BEFORE] = quantities[state][rows, sample]
    shape = (len(values[INPUT]), trace.params.hidden_size)
    for step in plan.program.instructions:
        if not step.is_line:
            values[step.name] = _shaped(step.op.value(operands_of(step, values)), shape)
    return values


def totals_at(plan: Plan, grads: Gradients, sample: int, rows: Rows) -> Numbers:
    """Return the total gradients of the states after some steps, (n, H) each."""
    later = slice(rows.start + 1, rows.stop + 1) if isinstance(rows, slice) else np.add(rows, 1)
    quantities = grads.quantities
    return {state: quantities[state][later, sample] for state in plan.cell.states}


def gradients_at(
    plan: Plan, values: Mapping[str, FloatArray], grads: Gradients, sample: int, rows: slice
) -> Numbers:
    """Return the gradients of all values at some steps, as `values_at` does the values.

    What a term inside a line gets comes from the one operation that reads it.
    """
    quantities, states = grads.quantities, plan.cell.states
    found: Numbers = {INPUT: quantities[INPUT][rows, sample]}
    for name in plan.cell.line:
        shift = name in states
        found[name] = quantities[name][rows.start + shift : rows.stop + shift, sample]
    pull_inside(plan.program.instructions, values, found)
    return found


def pull_inside(
    steps: Sequence[Instruction], values: Mapping[str, FloatArray], found: Numbers
) -> None:
    """Carry gradients of lines back to the terms inside them."""
    inside = {step.name for step in steps if not step.is_line}
    for step in reversed(steps):
        for slot, operand in enumerate(step.operands):
            if operand in inside:
                operands = operands_of(step, values)
                gradient = step.op.pull(operands, values[step.name], found[step.name], slot)
                found[str(operand)] = _shaped(gradient, found[step.name].shape)


def slopes_of(step: Instruction, values: Mapping[str, FloatArray]) -> list[Any]:
    """Return the local derivatives of an entrywise operation, (n, H) for each operand not a number.

    They are what a gradient of 1 everywhere is worth for the operand.
    """
    operands, value = operands_of(step, values), values[step.name]
    ones = np.ones_like(value)
    return [
        _shaped(step.op.pull(operands, value, ones, slot), value.shape)
        for slot, operand in enumerate(step.operands)
        if isinstance(operand, str)
    ]


def readout_at(
    trace: Trace, grads: Gradients | None, sample: int, steps: Sequence[int]
) -> tuple[Numbers, Numbers | None]:
    """Return values and gradients of the readout of some steps, (n, K) each, and the h they read.

    The steps follow one another, counted from 1.
    """
    first = steps[0] if steps else 1
    rows = slice(first - trace.readout_steps.start, first - trace.readout_steps.start + len(steps))
    h = trace.h[first : first + len(steps), sample]
    W_hy, logits = trace.params.W_hy, trace.logits[rows, sample]
    values = {"W_hy": W_hy, "b_y": trace.params.b_y, "h": h, READ: h @ W_hy.T, LOGIT: logits}
    if grads is None:
        return values, None
    by_logits = grads.logits[rows, sample]
    return values, {READ: by_logits, LOGIT: by_logits}


def _shaped(array: Any, shape: tuple[int, ...]) -> FloatArray:
    """Return a value for every step, also where it is the same for all."""
    found: FloatArray = array if np.shape(array) == shape else np.broadcast_to(array, shape)
    return found
