"""How far off a number is at most when what it is made of was rounded to three digits.

A sum loses digits where its terms cancel, 1 − h² where h is close to 1, log p where p is. Who
computes by hand has rounded them, so that much is granted when the number is marked; and numbers
where it would be much are not asked for on sheets that are drawn.
"""

from typing import Any

import numpy as np

from rnn_core.cells.cell import ADD
from rnn_core.graph.plan import LETTER
from rnn_core.interpreter.program import LOGIT, Instruction
from rnn_core.practice.reckoning import Reckoning, consumers
from rnn_core.practice.sheet import LOSS, PREDICTION, Place, Question


def slack(reckoning: Reckoning, question: Question) -> float:
    """Return how far rounded terms can carry the number away from what the formula gives."""
    with np.errstate(all="ignore"):
        granted = float(slack_of(reckoning, question))
    return granted if np.isfinite(granted) else 0.0


def slack_of(reckoning: Reckoning, question: Question) -> Any:
    """Return that in the reckoning's own arithmetic; nan or ±∞ where nothing is granted."""
    found = reckoning.arithmetic.array(_of_place(reckoning, question.place))
    return found[question.index] if found.ndim else found[()]


def _of_place(reckoning: Reckoning, place: Place) -> Any:
    of, name, t = place
    if of == "value":
        return _of_value(reckoning, name, t)
    if name in reckoning.network.cell.shapes:
        return _of_weight(reckoning, name)
    if t is None:
        return 0.0
    if name == LETTER:
        return (
            reckoning.arithmetic.half_unit(reckoning.own("value", PREDICTION, t)) / reckoning.shares
        )
    return sum(
        _carried(reckoning, consumer.step, consumer.slot, t + consumer.later)
        for consumer in consumers(reckoning.plan, name)
        if t + consumer.later <= reckoning.network.steps
        and reckoning.is_computed(consumer.step, t + consumer.later)
    )


def _of_value(reckoning: Reckoning, name: str, t: int | None) -> Any:
    if name == LOSS:
        steps = reckoning.network.read
        return sum(_of_term(reckoning, step) for step in steps) / len(steps)
    assert t is not None  # noqa: S101  # all other values are of a step
    if name == PREDICTION:
        return 0.0
    step = reckoning.plan.by_name[LOGIT if name == LETTER else name]
    if step.op.name != ADD:
        return 0.0
    return sum(_summand(reckoning, operand, t) for operand in step.operands)


def _of_term(reckoning: Reckoning, t: int) -> Any:
    """Return what the rounding of p does to the loss of a step."""
    p, y = reckoning.own("value", PREDICTION, t), reckoning.target(t)
    off = reckoning.arithmetic.half_unit(p)
    less, term, more = (
        np.mean(reckoning.term(reckoning.behind(moved), y)) for moved in (p - off, p, p + off)
    )
    return reckoning.arithmetic.larger(abs(less - term), abs(more - term))


def _summand(reckoning: Reckoning, operand: str | float, t: int) -> Any:
    inner = reckoning.plan.by_name.get(str(operand))
    half_unit = reckoning.arithmetic.half_unit
    if inner is not None and inner.op.of_matrix:
        W, v = reckoning.operands(inner, t)
        return (half_unit(W * v) + np.abs(W) * half_unit(v)).sum(axis=1)
    return reckoning.arithmetic.half_unit(reckoning.read(operand, t))


def _of_weight(reckoning: Reckoning, name: str) -> Any:
    """Return what rounding the terms of a sum over time, and their factors, does to it."""
    half_unit = reckoning.arithmetic.half_unit
    found = sum(half_unit(term) for _, term in reckoning.weight_terms(name))
    for consumer in consumers(reckoning.plan, name):
        for t in range(1, reckoning.network.steps + 1):
            if not reckoning.is_computed(consumer.step, t) or not consumer.step.op.of_matrix:
                continue
            above, vector = (
                reckoning.above(consumer.step, t),
                reckoning.multiplied(consumer.step, t),
            )
            found = found + np.outer(half_unit(above), np.abs(vector))
            found = found + np.outer(np.abs(above), half_unit(vector))
    return found


def _carried(reckoning: Reckoning, step: Instruction, slot: int, t: int) -> Any:
    """Return what rounding does to one of the terms that meet in a gradient."""
    above, half_unit = reckoning.above(step, t), reckoning.arithmetic.half_unit
    if step.op.of_matrix:
        W = reckoning.operands(step, t)[0]
        return (
            half_unit(above[:, np.newaxis] * W) + half_unit(above)[:, np.newaxis] * np.abs(W)
        ).sum(axis=0)
    if step.op.name == ADD:
        return 0.0
    if step.op.closes:
        z, h = reckoning.operands(step, t)[0], reckoning.read(step.name, t)
        by, off = reckoning.arithmetic.slope_by, reckoning.arithmetic.half_unit(h)
        moved = by(step.op.name, z, h + off) - by(step.op.name, z, h)
        return np.abs(moved * above)
    return reckoning.arithmetic.half_unit(reckoning.carried(step, slot, t))
