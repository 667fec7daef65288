"""Work in the background of a page: it shows progress, can be cancelled, and ends with the page.

A `Job` runs a generator in a thread and keeps what it yields, so that a page can draw it while it
grows. The page calls `beat` each time it draws; when that has not happened for a while, the tab is
closed or shows something else, and the job stops by itself. A `Desk` belongs to one session and
holds the job it is looking at.

The work gets one function, `stop()`: whether to end now. It asks between its pieces and while it
waits, at least every second, and returns. What takes long takes turns with others
(`app.work.turns`).
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Generic, Literal, TypeVar

Item = TypeVar("Item")
Stop = Callable[[], bool]
Work = Callable[[Stop], Iterator[Item]]
State = Literal["running", "done", "cancelled", "left", "failed"]
"""`left`: nobody looks at it any more."""

PATIENCE_S = 4.0
"""Seconds without a heartbeat after which nobody is looking: more than a busy browser is late."""

PACE_S = 15.0
"""The last so many seconds tell the pace: others begin and end beside it."""

UNEXPECTED = "The work stopped unexpectedly; the server's log says why."


@dataclass(frozen=True)
class Progress:
    """How far a job is; `total` pieces in all, `remaining` seconds by the latest pace."""

    state: State
    done: int
    total: int
    elapsed: float
    remaining: float | None  # None before the first piece
    problem: str  # one sentence if it failed

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state != "running"

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


class Job(Generic[Item]):
    """One piece of background work; every method may be called from any thread.

    `key` says what it computes, so that a page can tell whether it is what is wanted now; `had` are
    pieces of an earlier job, which count. A ValueError, RuntimeError or OSError of the work becomes
    the sentence of its `Progress`.
    """

    def __init__(
        self,
        work: Work[Item],
        total: int,
        *,
        key: Hashable = None,
        patience: float = PATIENCE_S,
        clock: Callable[[], float] = monotonic,
        had: Iterable[Item] = (),
    ) -> None:
        self.key = key
        self._work, self._total = work, total
        self._patience, self._clock = patience, clock
        self._lock = threading.Lock()
        self._items: list[Item] = list(had)
        self._state: State = "running"
        self._problem = ""
        self._cancelled = threading.Event()
        self._left = threading.Event()
        self._over = threading.Event()
        self._began = self._ended = self._beaten = clock()
        self._pace = deque([(self._began, len(self._items))])  # when there were how many
        self._thread = threading.Thread(target=self._run, name="unrolled-job", daemon=True)

    def start(self) -> "Job[Item]":
        """Begin."""
        self._thread.start()
        return self

    def beat(self) -> None:
        """Say that somebody is looking."""
        self._beaten = self._clock()

    def cancel(self) -> None:
        """Ask it to end; what it has yielded stays.

        One that a busy browser's silence has ended a moment before counts as cancelled, too:
        whoever asks is looking.
        """
        self._cancelled.set()
        with self._lock:
            if self._state == "left":
                self._state = "cancelled"

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over; whether it is."""
        return self._over.wait(timeout)

    def items(self, first: int = 0) -> list[Item]:
        """Return what the work has yielded so far, from piece `first` on."""
        with self._lock:
            return self._items[first:]

    def progress(self) -> Progress:
        """Return how far it is."""
        with self._lock:
            state, done, problem = self._state, len(self._items), self._problem
            until = self._ended if self._over.is_set() else self._clock()
            since, had = self._pace[0]
        remaining = (until - since) / (done - had) * (self._total - done) if done > had else None
        return Progress(state, done, self._total, until - self._began, remaining, problem)

    def _stop(self) -> bool:
        """Whether it is to end; once said it stays so, whoever comes back meanwhile begins anew."""
        if self._clock() - self._beaten > self._patience:
            self._left.set()
        return self._cancelled.is_set() or self._left.is_set()

    def _run(self) -> None:
        problem = UNEXPECTED  # an error that nobody foresaw goes on to the log
        try:
            self._follow()
            problem = ""
        except (ValueError, RuntimeError, OSError) as error:
            problem = str(error) or UNEXPECTED
        finally:
            self._finish(problem)

    def _follow(self) -> None:
        """Keep what the work yields until it ends or is to stop."""
        work = self._work(self._stop)
        try:
            for item in work:
                self._keep(item)
                if self._stop():
                    break
        finally:
            close = getattr(work, "close", None)  # a generator lets go of what it holds
            if close is not None:
                close()

    def _keep(self, item: Item) -> None:
        with self._lock:
            self._items.append(item)
            now = self._clock()
            if now >= self._pace[-1][0] + PACE_S / 30:
                self._pace.append((now, len(self._items)))
            while len(self._pace) > 2 and self._pace[1][0] <= now - PACE_S:
                self._pace.popleft()

    def _finish(self, problem: str) -> None:
        with self._lock:
            self._ended, self._problem = self._clock(), problem
            if problem:
                self._state = "failed"
            elif len(self._items) >= self._total:
                self._state = "done"
            else:
                self._state = "cancelled" if self._cancelled.is_set() else "left"
            self._over.set()


class Desk(Generic[Item]):
    """The place of one session for one kind of job: at most one, and the last one's results."""

    def __init__(self) -> None:
        self.job: Job[Item] | None = None

    def begin(self, job: Job[Item]) -> None:
        """Start a job in place of the one before, which is cancelled."""
        self.cancel()
        self.job = job.start()

    def cancel(self) -> None:
        """Ask the job to end; what it has yielded is still found."""
        if self.job is not None:
            self.job.cancel()

    def clear(self) -> None:
        """Ask the job to end, and forget it."""
        self.cancel()
        self.job = None

    def find(self, key: Hashable) -> Job[Item] | None:
        """Return the job for that key, with a heartbeat; one for another key is cancelled.

        What a cancelled job has yielded is kept until another begins: it is found again.
        """
        if self.job is None:
            return None
        if self.job.key != key:
            self.job.cancel()
            return None
        self.job.beat()
        return self.job
