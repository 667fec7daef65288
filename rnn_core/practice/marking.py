"""What a learner has written, marked: each number by the learner's own earlier numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from rnn_core._short import Shown
from rnn_core.practice.arithmetic import ROUNDING, half_unit
from rnn_core.practice.mistakes import MISTAKES, Mistake
from rnn_core.practice.network import Network
from rnn_core.practice.reckoning import Reckoning, by_place
from rnn_core.practice.sheet import Question, Sheet
from rnn_core.practice.slack import slack

TOLERANCE = 0.01
"""A number is right within one hundredth of it: three digits are enough, two often are not."""

NOTHING = 1e-12
"""What is taken for 0: where 0 is the answer, and of a difference, as a part of what is granted."""

Status = Literal["right", "follows", "wrong"]


@dataclass(frozen=True)
class Mark(Shown):
    """What is said of one number.

    `status` is "right", "follows" (wrong, but what follows from earlier numbers of the learner's
    own: it costs nothing) or "wrong". `expected` is what follows from the earlier numbers.
    `mistakes` are those that give the number; two or more where they cannot be told apart.
    """

    question: Question
    entry: float
    status: Status
    expected: float
    mistakes: tuple[Mistake, ...] = ()


def mark(sheet: Sheet, entries: Mapping[Question, float]) -> dict[Question, Mark]:
    """Return a mark for each number that was written.

    Right is what agrees with the answer, or with what the formula gives for the learner's own
    earlier numbers: within `TOLERANCE` of it, or within what rounding its terms to three digits
    does (see `slack`), where these cancel.

    Raises
    ------
    ValueError
        A question is not of the sheet, or a number is not finite.
    """
    answers = dict(zip(sheet.questions, sheet.answers, strict=True))
    for question, number in entries.items():
        if question not in answers:
            raise ValueError(f"entry: expected one of the sheet's questions, got {question!r:.100}")
        if not isfinite(number):
            raise ValueError(f"{question.quantity}: expected a finite number, got {number}")
    marker = _Marker(sheet.network, entries)
    return {
        question: marker.mark(question, number, answers[question])
        for question, number in entries.items()
    }


class _Marker:
    """The reckonings of one marking, each made when it is first needed."""

    def __init__(self, network: Network, entries: Mapping[Question, float]) -> None:
        self.network, self.written = network, by_place(entries)
        self.reckoning = Reckoning(network, self.written)
        self.wrong: dict[str, list[Reckoning]] = {}

    def mark(self, question: Question, number: float, answer: float) -> Mark:
        if close(number, answer):
            return Mark(question, number, "right", answer)
        expected = self.reckoning.expected(question)
        granted = slack(self.reckoning, question)
        if close(number, expected, granted):
            same = close(expected, answer, granted)
            return Mark(question, number, "right" if same else "follows", expected)
        named = self.named(question, number, expected)
        return Mark(question, number, "wrong", expected, named)

    def named(self, question: Question, number: float, expected: float) -> tuple[Mistake, ...]:
        """Return the mistakes that give a number; those that give it to the digit, if any do."""
        near, exact = [], []
        for mistake in MISTAKES.values():
            for found in self.given_by(mistake, question):
                if _same_digits(found, expected):
                    continue  # the mistake makes no difference here
                if close(number, found):
                    near.append(mistake)
                    if _same_digits(number, found):
                        exact.append(mistake)
                    break
        return tuple(exact or near)

    def given_by(self, mistake: Mistake, question: Question) -> Iterator[float]:
        if mistake.name not in self.wrong:
            self.wrong[mistake.name] = [
                way(self.network, self.written) for way in mistake.ways(self.network)
            ]
        for reckoning in self.wrong[mistake.name]:
            yield reckoning.expected(question)


def close(number: float, target: float, granted: float = 0.0) -> bool:
    """Whether a number is a value within the tolerance, or within what is granted besides.

    A number that is written with three digits of the value is always.
    """
    if not isfinite(target):
        return False
    if not target:
        return abs(number) <= max(NOTHING, granted)
    allowed = max(TOLERANCE * abs(target), granted)
    return abs(number - target) <= allowed * (1 + NOTHING)


def _same_digits(number: float, value: float) -> bool:
    """Whether a number is a value rounded to the digits asked for, or the value itself."""
    return bool(abs(number - value) <= half_unit(value) + ROUNDING * abs(value))
