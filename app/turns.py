"""Fair turns at a few places: who has waited longest is next, and nobody keeps a place for long.

What takes long is made of short pieces, and each piece asks for a turn of its own. So a job of two
seconds beside jobs of an hour takes some seconds, however many there are. A place has a process
(`app.process`), started when a turn first needs it; it ends when nobody takes part any more, or
fewer than there are processes.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from app.process import Process, Stop

LOOK_S = 0.1  # between two questions whether to stop


class Turns:
    """Some places; every method may be called from any thread."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._changed = threading.Condition()
        self._taken = 0
        self._queue: deque[object] = deque()
        self._members: list[int] = []  # how many turns each may have at a time
        self._idle: list[Process] = []

    @property
    def sharing(self) -> int:
        """How many take part now."""
        return len(self._members)

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
    def turn(self, stop: Stop) -> Iterator[Process | None]:
        """Wait for a place and have its process for the block; None if `stop()` came first."""
        process = self._begin(stop)
        try:
            yield process
        finally:
            if process is not None:
                self._finish(process)

    def _begin(self, stop: Stop) -> Process | None:
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                while self._taken >= self.places or self._queue[0] is not ticket:
                    if stop():
                        return None
                    self._changed.wait(LOOK_S)
                self._taken += 1
                return self._idle.pop() if self._idle else Process()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def _finish(self, process: Process) -> None:
        with self._changed:
            self._taken -= 1
            self._idle.append(process)
            self._changed.notify_all()
        self._dismiss()

    def _dismiss(self) -> None:
        """End the processes that there is nobody for."""
        with self._changed:
            needed = max(0, min(sum(self._members), self.places) - self._taken)
            surplus, self._idle = self._idle[needed:], self._idle[:needed]
        for process in surplus:
            process.close()
