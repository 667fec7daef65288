"""The browser marks a sheet as `rnn_core` does: right, what follows, and the names of mistakes."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.components.sheet_view.marking import marking
from app.figures.common import common
from rnn_core import Parameters, forward
from rnn_core.practice import (
    GRADES,
    MISTAKES,
    Network,
    Question,
    Sheet,
    mark,
    questions_of,
    rounded,
    sheet_of,
)
from rnn_core.practice.reckoning import Reckoning, by_place
from tests.app.in_node import answer
from tests.conftest import ROOT
from tests.core.graph_cells import CASES

SCRIPT = ROOT / "tests" / "app" / "mark_sheets.js"
SHEETS_OF_A_GRADE = 34
CELLS = ("elman", "lstm", "gru", "gru_reset_before", "leaky", "min_gru", "odd")  # two planted
LOSSES = ("binary_cross_entropy", "softmax_cross_entropy", "squared_error", "mean_squared_error")

Entries = dict[Question, float]


def sheets() -> Iterator[Sheet]:
    """Yield drawn sheets of all grades, and networks of every cell, loss and readout."""
    for grade in GRADES:
        yield from (sheet_of(grade, seed) for seed in range(SHEETS_OF_A_GRADE))
    rng = np.random.default_rng(5)
    for seed, (cell, loss, readout) in enumerate(product(CELLS, LOSSES, ("last", "every"))):
        params = Parameters.random(1 + seed % 2, 2, 2, seed=seed, cell=CASES[cell])
        activation = ("tanh", "relu", "sigmoid", "identity")[seed % 4]
        x = rng.normal(size=(2, 1, 1 + seed % 2))
        y = np.eye(2)[rng.integers(0, 2, (2 if readout == "every" else 1, 1))]
        trace = forward(params, x, y, activation=activation, loss=loss, readout=readout)
        network = Network.of_trace(trace)
        yield Sheet(network, questions_of(network))


def attempts(sheet: Sheet, rng: np.random.Generator) -> Iterator[Entries]:
    """Yield what learners write: rounded, with slips carried on, with known mistakes, in parts."""
    key = dict(zip(sheet.questions, sheet.key, strict=True))
    yield key
    asked = list(sheet.questions)
    ways = [way for each in MISTAKES.values() for way in each.ways(sheet.network)]
    for way in rng.permutation(len(ways))[:4]:
        wrong = ways[way](sheet.network, by_place(key))
        values = {question: wrong.expected(question) for question in asked}
        made = [
            question
            for question, value in values.items()
            if np.isfinite(value) and abs(value - key[question]) > 0.02 * abs(key[question])
        ]
        if made:
            question = made[rng.integers(len(made))]
            yield key | {question: rounded(values[question], 3)}
    slip = asked[rng.integers(len(asked) // 2)]
    entries: Entries = {slip: rounded(key[slip] * 1.3 + 0.2, 3)}
    for question in asked[asked.index(slip) + 1 :]:
        value = Reckoning(sheet.network, by_place(entries)).expected(question)
        if np.isfinite(value):
            entries[question] = rounded(value, 3)
    yield entries
    wild = {question: float(rng.normal()) for question in asked if rng.random() < 0.4}
    yield wild


@pytest.fixture(scope="module")
def both() -> list[tuple[Sheet, list[Entries], dict[str, Any]]]:
    rng = np.random.default_rng(11)
    cases = [(sheet, list(attempts(sheet, rng))) for sheet in sheets()]
    told = [
        {
            "marking": marking(sheet),
            "entries": [[each.get(question) for question in sheet.questions] for each in tries],
        }
        for sheet, tries in cases
    ]
    found = answer(SCRIPT, [common(), *told])
    return [(sheet, tries, marks) for (sheet, tries), marks in zip(cases, found, strict=True)]


def test_without_an_entry_the_operations_give_the_answers(both: Any) -> None:
    for sheet, _, found in both:
        np.testing.assert_allclose(found["truth"], sheet.answers, rtol=1e-9, atol=1e-15)


def test_each_number_gets_the_mark_and_the_names_that_the_core_gives_it(both: Any) -> None:
    seen: Counter[str] = Counter()
    for sheet, tries, found in both:
        for entries, marks in zip(tries, found["marks"], strict=True):
            wanted = mark(sheet, entries)
            for question, got in zip(sheet.questions, marks, strict=True):
                if question not in wanted:
                    assert got is None
                    continue
                one = wanted[question]
                named = " — or ".join(mistake.says for mistake in one.mistakes)
                status = "wrong" if got["status"] == "near" else got["status"]
                assert status == one.status, (sheet.network.cell, question, one, got)
                if named or got["status"] == "wrong":
                    assert got["says"] == (named or got["says"]), (question, one, got)
                seen[status] += 1
                seen.update(mistake.name for mistake in one.mistakes)
    assert seen["right"] > 5_000
    assert seen["follows"] > 1_000
    assert {*MISTAKES} <= {*seen}
