"""Fair turns at a few places: who has waited longest is next, and nobody keeps a place for long.

What takes long is made of short pieces, and each piece asks for a turn of its own. So a job of two
seconds beside jobs of an hour takes some seconds, however many there are. A place has a process
(`app.work.process`), started when a turn first needs it; it ends when nobody takes part any more,
or fewer than there are processes.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heapify, heapreplace
from statistics import fmean
from time import monotonic

from app.work.process import Process, Stop

LOOK_S = 0.1  # between two questions whether to stop
REMEMBERED = 8  # turns that tell how long the next ones take


@dataclass(frozen=True)
class Wait:
    """The place of one who waits: how many come before him, and for about how many seconds."""

    before: int
    seconds: float | None  # None before any turn has ended


@dataclass(eq=False)
class _Ticket:
    who: object  # whose turn it is; one may have several
    began: float = 0.0


class Turns:
    """Some places; every method may be called from any thread."""

    def __init__(self, places: int, clock: Callable[[], float] = monotonic) -> None:
        self.places = places
        self._clock = clock
        self._changed = threading.Condition()
        self._taken: list[_Ticket] = []
        self._queue: deque[_Ticket] = deque()
        self._members: list[int] = []  # how many turns each may have at a time
        self._idle: list[Process] = []
        self._lately: deque[float] = deque(maxlen=REMEMBERED)  # seconds of the latest turns

    @property
    def sharing(self) -> int:
        """How many take part now."""
        return len(self._members)

    @property
    def crowded(self) -> bool:
        """Whether those who take part would use more places than there are."""
        return sum(self._members) > self.places

    def wait(self, who: object) -> Wait | None:
        """Return the place of one who waits for his turn; None if he has one, or asks for none.

        The seconds are an estimate: turns take as long as the latest did, on average, and one that
        has taken longer will take as long again.
        """
        with self._changed:
            place = next((k for k, other in enumerate(self._queue) if other.who is who), None)
            if place is None or any(other.who is who for other in self._taken):
                return None
            ahead = [*self._taken, *list(self._queue)[:place]]
            before = len({id(other.who) for other in ahead})
            if not self._lately:
                return Wait(before, None)
            usual, now = fmean(self._lately), self._clock()
            so_far = [now - other.began for other in self._taken]
        left = [usual - seconds if seconds < usual else seconds for seconds in so_far]
        return Wait(before, _until_free(left, self.places, usual, place))

    @contextmanager
    def member(self, most: int = 1) -> Iterator[None]:
        """Take part for as long as the block lasts, with up to `most` turns at a time."""
        with self._changed:
            self._members.append(most)
        try:
            yield
        finally:
            with self._changed:
                self._members.remove(most)
            self._dismiss()

    @contextmanager
    def turn(self, stop: Stop, who: object = None) -> Iterator[Process | None]:
        """Wait for a place and have its process for the block; None if `stop()` came first.

        Whoever asks for several turns, or asks for his place in the queue, says who he is.
        """
        ticket = _Ticket(object() if who is None else who)
        process = self._begin(stop, ticket)
        try:
            yield process
        finally:
            if process is not None:
                self._finish(process, ticket)

    def _begin(self, stop: Stop, ticket: _Ticket) -> Process | None:
        with self._changed:
            self._queue.append(ticket)
            try:
                while len(self._taken) >= self.places or self._queue[0] is not ticket:
                    if stop():
                        return None
                    self._changed.wait(LOOK_S)
                ticket.began = self._clock()
                self._taken.append(ticket)
                return self._idle.pop() if self._idle else Process()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def _finish(self, process: Process, ticket: _Ticket) -> None:
        with self._changed:
            self._taken.remove(ticket)
            self._lately.append(self._clock() - ticket.began)
            self._idle.append(process)
            self._changed.notify_all()
        self._dismiss()

    def _dismiss(self) -> None:
        """End the processes that there is nobody for."""
        with self._changed:
            needed = max(0, min(sum(self._members), self.places) - len(self._taken))
            surplus, self._idle = self._idle[needed:], self._idle[:needed]
        for process in surplus:
            process.close()


def _until_free(left: Iterable[float], places: int, usual: float, queue: int) -> float:
    """Return the seconds until a place is free for who stands behind `queue` others.

    `left` are the seconds that the turns at work still take; a waiting one takes `usual` seconds.
    """
    free = [*left]
    free += [0.0] * (places - len(free))
    heapify(free)
    for _ in range(queue):
        heapreplace(free, free[0] + usual)
    return free[0]
