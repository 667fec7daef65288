"""Background work, stepped by events and a clock of the test's own: nothing here waits for time."""

import threading
from collections.abc import Iterator

import pytest

from app.work.jobs import PATIENCE_S, UNEXPECTED, Desk, Job, Stop

PATIENCE = 30  # seconds until a test gives up: nothing comes near it


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Steps:
    """Work of `total` pieces, each of which the test lets out by itself."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.permits = threading.Semaphore(0)
        self.closed = threading.Event()

    def __call__(self, stop: Stop) -> Iterator[int]:
        try:
            for number in range(self.total):
                while not self.permits.acquire(timeout=0.01):
                    if stop():
                        return
                yield number
        finally:
            self.closed.set()

    def let_out(self, job: Job[int], count: int) -> None:
        wanted = job.progress().done + count
        for _ in range(count):
            self.permits.release()
        while job.progress().done < wanted:  # a thread takes them one after the other
            threading.Event().wait(0.001)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def made(work: Steps, clock: Clock) -> Job[int]:
    return Job(work, work.total, clock=clock)


def test_it_yields_everything_and_is_done(clock: Clock) -> None:
    work = Steps(3)
    job = made(work, clock).start()
    work.let_out(job, 3)
    assert job.wait(PATIENCE)
    assert job.items() == [0, 1, 2]
    assert job.items(2) == [2]
    progress = job.progress()
    assert (progress.state, progress.done, progress.share) == ("done", 3, 1.0)
    assert progress.over
    assert work.closed.is_set()


def test_progress_and_the_time_that_remains(clock: Clock) -> None:
    work = Steps(10)
    job = made(work, clock).start()
    work.let_out(job, 4)
    clock.now += 2.0
    progress = job.progress()
    assert (progress.state, progress.done, progress.total) == ("running", 4, 10)
    assert progress.share == 0.4
    assert progress.elapsed == 2.0
    assert progress.remaining == pytest.approx(3.0)  # 6 pieces at half a second
    job.cancel()
    assert job.wait(PATIENCE)
    clock.now += 50
    assert job.progress().elapsed == 2.0  # time stands still for what is over


def test_cancel_keeps_what_there_is(clock: Clock) -> None:
    work = Steps(5)
    job = made(work, clock).start()
    work.let_out(job, 2)
    job.cancel()
    assert job.wait(PATIENCE)
    assert work.closed.is_set()
    assert job.items() == [0, 1]
    assert job.progress().state == "cancelled"


def test_it_ends_when_nobody_looks(clock: Clock) -> None:
    work = Steps(5)
    job = made(work, clock).start()
    work.let_out(job, 1)
    clock.now += PATIENCE_S + 1
    assert job.wait(PATIENCE)
    assert work.closed.is_set()
    assert job.progress().state == "left"
    job.cancel()  # by somebody whose browser was only late
    assert job.progress().state == "cancelled"


def test_who_comes_back_while_it_ends_does_not_call_it_back(clock: Clock) -> None:
    told, back, answers = threading.Event(), threading.Event(), []

    def ending(stop: Stop) -> Iterator[int]:
        while not stop():
            threading.Event().wait(0.001)
        told.set()
        assert back.wait(PATIENCE)
        answers.append(stop())  # what it broke off is no failure
        yield from ()

    job = Job(ending, 1, clock=clock).start()
    clock.now += PATIENCE_S + 1
    assert told.wait(PATIENCE)
    job.beat()
    back.set()
    assert job.wait(PATIENCE)
    assert answers == [True]
    assert job.progress().state == "left"


def test_a_heartbeat_keeps_it_going(clock: Clock) -> None:
    work = Steps(4)
    job = made(work, clock).start()
    for _ in range(4):
        clock.now += PATIENCE_S - 1  # in all far longer than the patience
        job.beat()
        work.let_out(job, 1)
    assert job.wait(PATIENCE)
    assert job.progress().state == "done"


def test_work_that_does_not_ask_is_stopped_after_its_piece(clock: Clock) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def stubborn(stop: Stop) -> Iterator[int]:
        begun.set()
        assert go_on.wait(PATIENCE)
        yield 1
        yield 2

    job = Job(stubborn, 2, clock=clock).start()
    assert begun.wait(PATIENCE)
    job.cancel()
    go_on.set()
    assert job.wait(PATIENCE)
    assert job.items() == [1]


@pytest.mark.parametrize("error", [ValueError, RuntimeError, OSError, TimeoutError])
def test_a_known_error_is_a_sentence(clock: Clock, error: type[Exception]) -> None:
    def failing(stop: Stop) -> Iterator[int]:
        yield 1
        raise error("scheduler: expected an answer, got none")

    job = Job(failing, 3, clock=clock).start()
    assert job.wait(PATIENCE)
    progress = job.progress()
    assert progress.state == "failed"
    assert progress.problem == "scheduler: expected an answer, got none"
    assert job.items() == [1]


def test_an_error_that_nobody_foresaw_is_logged_and_ends_the_job(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: logged.append(args.exc_type))

    def failing(stop: Stop) -> Iterator[int]:
        yield 1 // 0

    job = Job(failing, 3, clock=clock).start()
    assert job.wait(PATIENCE)
    assert job.progress().problem == UNEXPECTED
    job._thread.join(PATIENCE)
    assert logged == [ZeroDivisionError]


def test_the_pace_is_that_of_the_last_seconds(clock: Clock) -> None:
    """Others begin and end beside it, so what it was at first says nothing of the rest."""
    work = Steps(60)
    job = made(work, clock).start()
    for _ in range(10):
        clock.now += 10.0
        job.beat()
        work.let_out(job, 1)
    for _ in range(40):
        clock.now += 0.5
        job.beat()
        work.let_out(job, 1)
    assert job.progress().remaining == pytest.approx(10 * 0.5)
    job.cancel()
    assert job.wait(PATIENCE)


def test_it_goes_on_from_the_pieces_of_an_earlier_one(clock: Clock) -> None:
    work = Steps(2)
    job = Job(work, 5, clock=clock, had=[7, 8, 9]).start()
    assert job.progress().done == 3
    assert job.progress().remaining is None  # of its own pace nothing is known yet
    clock.now += 2.0
    work.let_out(job, 1)
    assert job.progress().remaining == pytest.approx(2.0)
    work.let_out(job, 1)
    assert job.wait(PATIENCE)
    assert (job.items(), job.progress().state) == ([7, 8, 9, 0, 1], "done")


def test_a_desk_finds_its_job_by_what_it_computes(clock: Clock) -> None:
    desk: Desk[int] = Desk()
    assert desk.find("a") is None
    desk.cancel()  # nothing to do
    work = Steps(2)
    job = Job(work, 2, key="a", clock=clock)
    desk.begin(job)
    work.let_out(job, 1)
    clock.now += PATIENCE_S - 1
    assert desk.find("a") is job  # and that is a heartbeat
    clock.now += PATIENCE_S - 1
    assert not job.progress().over
    assert desk.find("b") is None
    assert job.wait(PATIENCE)  # what nobody wants any more is cancelled
    assert job.progress().state == "cancelled"
    assert desk.find("a") is job


def test_a_desk_has_one_job(clock: Clock) -> None:
    desk: Desk[int] = Desk()
    first, second = (Job(Steps(1), 1, clock=clock) for _ in "ab")
    desk.begin(first)
    desk.begin(second)
    assert first.wait(PATIENCE)
    assert not second.progress().over
    desk.cancel()
    assert second.wait(PATIENCE)
