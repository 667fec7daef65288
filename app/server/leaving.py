"""What is let go when a visitor leaves, and when a while has passed without his coming back.

Streamlit keeps the session of a page that has closed for `server.disconnectedSessionTTL` seconds:
the connection may only be broken. Its numbers stay for so long. Not kept are its three handles (an
event loop that nothing of ours runs in), of which a process has few, and what was computed for it
alone. Afterwards memory is given back to the system: nothing else asks for it once nobody is there.

The session manager, its storage and a session's loop are Streamlit's own affairs, reached here by
the names they have in the version that requirements.txt holds to.
"""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.work.caching import STORE

LOOKS_EVERY_S = 5.0
PAD = 0  # bytes that glibc may keep at the end of its heaps


@asynccontextmanager
async def tidied(let_go: Callable[[], None]) -> AsyncIterator[None]:
    """Let go of what visitors leave behind, as long as the server runs.

    `let_go` is called every few seconds: it lets go of what is kept for a while.
    """
    manager: Any = runtime.get_instance()._session_mgr
    manager._session_storage = Left(manager._session_storage)
    STORE.owner = _visitor
    task = asyncio.create_task(_tidy(manager, let_go))
    yield
    task.cancel()


def _visitor() -> str | None:
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_id


class Left:
    """Streamlit's storage of the sessions whose pages have closed, without their handles."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._busy: dict[str, Any] = {}  # sessions by name, of which a run has not ended
        self.changed = False  # whether somebody has left since memory was given back

    def get(self, session_id: str) -> Any:
        """Return a session, or None."""
        return self._storage.get(session_id)

    def save(self, info: Any) -> None:
        """Keep the session of a page that has closed, and let go of what it does not need."""
        self._busy[info.session.id] = info.session
        self.close_idle()
        STORE.release(info.session.id)
        self.changed = True
        self._storage.save(info)

    def delete(self, session_id: str) -> None:
        """Give a session back, to a page that has come back or to its end; both need a loop."""
        info = self._storage.get(session_id)
        self._busy.pop(session_id, None)
        if info is not None and info.session._script_event_loop.is_closed():
            info.session._script_event_loop = asyncio.new_event_loop()
        self._storage.delete(session_id)

    def close_idle(self) -> None:
        """Close the loops of those who have left and whose last run has ended: it began with it."""
        for name, session in [*self._busy.items()]:
            if session._scriptrunner is None:
                session._script_event_loop.close()
                del self._busy[name]

    def list(self) -> Any:
        """Return the sessions, without those whose time is over."""
        return self._storage.list()

    def expire(self) -> None:
        """End the sessions whose time is over."""
        if self._storage._cache.expire():
            self.changed = True


async def _tidy(manager: Any, let_go: Callable[[], None]) -> None:
    storage: Left = manager._session_storage
    while True:
        await asyncio.sleep(LOOKS_EVERY_S)
        storage.close_idle()
        storage.expire()
        let_go()
        if storage.changed:
            storage.changed = False
            if not manager.num_active_sessions():
                STORE.clear()
            await asyncio.to_thread(give_back)


def give_back() -> None:
    """Return freed memory to the system: the garbage, and what the C library keeps for later."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc has no such call
        ctypes.CDLL(None).malloc_trim(PAD)
