"""Chunks on processes of this machine."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from app.process import Died, Part, Process, Result

LOOK_S = 0.1  # between two questions whether to stop
DEATHS = 2
"""Workers that one chunk may lose before it is given up: it may be the one that kills them."""


def on_processes(
    function: Callable[[Part], Result],
    parts: Sequence[Part],
    stop: Callable[[], bool],
    *,
    workers: int | None = None,
) -> Iterator[tuple[int, Result]]:
    """Yield (place, function(part)) as processes complete them, until `stop()`.

    `workers` is one for each core unless given. A part whose process dies goes to another one.

    Raises
    ------
    RuntimeError
        A part could not be computed, or its processes died again and again.
    """
    count = max(1, min(workers or os.cpu_count() or 1, len(parts)))
    waiting: SimpleQueue[int | None] = SimpleQueue()
    for place in range(len(parts)):
        waiting.put(place)
    answers: SimpleQueue[tuple[int, bool, Any]] = SimpleQueue()
    crew = [_Worker(function, parts, waiting, answers) for _ in range(count)]
    try:
        for worker in crew:
            worker.start()
        missing = len(parts)
        while missing and not stop():
            try:
                place, good, result = answers.get(timeout=LOOK_S)
            except Empty:
                continue
            if not good:
                raise RuntimeError(result)
            missing -= 1
            yield place, result
    finally:
        for _ in crew:
            waiting.put(None)
        for worker in crew:
            worker.end()


class _Worker(threading.Thread):
    """A thread that feeds one process."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        parts: Sequence[Any],
        waiting: "SimpleQueue[int | None]",
        answers: "SimpleQueue[tuple[int, bool, Any]]",
    ) -> None:
        super().__init__(name="unrolled-worker", daemon=True)
        self._function, self._parts = function, parts
        self._waiting, self._answers = waiting, answers
        self._process = Process()
        self._ended = False

    def run(self) -> None:
        """Compute what is waiting."""
        while (place := self._waiting.get()) is not None and not self._ended:
            self._answers.put((place, *self._computed(self._parts[place])))

    def end(self) -> None:
        """Kill the process and wait for the thread."""
        self._ended = True
        self._process.end()
        self.join()
        self._process.close()

    def _computed(self, part: Any) -> tuple[bool, Any]:
        for _ in range(DEATHS):
            try:
                return True, self._process.ask(self._function, part)
            except Died:
                continue
            except RuntimeError as error:
                return False, str(error)
        return False, "A process that computes died again and again; the server's log says why."
