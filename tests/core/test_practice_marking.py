"""Marks: right numbers are right, a slip costs once, and a known mistake is called by its name."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from rnn_core.practice import GRADES, MISTAKES, Network, Question, Sheet, mark, rounded, sheet_of
from rnn_core.practice.marking import close
from rnn_core.practice.reckoning import Reckoning, by_place
from rnn_core.practice.sheet import questions_of
from rnn_core.practice.slack import slack
from tests.core.graph_cells import run
from tests.core.test_practice_sheets import homework

SHARES = {1: 4500, 2: 4000, 3: 250, 4: 250, 5: 1000}


def key_of(sheet):
    return dict(zip(sheet.questions, sheet.key, strict=True))


def question_of(sheet, of, quantity, t, unit=(1,)):
    return next(
        question
        for question in sheet.questions
        if (question.of, question.quantity, question.t, question.unit) == (of, quantity, t, unit)
    )


def by_hand(sheet, start):
    """Return what somebody writes who rounds each number and computes on with it."""
    entries = dict(start)
    for question in sheet.questions:
        if question not in entries:
            expected = Reckoning(sheet.network, by_place(entries)).expected(question)
            entries[question] = rounded(expected, 3)
    return {question: entries[question] for question in sheet.questions}


@cache
def drawn(grade, seed):
    return sheet_of(grade, seed)


def planted(sheet, mistake, entries):
    """Yield each number that the mistake makes wrong, where all before it is right."""
    written = by_place(entries)
    right = Reckoning(sheet.network, written)
    for way in MISTAKES[mistake].ways(sheet.network):
        wrong = way(sheet.network, written)
        for question in sheet.questions:
            value = wrong.expected(question)
            if not np.isfinite(value):
                continue
            value, wanted = rounded(value, 3), right.expected(question)
            same = close(value, wanted, slack(right, question)) or close(value, entries[question])
            if not same:
                yield question, value


@pytest.mark.parametrize(("grade", "size"), SHARES.items())
def test_right_answers_rounded_to_three_digits_are_right_on_ten_thousand_sheets(grade, size):
    marks = Counter()
    for seed in range(size):
        found = mark((sheet := sheet_of(grade, seed)), key_of(sheet))
        marks.update((each.status, len(each.mistakes)) for each in found.values())
    assert set(marks) == {("right", 0)}
    assert sum(SHARES.values()) == 10_000


@pytest.mark.parametrize("grade", GRADES)
def test_who_rounds_every_number_and_computes_on_with_it_is_right(grade):
    for seed in range(5):
        sheet = sheet_of(grade, seed)
        assert {each.status for each in mark(sheet, by_hand(sheet, {})).values()} == {"right"}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_named(mistake):
    named = Counter()
    for grade in GRADES:
        for seed in range(5):
            sheet = drawn(grade, seed)
            entries = key_of(sheet)
            wrongs = list(planted(sheet, mistake, entries))
            for question, value in wrongs[:: max(1, len(wrongs) // 2)]:
                found = mark(sheet, {**entries, question: value})[question]
                assert found.status == "wrong"
                names = [each.name for each in found.mistakes]
                named["one" if names == [mistake] else "some" if mistake in names else "no"] += 1
    if mistake == "now_forgotten":  # needs a loss at more than one step, which no grade has
        assert not named
    else:
        assert named["one"] >= 0.95 * sum(named.values()) > 5
        assert named["no"] <= 0.01 * sum(named.values())


def test_a_readout_of_this_step_that_is_left_out_is_named():
    network = Network.of(
        "elman",
        {"W_xh": [[0.5]], "W_hh": [[0.8]], "W_hy": [[1.5]]},
        [1, -1, 2],
        [[[0]], [[1]], [[0]]],
        readout="every",
    )
    sheet = Sheet(network, questions_of(network))
    question, value = next(planted(sheet, "now_forgotten", key_of(sheet)))
    found = mark(sheet, {**key_of(sheet), question: value})[question]
    assert [each.name for each in found.mistakes] == ["now_forgotten"]


@pytest.mark.parametrize("grade", GRADES)
def test_a_slip_costs_once(grade):
    for seed in range(10):
        sheet = sheet_of(grade, seed)
        slip = next(question for question, key in key_of(sheet).items() if _feeds(question, key))
        entries = by_hand(sheet, {slip: 2 * key_of(sheet)[slip]})
        found = mark(sheet, entries)
        assert [question for question in found if found[question].status == "wrong"] == [slip]
        assert "follows" in {each.status for each in found.values()}


def _feeds(question, key):
    """Whether later numbers follow from this one: a state that is not that of a shut unit."""
    return (question.of, question.quantity) == ("value", "h") and key != 0


def test_mistakes_made_in_the_homework_are_called_by_their_names():
    sheet = homework()
    d_z = question_of(sheet, "gradient", "z", 3)
    d_h = question_of(sheet, "gradient", "h", 2)
    d_a = question_of(sheet, "gradient", "a", 3)
    W = question_of(sheet, "gradient", "W_hh", None, (1, 2))
    d_z3, h_2 = (-0.499, 0.640), -0.178  # worked by hand, to three digits
    by_mistake = {
        "no_transpose": (d_h, 0.1 * d_z3[0] + 0.4 * d_z3[1]),
        "slope_of_input": (d_z, (1 - 0.578**2) * -0.685),
        "target_minus": (d_a, 1 - 0.315),
        "target_forgotten": (d_a, 0.315),
        "last_step_only": (W, d_z3[0] * h_2),
    }
    for name, (question, value) in by_mistake.items():
        found = mark(sheet, {**key_of(sheet), question: value})[question]
        assert (found.status, [each.name for each in found.mistakes]) == ("wrong", [name])


def test_a_right_number_computed_from_rounded_terms_that_cancel_is_not_called_wrong():
    sheet = homework()
    question = question_of(sheet, "gradient", "h", 2, (2,))
    assert rounded(dict(zip(sheet.questions, sheet.answers, strict=True))[question], 3) == -0.00738
    found = mark(sheet, {**key_of(sheet), question: -0.0076})[question]  # 0.4·−0.499 + 0.3·0.640
    assert found.status == "right"


def test_only_what_is_outside_the_stated_hundredth_is_wrong():
    sheet = sheet_of(4, 3)
    for question, answer in zip(sheet.questions, sheet.answers, strict=True):
        statuses = {
            factor: mark(sheet, {**key_of(sheet), question: answer * factor})[question].status
            for factor in (0.985, 0.9901, 1.0099, 1.015)
        }
        assert list(statuses.values()) == ["wrong", "right", "right", "wrong"], question


def test_two_mistakes_with_one_result_are_both_said():
    network = Network.of(  # δ_1 x_1 = δ_2 x_2, so the mean of the two is each of them
        "elman",
        {"W_xh": [[1]], "W_hh": [[1]], "W_hy": [[2]]},
        [1, 1],
        1,
        activation="identity",
        loss="squared_error",
    )
    sheet = Sheet(network, questions_of(network))
    question = question_of(sheet, "gradient", "W_xh", None, (1, 1))
    half = key_of(sheet)[question] / 2
    found = mark(sheet, {**key_of(sheet), question: half})[question]
    assert {each.name for each in found.mistakes} == {"last_step_only", "no_sum", "mean_for_sum"}


def test_a_number_alone_is_marked_by_the_whole_pass():
    sheet = homework()
    question = question_of(sheet, "gradient", "W_hh", None, (2, 1))
    assert mark(sheet, {question: -0.0483})[question].status == "right"
    assert mark(sheet, {question: 0.0483})[question].status == "wrong"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number):
    sheet = homework()
    with pytest.raises(ValueError, match=r"z: expected a finite number, got (nan|inf)"):
        mark(sheet, {sheet.questions[0]: number})
    with pytest.raises(ValueError, match="expected one of the sheet's questions"):
        mark(sheet, {Question("value", "q", 1, (1,)): 1.0})


def test_a_state_starts_for_the_marks_as_it_starts_for_the_run():
    trace, _ = run("odd")
    network = Network.of_trace(trace)
    for state in network.cell.states:
        assert np.array_equal(network.initial(state), trace[state][0, 0])
        assert np.array_equal(Reckoning(network, {}).initial(state), trace[state][0, 0])
    assert not network.initial("s").any()  # only h and c are given
    assert network.initial("h").any()
