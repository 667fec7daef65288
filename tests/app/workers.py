"""What tests let other processes do: nothing heavy is imported, as each of them imports it."""

import os
import signal
import sys
import threading
from pathlib import Path

NICENESS_AT_FIRST = os.nice(0) if hasattr(os, "nice") else 0  # where the first order is read


def sleep(seconds: float) -> float:
    threading.Event().wait(seconds)
    return seconds


def refuse(part: int) -> int:
    raise ValueError(f"part: expected another one, got {part}")


def die_once(flag: str) -> str:
    """Kill the own process at the first call of all."""
    try:
        Path(flag).touch(exist_ok=False)
    except FileExistsError:
        return flag
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def die(part: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang(part: object) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def threads_of_blas(part: int) -> str:
    return os.environ["OPENBLAS_NUM_THREADS"]


def niceness(part: int) -> tuple[int, int]:
    return NICENESS_AT_FIRST, os.nice(part)


def chatter(part: int) -> int:
    print("not an answer")
    return part + 1


def modules(part: int) -> list[str]:
    return sorted(name for name in sys.modules if name in ("streamlit", "pandas", "app.main"))
