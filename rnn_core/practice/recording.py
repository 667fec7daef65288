"""The marking of a sheet, written down as elementary operations for another language to follow.

The reckonings of `marking` run once on symbols in place of numbers, and each operation that they
would do is noted. Whoever does these with what a learner has written gets what the formula gives
for every question, how far rounded terms can be off, and what each known mistake gives: the
formulas and the mistakes stand in Python alone (recording, as in Griewank and Walther, 2008, §6.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core._short import Shown
from rnn_core.practice.mistakes import MISTAKES
from rnn_core.practice.reckoning import Reckoning, by_place
from rnn_core.practice.sheet import Sheet
from rnn_core.practice.slack import slack_of
from rnn_core.practice.tape import Noted, Tape


@dataclass(frozen=True)
class Recorded(Shown):
    """A sheet's marking as operations: by question, the places of their results.

    `mistakes` has for each question the names of those that make a difference there, each with the
    place of the number that it gives, in the order of `MISTAKES`.
    """

    tape: Mapping[str, Any]
    expected: tuple[int, ...]
    granted: tuple[int, ...]
    mistakes: tuple[tuple[tuple[str, int], ...], ...]


def recorded(sheet: Sheet) -> Recorded:
    """Return the marking of a sheet as operations on what will be written, by question."""
    tape = Tape()
    written = by_place({question: k for k, question in enumerate(sheet.questions)})
    noted = Noted(tape)

    def results(reckoning: Reckoning) -> list[int]:
        return [
            tape.lifted(reckoning.formula(*question.place)[question.index]).place
            for question in sheet.questions
        ]

    right = Reckoning(sheet.network, written, noted)
    with np.errstate(all="ignore"):
        expected = results(right)
        granted = [tape.lifted(slack_of(right, question)).place for question in sheet.questions]
        mistakes: list[list[tuple[str, int]]] = [[] for _ in sheet.questions]
        for name, mistake in MISTAKES.items():
            for way in mistake.ways(sheet.network):
                wrong = results(way(sheet.network, written, noted))
                for place, (found, wanted) in zip(
                    mistakes, zip(wrong, expected, strict=True), strict=True
                ):
                    if found != wanted and (name, found) not in place:
                        place.append((name, found))
    return Recorded(
        tape.described(), tuple(expected), tuple(granted), tuple(tuple(each) for each in mistakes)
    )
