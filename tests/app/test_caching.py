"""What is kept is bounded in bytes over all visitors, and goes with those who leave."""

import threading
from sys import getsizeof

import numpy as np
import pytest

from app.components.editor import commands
from app.components.editor.commands import Command
from app.experiment import presets
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures.run import payload
from app.work import caching
from app.work.caching import STORE, Store, cached, size_of

MIB = 2**20


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    small = Store(10 * MIB)
    monkeypatch.setattr(caching, "STORE", small)
    return small


def largest() -> Experiment:
    """As many numbers as one experiment may have."""
    made = presets.default()
    for field, size in (("T", "120"), ("B", "64"), ("H", "64")):
        made = commands.act(made, Command(n=1, do="size", field=field, text=size))
    return made


def test_a_result_is_made_once_for_equal_arguments(store: Store) -> None:
    calls: list[int] = []

    @cached
    def squared(number: int, *, power: int = 2) -> int:
        """Say what it is."""
        calls.append(number)
        return int(number**power)

    assert [squared(3), squared(3), squared(4), squared(3, power=3)] == [9, 9, 16, 27]
    assert calls == [3, 4, 3]
    assert squared.__doc__ == "Say what it is."
    squared.cache_clear()
    squared(3)
    assert calls == [3, 4, 3, 3]


def test_the_least_recently_used_goes_first_whatever_made_it(store: Store) -> None:
    made: list[str] = []

    @cached
    def ones(name: str) -> object:
        made.append(name)
        return np.ones(3 * MIB // 8)

    @cached
    def zeros(name: str) -> object:
        made.append(name)
        return np.zeros(3 * MIB // 8)

    ones("a"), zeros("b"), ones("c")
    ones("a"), zeros("d")  # "b" is the oldest by now
    ones("a"), ones("c"), zeros("d")
    assert made == ["a", "b", "c", "d"]
    zeros("b")
    assert made == ["a", "b", "c", "d", "b"]
    assert store.size <= store.budget


def test_what_is_larger_than_all_the_room_is_returned_and_not_kept(store: Store) -> None:
    kept = cached(np.ones)
    kept(8)
    assert kept(11 * MIB // 8).nbytes == 11 * MIB
    assert 0 < store.size < 1000
    assert kept(8) is kept(8)


def test_only_what_nobody_else_has_asked_for_goes_with_a_visitor(store: Store) -> None:
    made: list[str] = []
    kept = cached(lambda name: (made.append(name), name)[1])
    for visitor, name in (("ann", "hers"), ("ann", "both"), ("bob", "both"), ("bob", "his")):
        store.owner = lambda visitor=visitor: visitor
        kept(name)
    store.owner = lambda: None
    kept("nobody's")
    store.release("ann")
    made.clear()
    for name in ("hers", "both", "his", "nobody's"):
        kept(name)
    assert made == ["hers"]
    store.release("bob")
    made.clear()
    kept("both"), kept("his")
    assert made == ["both", "his"]


def test_an_error_is_not_kept(store: Store) -> None:
    asked: list[int] = []

    @cached
    def failing(number: int) -> int:
        asked.append(number)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            failing(1)
    assert asked == [1, 1]
    assert store.size == 0


def test_many_threads_leave_the_account_right(store: Store) -> None:
    kept = cached(lambda number: np.ones(number % 97 * 1000))

    def work(first: int) -> None:
        for number in range(first, first + 400):
            assert kept(number).size == number % 97 * 1000

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200, 5000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 <= store.size <= store.budget
    store.clear()
    assert store.size == 0


@pytest.mark.parametrize(
    ("value", "exactly"),
    [
        (np.ones((1000, 10)), 80_000),
        (np.ones(10_000)[::2], 80_000),  # a view keeps the whole
        ({"a": np.ones(10_000), "b": np.zeros(10_000)}, 160_000),
        ([np.ones(10_000)] * 5, 80_000),  # one array, five times
        (b"x" * 50_000, 50_000),
        ("x" * 50_000, 50_000),
        (tuple(map(float, range(10_000))), 320_000),
        (
            tuple((float(k),) for k in range(10_000)),
            10_000 * (8 + getsizeof((0.0,)) + getsizeof(0.0)),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_sizes_are_those_of_what_is_held(value: object, exactly: int) -> None:
    assert size_of(value) == pytest.approx(exactly, rel=0.05)


def test_a_largest_run_with_its_figures_takes_what_the_budget_counts_on() -> None:
    STORE.clear()  # of a full one, something else would have to go
    experiment = largest()
    trace, grads = trace_of(experiment), gradients_of(experiment)
    arrays = trace.h.nbytes + trace.z.nbytes + grads.z.nbytes + grads.h.nbytes
    assert size_of((trace, grads)) == pytest.approx(arrays, rel=0.1)
    before = STORE.size
    payload(trace, grads)
    assert STORE.size > before
    assert 5 * (size_of((trace, grads)) + size_of(trace)) < caching.BUDGET


def test_eighty_edits_of_a_largest_run_keep_no_more_than_the_budget() -> None:
    experiment = largest()
    for k in range(80):
        edit = Command(n=1, do="cell", field="W_hh", column=1, text=f"{k / 1000:.3f}")
        experiment = commands.act(experiment, edit)
        gradients_of(experiment)
        assert STORE.size <= caching.BUDGET
    assert gradients_of(experiment) is gradients_of(experiment)
