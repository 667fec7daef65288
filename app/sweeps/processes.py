"""Chunks on processes of this machine.

Not `multiprocessing`: its fresh processes import the main script again, which under `streamlit run`
is the page. These start from a module of their own, with an environment of their own: one thread
for linear algebra, set before NumPy is imported.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
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
    """A thread that feeds one process, and starts another when that dies."""

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
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def run(self) -> None:
        """Compute what is waiting."""
        while (place := self._waiting.get()) is not None and not self._ended:
            self._answers.put((place, *self._computed(self._parts[place])))

    def end(self) -> None:
        """Kill the process and wait for the thread."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()
        self.join()
        self._close()

    def _computed(self, part: Any) -> tuple[bool, Any]:
        for _ in range(DEATHS):
            process = self._living()
            if process is None:
                break
            try:
                return self._asked(process, part)
            except (OSError, EOFError, pickle.UnpicklingError):
                self._close()
        return False, "A process that computes died again and again; the server's log says why."

    def _asked(self, process: "subprocess.Popen[bytes]", part: Any) -> tuple[bool, Any]:
        if process.stdin is None or process.stdout is None:  # both are pipes
            raise OSError("no pipe")
        pickle.dump((self._function, part), process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        good, result = pickle.load(process.stdout)  # noqa: S301  # from our own process
        return bool(good), result

    def _living(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._ended:
                return None
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "app.sweeps.worker"],
                    cwd=ROOT,
                    env={**os.environ, **dict.fromkeys(THREADS, "1")},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    start_new_session=True,  # Ctrl+C is for the server; a worker ends with it
                )
            return self._process

    def _close(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        continue  # it still held what the dead process did not read
