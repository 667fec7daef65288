"""The lesson that a reader writes, between its session and the tab, which keeps it for a reload.

It stays in the tab (`components/editor/frontend/written_lesson.js`) and goes to nobody else: no
address holds it, and closing the tab forgets it.
"""

from dataclasses import dataclass
from hashlib import sha256

from app import state

TEXT = "lesson-text"  # the control that holds it
MOST = 200_000  # bytes, as of any lesson


@dataclass
class _Keeping:
    is_known: bool = False  # whether this session has had a lesson: the tab's is older then
    sent: str = ""  # the mark of what was sent last
    is_restored: bool = False
    is_lost: bool = False  # the browser keeps nothing


def _keeping() -> _Keeping:
    return state.kept_in_session("lesson-kept", _Keeping)


def text() -> str:
    """Return the lesson as a text."""
    return str(state.control(TEXT) or "")


def sent() -> dict[str, str] | None:
    """Return what the tab is to keep: its mark, and the text where that is new.

    The mark is empty where there is a lesson no more; None is returned where there was none yet.
    """
    keeping, written = _keeping(), text()
    if not written.strip() and not keeping.is_known:
        return None
    keeping.is_known = True
    mark = sha256(written.encode()).hexdigest()[:16] if written.strip() else ""
    is_new, keeping.sent = mark != keeping.sent, mark
    return {"mark": mark, "text": written if is_new else ""}


def hear(what: str, written: str) -> None:
    """Take what the tab says: it has kept a lesson, asks for its text, or cannot keep it."""
    keeping = _keeping()
    if what == "ask":
        keeping.sent = ""
    elif what == "cannot":
        keeping.is_lost = True
    elif not keeping.is_known and not text().strip() and 0 < len(written.encode()) <= MOST:
        state.set_controls({TEXT: written})
        keeping.is_known = keeping.is_restored = True


def told() -> str:
    """Say what becomes of it."""
    keeping = _keeping()
    if keeping.is_lost:
        return "This browser keeps nothing: save it as a file before the page is loaded anew."
    restored = "**It is restored**, as this tab has kept it. " if keeping.is_restored else ""
    return (
        f"{restored}This tab alone keeps it when the page is loaded anew; a file keeps it for good."
    )
