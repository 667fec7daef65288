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
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[1]
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LOST = "A process that computes died; the server's log says why."


class Died(RuntimeError):
    """The process is gone; another one may be asked."""


class Process:
    """Started when it is first asked, and again after it has died; `end` may come from any thread.

    One thread at a time may ask.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def ask(self, function: Callable[[Part], Result], part: Part) -> Result:
        """Return function(part), computed there; both must be importable and picklable.

        Raises
        ------
        RuntimeError
            The function raised a ValueError or an ArithmeticError: its sentence.
        Died
            The process died, or `end` was called.
        """
        process = self._living()
        try:
            good, result = _asked(process, function, part)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._close()
            raise Died(LOST) from error
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
        with self._lock:
            if self._ended:
                raise Died(LOST)
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "app.worker"],
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


def _asked(
    process: "subprocess.Popen[bytes]", function: Callable[[Any], Any], part: Any
) -> tuple[bool, Any]:
    if process.stdin is None or process.stdout is None:  # both are pipes
        raise OSError("no pipe")
    pickle.dump((function, part), process.stdin, pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()
    good, result = pickle.load(process.stdout)  # noqa: S301  # from our own process
    return bool(good), result
