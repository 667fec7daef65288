"""A sheet: a network, and what is asked of it, with the answers of `rnn_core`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.graph.plan import LETTER
from rnn_core.practice.arithmetic import DIGITS
from rnn_core.practice.digits import rounded
from rnn_core.practice.network import Network

Kind = Literal["value", "gradient"]
PREDICTION, LOSS = "p", "L"


@dataclass(frozen=True)
class Question(Shown):
    """One number that is asked for: the value of a quantity, or the derivative of the loss by it.

    `quantity` is a line of the cell, "a", "p", "L" or a parameter; `t` counts from 1, and is None
    for what no step has: the loss and the parameters. `unit` is the place in the vector or matrix,
    from 1; of the loss it is [1].
    """

    of: Kind
    quantity: str
    t: int | None
    unit: tuple[int, ...]
    digits: int = DIGITS

    @property
    def place(self) -> "Place":
        """The vector or matrix it is a number of."""
        return self.of, self.quantity, self.t

    @property
    def index(self) -> tuple[int, ...]:
        """The place in that array, from 0."""
        return tuple(each - 1 for each in self.unit)


Place = tuple[Kind, str, int | None]


@dataclass(frozen=True, eq=False)
class Sheet(Shown):
    """A network and the questions about it; `grade` and `seed` where it was drawn."""

    network: Network
    questions: tuple[Question, ...]
    grade: int | None = None
    seed: int | None = None
    title: str = ""

    @cached_property
    def answers(self) -> tuple[float, ...]:
        """The answers to all questions, to the last bit."""
        arrays: dict[Place, FloatArray] = {}
        found = []
        for question in self.questions:
            if question.place not in arrays:
                arrays[question.place] = answer_array(self.network, question.place)
            found.append(float(arrays[question.place][question.index]))
        return tuple(found)

    @cached_property
    def key(self) -> tuple[float, ...]:
        """The answers to the digits asked for: what the key, the bank and the file say."""
        pairs = zip(self.questions, self.answers, strict=True)
        return tuple(rounded(answer, question.digits) for question, answer in pairs)


def answer_array(network: Network, place: Place) -> FloatArray:
    """Return what `rnn_core` computed for a quantity: (n,), or a parameter's shape."""
    of, name, t = place
    source = network.trace if of == "value" else network.gradients
    if t is None and name != LOSS:
        return network.gradients.parameters[name]
    if name == LOSS:
        return np.array([network.trace.loss if of == "value" else 1.0])
    assert t is not None  # noqa: S101  # only the loss and parameters have no step
    if name in (LETTER, PREDICTION):
        read = t - network.read.start
        trace = network.trace
        values = trace.prediction if name == PREDICTION else source.logits
        found: FloatArray = values[read, 0]
        return found
    states = network.cell.states
    row: FloatArray = source[name][t if name in states else t - 1, 0]
    return row


def questions_of(network: Network, digits: int = DIGITS) -> tuple[Question, ...]:
    """Return all questions about a network, in the order in which a learner computes.

    The forward pass step by step, the loss, back from it to the first step, the parameters. What
    only repeats another number is left out: a line that is the identity, biases and initial states
    that are zero, the gradient by a line that has no part in the loss.
    """
    return tuple(_questions(network, digits))


def _questions(network: Network, digits: int) -> Iterator[Question]:
    lines = lines_of(network)
    steps, (_, outputs) = range(1, network.steps + 1), network.y.shape
    hidden = network.parameters.hidden_size

    def each(of: Kind, name: str, t: int | None, *shape: int) -> Iterator[Question]:
        for index in np.ndindex(*shape):
            yield Question(of, name, t, tuple(place + 1 for place in index), digits)

    for t in steps:
        for name in lines:
            yield from each("value", name, t, hidden)
        if t in network.read:
            yield from each("value", LETTER, t, outputs)
            if network.trace.family.prediction_op != "identity":
                yield from each("value", PREDICTION, t, outputs)
    yield from each("value", LOSS, None, 1)
    for t in reversed(steps):
        if t in network.read:
            yield from each("gradient", LETTER, t, outputs)
        for name in reversed(lines):
            yield from each("gradient", name, t, hidden)
    for name, array in reversed(list(network.parameters.items())):
        if array.any() or array.ndim > 1:
            yield from each("gradient", name, None, *array.shape)


def lines_of(network: Network) -> list[str]:
    """Return the lines of a step that are asked for: not one that only copies another."""
    plan = network.plan
    copies = {step.name for step in plan.instructions if step.op.name == "identity"}
    copied = {str(plan.by_name[name].operands[0]) for name in copies if name in network.cell.line}
    return [name for name in network.cell.line if name not in copied]
