"""Wake the server's event loop once for many messages, instead of once for each.

A run of the page sends some fifty notes to the event loop, and asyncio writes a byte to a socket
for each, to wake it. Every write lets go of Python's lock, which the thread gets back only after
others have used it: with thirty visitors at work that is most of what an edit waits for. One byte
is enough until it has been read; then the loop looks at everything that came in meanwhile.
"""

import asyncio
from typing import Any


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
        if not asked:
            asked = True  # before the write: what is read may already be the next byte
            write()

    def awake(data: bytes) -> None:
        nonlocal asked
        asked = False  # before the loop looks at what it was told
        read(data)

    selecting._write_to_self, selecting._process_self_data = wake, awake
