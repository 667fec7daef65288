"""Pages in turn: who asked first is drawn first, and a long one holds nobody up.

Thirty pages drawn at once all take thirty times as long; drawn in turn, the first is there at once
and the last no later. Python runs one thread at a time anyway.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

PLACES = 2  # one that waits for something leaves the other
LONG_S = 0.2
"""After so many seconds a page is a long one, beside which the next may begin."""


class PageQueue:
    """A queue with some places, in which nobody is waited for longer than `long` seconds."""

    def __init__(
        self, places: int = PLACES, long: float = LONG_S, clock: Callable[[], float] = monotonic
    ) -> None:
        self._places = places
        self._long = long
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._began: dict[object, float] = {}  # of those who have their turn

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends."""
        me = object()
        with self._changed:
            self._waiting.append(me)
            try:
                while self._waiting[0] is not me or (left := self._left()) > 0:
                    self._changed.wait(left if self._waiting[0] is me else None)
                self._began[me] = self._clock()
            finally:  # also who is interrupted while he waits leaves the queue
                self._waiting.remove(me)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                del self._began[me]
                self._changed.notify_all()

    def _left(self) -> float:
        """Return for how long those who have their turn may still be waited for."""
        if len(self._began) < self._places:
            return 0.0
        latest = sorted(self._began.values())[-self._places]
        return latest + self._long - self._clock()


PAGES = PageQueue()
