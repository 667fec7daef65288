"""A process of our own that computes what it is sent, one thing at a time.

Not `multiprocessing`: its fresh processes import the main script again, which under `streamlit run`
is the page. This one starts from a module of its own, with an environment of its own: one thread
for linear algebra, set before NumPy is imported.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
Stop = Callable[[], bool]

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LOST = "A process that computes died; the server's log says why."
LOOK_S = 0.1  # between two questions whether to stop


class Died(RuntimeError):
    """The process is gone; another one may be asked."""


class Silent(Died):
    """It did not answer in its time and was killed; it may only have been starting."""

    def __init__(self, *, starting: bool) -> None:
        super().__init__(LOST)
        self.starting = starting


def carried_out(order: tuple[Callable[..., Result], tuple[Any, ...]]) -> Result:
    """Return function(*arguments) of an order (function, arguments)."""
    function, arguments = order
    return function(*arguments)


def never() -> bool:
    """Do not stop."""
    return False


class Process:
    """Started when it is first asked, and again after it has died; `end` may come from any thread.

    One thread at a time may ask.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._answered = False  # by the present one

    @property
    def lives(self) -> bool:
        """Whether there is a process now."""
        process = self._process
        return process is not None and process.poll() is None

    def ask(
        self,
        function: Callable[[Part], Result],
        part: Part,
        *,
        stop: Stop = never,
        grace: float = 0.0,
        silence: float | None = None,
    ) -> Result:
        """Return function(part), computed there; both must be importable and picklable.

        Once `stop()` says so the answer may take `grace` seconds more, and never more than
        `silence` seconds in all; then the process is killed.

        Raises
        ------
        RuntimeError
            The function raised a ValueError or an ArithmeticError: its sentence.
        Died
            The process died, or `end` was called; `Silent`, if it was killed here.
        """
        process = self._living()
        answers: SimpleQueue[tuple[bool, Any] | Exception] = SimpleQueue()
        threading.Thread(
            target=_exchange,
            args=(process, function, part, answers),
            name="unrolled-ask",
            daemon=True,
        ).start()
        answer = _awaited(answers, stop, grace, silence)
        if answer is None:
            self._close()
            raise Silent(starting=not self._answered)
        if isinstance(answer, Exception):
            self._close()
            raise Died(LOST) from answer
        self._answered = True
        good, result = answer
        if not good:
            raise RuntimeError(result)
        found: Result = result
        return found

    def end(self) -> None:
        """Kill the process, also while it is being asked."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Let go of its pipes, once nobody asks any more."""
        self.end()
        self._close()

    def _living(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and not self.lives:
            self._close()  # it was killed while nobody asked
        with self._lock:
            if self._ended:
                raise Died(LOST)
            if self._process is None:
                self._answered = False
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "app.work.worker"],
                    cwd=ROOT,
                    env={**os.environ, **dict.fromkeys(THREADS, "1")},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    process_group=0,  # Ctrl+C is for the server; a worker ends with it
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


def _awaited(
    answers: "SimpleQueue[tuple[bool, Any] | Exception]",
    stop: Stop,
    grace: float,
    silence: float | None,
) -> tuple[bool, Any] | Exception | None:
    """Return the answer, or None when it has taken too long."""
    asked = monotonic()
    until = None if silence is None else asked + silence
    stopping = False
    while True:
        try:
            return answers.get(timeout=LOOK_S)
        except Empty:
            if not stopping and stop():
                stopping, until = True, min(until or float("inf"), monotonic() + grace)
            if until is not None and monotonic() >= until:
                return None


def _exchange(
    process: "subprocess.Popen[bytes]",
    function: Callable[[Any], Any],
    part: Any,
    answers: "SimpleQueue[tuple[bool, Any] | Exception]",
) -> None:
    """Send a question and wait for the answer, in a thread of its own: a pipe has no time limit."""
    answer: tuple[bool, Any] | Exception = EOFError("no answer")
    try:
        if process.stdin is not None and process.stdout is not None:  # both are pipes
            pickle.dump((function, part), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            good, result = pickle.load(process.stdout)  # noqa: S301  # from our own process
            answer = bool(good), result
    except (OSError, EOFError, ValueError, TypeError, AttributeError, pickle.PickleError) as error:
        answer = error
    finally:
        answers.put(answer)
