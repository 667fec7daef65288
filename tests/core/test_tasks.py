"""The tasks: what comes out follows from what goes in, and the baselines are what guessing gets."""

import numpy as np
import pytest

from rnn_core.training import TASKS, Setup, characters, forecasting, task_named
from rnn_core.training.tasks.made import COPIED, SYMBOLS

MANY = 4000
SETUP = Setup(length=5, hidden=4, updates=1)


def drawn(name: str, length: int, batch: int = MANY):
    return TASKS[name].draw(np.random.default_rng(1), batch, length)


@pytest.mark.parametrize("name", list(TASKS))
def test_a_batch_depends_on_its_seed_alone(name: str) -> None:
    task = TASKS[name]
    one, again = (task.draw(np.random.default_rng([3, 7]), 5, 9) for _ in range(2))
    other = task.draw(np.random.default_rng([3, 8]), 5, 9)
    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.target, again.target)
    assert not np.array_equal(one.x, other.x)
    assert one.x.shape[1:] == (5, task.inputs)
    steps = len(one.x) if task.readout == "every" else 1
    assert one.target.shape[:2] == (steps, 5)
    assert task.setup.length >= task.shortest


def test_first_bit_is_told_by_nothing_but_the_first_bit() -> None:
    batch = drawn("first_bit", 12)
    assert set(np.unique(batch.x)) == {-1, 1}
    assert np.array_equal(batch.target[0], (batch.x[0] + 1) / 2)
    guess = np.mean(batch.target == 1)
    assert guess == pytest.approx(TASKS["first_bit"].baseline(12), abs=0.03)


def test_parity_counts_the_ones_so_far() -> None:
    batch = drawn("parity", 9)
    product = np.cumprod(-batch.x, axis=0)  # −1 once for each one
    assert np.array_equal(batch.target, (1 - product) / 2)
    assert np.mean(batch.target[-1]) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("length", [2, 7, 30])
