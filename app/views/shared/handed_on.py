"""What a page hands on to the one it leads to: that it is to begin at once."""

from dataclasses import dataclass

from app import state


@dataclass
class _HandedOn:
    page: str = ""


def _handed_on() -> _HandedOn:
    return state.kept_in_session("handed-on", _HandedOn)


def begin_at(page: str) -> None:
    """Ask the page of this title to begin by itself, the next time that it is drawn."""
    _handed_on().page = page


def begins(page: str) -> bool:
    """Return whether the page of this title was asked to begin; once."""
    handed_on = _handed_on()
    asked, handed_on.page = handed_on.page == page, ""
    return asked
