"""The formulas of a network applied to somebody's own numbers.

Whatever a learner has written stands in place of what would be computed, and all that follows is
computed from it: so a slip costs once. Values and gradients are those of the cell's lines (see
`interpreter`), one quantity of one step at a time and only when asked for. What can be done
wrongly is a method of its own, which a `Mistake` overrides.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.graph.plan import LETTER, Plan
from rnn_core.interpreter.program import LOGIT, Instruction
from rnn_core.losses import Loss
from rnn_core.practice.arithmetic import NUMPY, Arithmetic
from rnn_core.practice.network import Network
from rnn_core.practice.sheet import LOSS, PREDICTION, Kind, Place, Question

Term = tuple[int | None, FloatArray]
"""A term of a sum, with the step it is from."""


Written = Mapping[Place, Sequence[tuple[tuple[int, ...], float]]]
"""Numbers by the vector or matrix they are of, each with its index there."""


def by_place(entries: Mapping[Question, float]) -> Written:
    """Return numbers by question, as a reckoning takes them."""
    found: dict[Place, list[tuple[tuple[int, ...], float]]] = {}
    for question, number in entries.items():
        found.setdefault(question.place, []).append((question.index, number))
    return found


class Consumer(NamedTuple):
    """Where a quantity is read: by which operation, at which of its places, how many steps on."""

    step: Instruction
    slot: int
    later: int


class Reckoning:
    """One pass over a network from somebody's own numbers, right in every step.

    Parameters
    ----------
    written
        What somebody has written, by place: see `by_place`.
    arithmetic
        What is done to numbers: they are computed, or how they would be is written down.
    """

    def __init__(self, network: Network, written: Written, arithmetic: Arithmetic = NUMPY) -> None:
        self.network, self.plan, self.written = network, network.plan, written
        self.arithmetic = arithmetic
        self.formulas: dict[Place, Any] = {}
        self.owned: dict[Place, Any] = {}

    def expected(self, question: Question) -> float:
        """Return what the formula gives, whatever was written for this very question."""
        with np.errstate(all="ignore"):
            return float(self.formula(*question.place)[question.index])

    def formula(self, of: Kind, name: str, t: int | None) -> Any:
        """Return a quantity, or the gradient by it, computed from the learner's own numbers."""
        place = (of, name, t)
        if place not in self.formulas:
            computed = self._value(name, t) if of == "value" else self._gradient(name, t)
            self.formulas[place] = self.arithmetic.array(computed)
        return self.formulas[place]

    def own(self, of: Kind, name: str, t: int | None) -> Any:
        """Return the quantity as the learner has it: what was written, and the rest computed."""
        place = (of, name, t)
        if place not in self.written:
            return self.formula(of, name, t)
        if place not in self.owned:
            array = np.array(self.formula(of, name, t))
            self.arithmetic.put(array, self.written[place])
            self.owned[place] = array
        return self.owned[place]

    # Forward.

    def _value(self, name: str, t: int | None) -> Any:
        if name == LOSS:
            return np.array([self.loss()])
        assert t is not None  # noqa: S101  # all other values are of a step
        if name == PREDICTION:
            return self.predicted(self.own("value", LETTER, t))
        step = self.plan.by_name[LOGIT if name == LETTER else name]
        return self.applied(step, t)

    def applied(self, step: Instruction, t: int) -> Any:
        """Return the result of an operation at step t."""
        operands = [self.forward_operand(each, t, step) for each in step.operands]
        if step.op.closes:
            return self.arithmetic.activated(step.op.name, operands[0])
        return step.op.value(operands)

    def forward_operand(self, operand: "str | float", t: int, by: Instruction) -> Any:
        """Return what an operation reads in the forward pass."""
        return self.read(operand, t, by)

    def operands(self, step: Instruction, t: int) -> list[Any]:
        """Return what an operation reads at step t."""
        return [self.read(operand, t, step) for operand in step.operands]

    def read(self, operand: "str | float", t: int, by: Instruction | None = None) -> Any:
        """Return one operand at step t."""
        if not isinstance(operand, str):
            return operand
        if operand in self.network.cell.shapes:
            return self.network.parameters[operand]
        if operand == INPUT:
            return self.network.x[t - 1]
        if operand.endswith(BEFORE):
            return self.before(operand.removesuffix(BEFORE), t)
        return self.own("value", operand, t)

    def before(self, state: str, t: int) -> Any:
        """Return a state of the step before."""
        return self.own("value", state, t - 1) if t > 1 else self.initial(state)

    def initial(self, state: str) -> FloatArray:
        """Return a state before the first step."""
        return self.network.initial(state)

    def predicted(self, a: FloatArray) -> FloatArray:
        """Return σ(a), softmax(a) or a."""
        found: FloatArray = self.arithmetic.predicted(self.family, a)
        return found

    @property
    def family(self) -> Loss:
        """The loss."""
        return self.network.trace.family

    def term(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return the terms of the loss at one step."""
        found: FloatArray = self.arithmetic.term(self.family, a, y)
        return found

    def loss(self) -> Any:
        """Return the mean of the terms over the steps read out, from the learner's own p if any."""
        return np.mean([self.term(self.logit(t), self.target(t)) for t in self.network.read])

    def target(self, t: int) -> FloatArray:
        """Return y of a step that is read out."""
        row: FloatArray = self.network.y[t - self.network.read.start]
        return row

    def logit(self, t: int) -> FloatArray:
        """Return the logits, or those behind the predictions that the learner wrote."""
        found: FloatArray = self.arithmetic.either(
            self.written.get(("value", PREDICTION, t), ()),
            lambda: self.behind(self.own("value", PREDICTION, t)),
            lambda: self.own("value", LETTER, t),
        )
        return found

    def behind(self, p: FloatArray) -> FloatArray:
        """Return logits whose prediction is p."""
        if self.family.prediction_op == "sigmoid":
            found: FloatArray = np.log(p) - np.log1p(-p)
            return found
        return np.log(p) if self.family.prediction_op == "softmax" else p

    # Backward.

    def _gradient(self, name: str, t: int | None) -> Any:
        if name in self.network.cell.shapes:
            return self.collected(name, self.weight_terms(name))
        if name == LOSS:
            return np.ones(1)
        assert t is not None  # noqa: S101  # all other gradients are of a step
        if name == LETTER:
            return self.delta(t) / self.shares
        parts = list(self.arriving(name, t))
        return sum(parts[1:], parts[0]) if parts else self.nothing()

    def nothing(self) -> FloatArray:
        """Return the gradient by a line from which the loss does not follow."""
        return np.zeros(self.network.parameters.hidden_size)

    @property
    def shares(self) -> int:
        """The number of terms that L is the mean of."""
        return self.family.count((len(self.network.y), 1, self.network.y.shape[1]))

    def delta(self, t: int) -> FloatArray:
        """Return the derivative of a term by the logits: p − y, or the loss's own where p is a."""
        p, y = self.own("value", PREDICTION, t), self.target(t)
        if self.family.prediction_op == "identity":
            found: FloatArray = self.arithmetic.by_logit(self.family, p, y)
        else:
            found = _multiple(self.family) * (p - y)
        return found

    def arriving(self, name: str, t: int) -> Iterator[FloatArray]:
        """Yield what each operation that reads a quantity of step t sends back to it."""
        for consumer in consumers(self.plan, name):
            at = t + consumer.later
            if at <= self.network.steps and self.is_computed(consumer.step, at):
                yield self.carried(consumer.step, consumer.slot, at)

    def is_computed(self, step: Instruction, t: int) -> bool:
        """Whether an operation is there at step t: the readout is at the steps read out alone."""
        return step.line != LOGIT or t in self.network.read

    def carried(self, step: Instruction, slot: int, t: int) -> FloatArray:
        """Return what a gradient by an operation's result is worth for one of its operands."""
        if step.op.closes:
            by_value = self.arithmetic.slope(step.op.name, self.operands(step, t)[0])
            passed: FloatArray = self.above(step, t) * by_value
            return passed
        value = None if step.op.entrywise or step.op.of_matrix else self.read(step.name, t)
        found: FloatArray = step.op.pull(self.operands(step, t), value, self.above(step, t), slot)
        return found

    def above(self, step: Instruction, t: int) -> Any:
        """Return the gradient by the result of an operation."""
        return self.own("gradient", LETTER if step.name == LOGIT else step.name, t)

    def weight_terms(self, name: str) -> list[Term]:
        """Return the terms that sum over time to the gradient by a parameter."""
        return [
            (t, self.weight_term(consumer.step, consumer.slot, t))
            for consumer in consumers(self.plan, name)
            for t in range(1, self.network.steps + 1)
            if self.is_computed(consumer.step, t)
        ]

    def weight_term(self, step: Instruction, slot: int, t: int) -> FloatArray:
        """Return δ_t vᵀ of a matrix that multiplies v, else what reaches the parameter."""
        if not step.op.of_matrix:
            return self.carried(step, slot, t)
        found: FloatArray = np.outer(self.above(step, t), self.multiplied(step, t))
        return found

    def multiplied(self, step: Instruction, t: int) -> Any:
        """Return the vector that a matrix multiplies at step t."""
        return self.read(step.operands[1], t, step)

    def collected(self, name: str, parts: Sequence[Term]) -> FloatArray:
        """Return the sum of the terms of a parameter's gradient."""
        found: FloatArray = np.sum([term for _, term in parts], axis=0)
        return found


@lru_cache(maxsize=4096)
def consumers(plan: Plan, name: str) -> tuple[Consumer, ...]:
    """Return where a quantity or a parameter is read, those of later steps last."""
    return tuple(
        Consumer(step, slot, later)
        for later, wanted in ((0, name), (1, name + BEFORE))
        for step in plan.instructions
        for slot, operand in enumerate(step.operands)
        if operand == wanted
    )


@lru_cache(maxsize=64)
def _multiple(family: Loss) -> float:
    """Return how many times prediction − target the derivative of a term is."""
    a, y = np.array([0.5, -0.5]), np.array([1.0, 0.0])
    factor: float = (family.delta(a, y) / (family.predict(a) - y))[0]
    return factor
