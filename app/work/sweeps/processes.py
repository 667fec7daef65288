"""Chunks on processes of this machine."""

import os
import threading
from collections.abc import Callable, Generator, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from app.work.process import Died, Part, Result, Stop
from app.work.turns import Turns

LOOK_S = 0.1  # between two questions whether to stop
DEATHS = 2
"""Processes that one chunk may lose before it is given up: it may be the one that kills them."""

SILENCE_S = 60.0
"""A chunk takes a fraction of a second: a process that says nothing for so long hangs."""


def on_processes(
    function: Callable[[Part], Result],
    parts: Sequence[Part],
    stop: Stop,
    *,
    turns: Turns | None = None,
    who: object = None,
) -> Generator[tuple[int, Result], None, None]:
    """Yield (place, function(part)) as processes complete them, until `stop()`.

    The processes are those of the turns: one for each core, unless given; `who` asks for them. A
    part whose process dies goes to another one.

    Raises
    ------
    RuntimeError
        A part could not be computed, or its processes died again and again.
    """
    turns = turns or Turns(os.cpu_count() or 1)
    asks = object() if who is None else who
    ended = threading.Event()
    waiting: SimpleQueue[int] = SimpleQueue()
    for place in range(len(parts)):
        waiting.put(place)
    answers: SimpleQueue[tuple[int, bool, Any]] = SimpleQueue()

    def work() -> None:
        while not ended.is_set():
            try:
                place = waiting.get_nowait()
            except Empty:
                return
            answers.put((place, *_computed(turns, asks, function, parts[place], ended.is_set)))

    count = min(turns.places, len(parts))
    crew = [
        threading.Thread(target=work, name="unrolled-worker", daemon=True) for _ in range(count)
    ]
    with turns.member(count):
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
            ended.set()
            for worker in crew:
                worker.join()


def _computed(
    turns: Turns, who: object, function: Callable[[Any], Any], part: Any, stop: Stop
) -> Any:
    """Return whether the part could be computed, and its result or why not."""
    for _ in range(DEATHS):
        with turns.turn(stop, who) as process:
            if process is None or stop():
                return False, "stopped"
            try:
                return True, process.ask(function, part, stop=stop, silence=SILENCE_S)
            except Died:
                continue
            except RuntimeError as error:
                return False, str(error)
    return False, "A process that computes died again and again; the server's log says why."
