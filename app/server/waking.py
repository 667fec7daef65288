"""Wake the server's event loop once for many messages, instead of once for each.

A run of the page sends some fifty notes to the event loop, and asyncio writes a byte to a socket
for each, to wake it. Every write lets go of Python's lock, which the thread gets back only after
others have used it: with thirty visitors at work that is most of what an edit waits for. One byte
is enough until it has been read; then the loop looks at everything that came in meanwhile.
"""

import asyncio
import threading
from typing import Any

SOON_S = 0.01
"""A run of the page leaves a loop asleep that wakes by itself so soon: Streamlit sends what it has
no more often than that."""

RUNS = "ScriptRunner"  # how the names of Streamlit's threads that run the page begin


def wake_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let `loop` be woken once for everything that is said to it before it looks.

    A loop that wakes itself in another way (uvloop) is left as it is.
    """
    selecting: Any = loop
    if not isinstance(loop, asyncio.SelectorEventLoop):
        return
    write, read = selecting._write_to_self, selecting._process_self_data
    asked = False

    def wake() -> None:
        nonlocal asked
        if not asked and not _wakes_soon(selecting):
            asked = True  # before the write: what is read may already be the next byte
            write()

    def awake(data: bytes) -> None:
        nonlocal asked
        asked = False  # before the loop looks at what it was told
        read(data)

    selecting._write_to_self, selecting._process_self_data = wake, awake


def _wakes_soon(loop: Any) -> bool:
    """Whether a page's run can leave the loop asleep, since a timer of its own wakes it.

    What the run has said already stands where the loop looks before it sleeps. So either it is not
    asleep, and looks again, or it sleeps until the first of these timers.
    """
    if not threading.current_thread().name.startswith(RUNS):
        return False
    try:
        return bool(loop._scheduled[0].when() <= loop.time() + SOON_S)
    except IndexError:
        return False