def test_adding_marks_one_number_in_each_half_and_adds_them(length: int) -> None:
    batch = drawn("adding", length)
    values, marks = batch.x[:, :, 0], batch.x[:, :, 1]
    assert np.all((values >= 0) & (values <= 1))
    assert np.array_equal(marks[: length // 2].sum(axis=0), np.ones(MANY))
    assert np.array_equal(marks[length // 2 :].sum(axis=0), np.ones(MANY))
    assert np.allclose(batch.target[0, :, 0], (values * marks).sum(axis=0))
    always_one = np.mean((batch.target - 1) ** 2)
    assert always_one == pytest.approx(TASKS["adding"].baseline(length), abs=0.01)
    assert TASKS["adding"].baseline(length) == pytest.approx(0.167, abs=5e-4)  # as published


def test_copying_gives_the_symbols_back_after_the_delay() -> None:
    delay = 6
    batch = drawn("copy", delay, 200)
    read = batch.x.argmax(axis=-1)
    assert np.array_equal(batch.x.sum(axis=-1), np.ones(read.shape))
    assert len(read) == delay + 2 * COPIED
    assert np.array_equal(batch.target[-COPIED:], read[:COPIED])
    assert np.all(batch.target[:-COPIED] == SYMBOLS)
    assert np.all(read[COPIED + delay - 1] == SYMBOLS + 1)
    after_marker = len(read) - (COPIED + delay)
    assert after_marker == COPIED  # the symbols are due right after the marker
    blank, symbol = np.full_like(batch.target, SYMBOLS), np.zeros_like(batch.target)
    guess = np.where(np.arange(len(read))[:, None] < len(read) - COPIED, blank, symbol)
    baseline = TASKS["copy"].baseline(delay)
    assert np.mean(guess == batch.target) == pytest.approx(baseline, abs=0.01)


@pytest.mark.parametrize("length", [2, 7, 20])
def test_the_order_of_two_marks_is_that_in_which_they_are_read(length: int) -> None:
    task, batch = TASKS["temporal_order"], drawn("temporal_order", length)
    rows = ["".join(task.symbols[i] for i in column) for column in batch.x.argmax(axis=-1).T]
    assert np.all(batch.x.sum(axis=-1) == 1)
    for row, wanted in zip(rows, batch.target[0], strict=True):
        halves = row[: length // 2], row[length // 2 :]
        assert [sum(map(half.count, "XY")) for half in halves] == [1, 1]
        assert "".join(each for each in row if each in "XY") == task.classes[wanted]
    shares = np.bincount(batch.target[0]) / MANY
    assert shares == pytest.approx([task.baseline(length)] * 4, abs=0.03)


def test_sine_is_followed_by_its_next_value() -> None:
    batch = drawn("sine", 30)
    assert np.array_equal(batch.x[1:], batch.target[:-1])
    second = batch.target[2:] - 2 * batch.target[1:-1] + batch.target[:-2]
    ratio = second / batch.target[1:-1]  # 2 cos ω − 2, the same at all steps of one sine
    usable = np.abs(batch.target[1:-1]) > 0.1
    for column in range(20):
        own = ratio[:, column, 0][usable[:, column, 0]]
        assert np.ptp(own) < 1e-9
    assert np.mean(batch.target**2) == pytest.approx(TASKS["sine"].baseline(30), abs=0.03)


def test_forecasting_knows_nothing_of_the_end() -> None:
    values = np.arange(40.0) ** 1.5
    task = forecasting("x", "X", "here", values, train_share=0.5, setup=SETUP)
    spoilt = values.copy()
    spoilt[20:] = -1e6
    other = forecasting("x", "X", "here", spoilt, train_share=0.5, setup=SETUP)
    for seed in range(50):
        mine, its = (each.draw(np.random.default_rng(seed), 8, 5) for each in (task, other))
        assert np.array_equal(mine.x, its.x)
        assert np.array_equal(mine.target, its.target)
    exam = task.held_out(5)
    scaled = (values - values[:20].mean()) / values[:20].std()
    assert np.allclose(exam.x[:, 0, 0], scaled[19:24])
    assert np.allclose(exam.target[-1, -1, 0], scaled[-1])
    assert task.baseline(5) == pytest.approx(np.mean(np.diff(scaled[19:]) ** 2))
    with pytest.raises(ValueError, match="expected at least 6 numbers before and after the split"):
        forecasting("x", "X", "here", values[:8], train_share=0.5, setup=SETUP)


def test_characters_are_one_hot_and_followed_by_the_next() -> None:
    text = "abcab cabba " * 6
    task = characters(text, train_share=0.75, setup=SETUP)
    alphabet = sorted(set(text))
    assert task.inputs == task.outputs == len(alphabet)
    batch = task.draw(np.random.default_rng(0), 30, 5)
    read = ["".join(alphabet[i] for i in column) for column in batch.x.argmax(axis=-1).T]
    wanted = ["".join(alphabet[i] for i in column) for column in batch.target.T]
    pairs = zip(read, wanted, strict=True)
    assert all(one[1:] == two[:-1] and one + two[-1] in text for one, two in pairs)
    exam = task.held_out(5)
    test = text[54:]
    assert "".join(alphabet[i] for i in exam.target[:, 0]) == test[1:6]
    assert task.baseline(5) == max(map(test.count, alphabet)) / len(test)
    for bad, said in (("aaaa", "at least 2 different"), ("ab" * 5, "before and after the split")):
        with pytest.raises(ValueError, match=said):
            characters(bad, train_share=0.75, setup=SETUP)


def test_marks_are_reached_from_the_right_side() -> None:
    assert TASKS["parity"].is_solved(0.995, 9)
    assert not TASKS["parity"].is_solved(0.9, 9)
    assert TASKS["adding"].is_solved(0.005, 30)
    assert not TASKS["adding"].is_solved(0.1, 30)
    assert not TASKS["adding"].is_solved(float("nan"), 30)
    with pytest.raises(ValueError, match="task: expected one of first_bit"):
        task_named("chess")
