"""The lesson that a reader writes, between its session and the tab, which keeps it for a reload.

It stays in the tab (`components/editor/frontend/written_lesson.js`) and goes to nobody else: no
address holds it, and closing the tab forgets it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from app import state

TEXT = "lesson-text"  # the control that holds it
MOST = 200_000  # bytes, as of any lesson

Word = tuple[int | None, str, str]
"""Words of a field that the lesson cannot have yet: of which scene, None of all; its name; they."""


@dataclass
class _Keeping:
    is_known: bool = False  # whether this session has had a lesson: the tab's is older then
    sent: str = ""  # the mark of what was sent last
    is_restored: bool = False
    is_lost: bool = False  # the browser keeps nothing
    to_mend: tuple[Word, ...] = ()  # kept with the lesson
    restored: tuple[Word, ...] = ()  # that the page has yet to put into their fields


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
    if written.strip() and keeping.to_mend:
        written = json.dumps({"text": written, "to_mend": keeping.to_mend})
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
        lesson, keeping.restored = _opened(written)
        state.set_controls({TEXT: lesson})
        keeping.is_known = keeping.is_restored = True


def keep(to_mend: Iterable[Word]) -> None:
    """Keep words with the lesson that it cannot have yet."""
    _keeping().to_mend = tuple(to_mend)


def take_restored() -> tuple[Word, ...]:
    """Return such words that a reload has brought back, once."""
    keeping = _keeping()
    found, keeping.restored = keeping.restored, ()
    return found


def _opened(written: str) -> tuple[str, tuple[Word, ...]]:
    """Return the lesson that the tab has kept, and the words; the tab's text is a user's."""
    try:
        kept = json.loads(written)
        words = [(number, str(name), str(text)) for number, name, text in kept["to_mend"]]
        lesson = str(kept["text"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return written, ()
    return lesson, tuple(word for word in words if word[0] is None or type(word[0]) is int)


def told() -> str:
    """Say what becomes of it."""
    keeping = _keeping()
    if keeping.is_lost:
        return "This browser keeps nothing: save it as a file before the page is loaded anew."
    restored = "**It is restored**, as this tab has kept it. " if keeping.is_restored else ""
    return (
        f"{restored}This tab alone keeps it when the page is loaded anew; a file keeps it for good."
    )
